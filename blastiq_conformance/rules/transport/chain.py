"""BIQ002: the chain of the certificate is validated."""

from collections.abc import Iterator

from blastiq_conformance.catalogue import Level, Problem, Severity, rule
from blastiq_conformance.catalogue.symptoms import Symptom
from blastiq_conformance.rules.transport.handshakes import Handshakes, accepted, faced
from blastiq_conformance.rules.transport.switches import SWITCHES


@rule(
    id="BIQ002",
    level=Level.MUST,
    severity=Severity.ERROR,
    title="A certificate that no trusted authority has signed ends the connection",
    why="Whoever stands between the program and BlastIQ can show a certificate of their own. If its chain is not "
    "checked, the Service User's password is theirs, and TLS has protected nothing.",
    instead="Leave certificate checks on. For a private authority, add its certificate to what is trusted.",
    references=("RFC 6749 10.9", "RFC 6750 5.3", "OIDC Discovery 7.1"),
    fixes=SWITCHES,
    good="""
facts: scenario = tls-untrusted, variant = at-once, authority = https://www.blastiq.com/identity
###
connection: www.blastiq.com TLS handshake failed: TLSV1_ALERT_UNKNOWN_CA
###
exit: 1
""",
    bad="""
facts: scenario = tls-untrusted, variant = at-once, authority = https://www.blastiq.com/identity
###
GET https://www.blastiq.com/identity/.well-known/openid-configuration
HTTP/1.1 404 Not Found

###
exit: 1
""",
    select=faced("tls-untrusted", "tls-self-signed"),
    refusal=Symptom.NO_REQUEST,
)
def certificate_chain_not_checked(handshakes: Handshakes) -> Iterator[Problem]:
    """Find a request on a connection whose certificate nobody known has signed."""
    yield from accepted(handshakes, "no request: the handshake is broken off, and the run fails")
