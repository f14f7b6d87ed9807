"""BIQ004: the certificate is valid today."""

from collections.abc import Iterator

from blastiq_conformance.catalogue import Level, Problem, Severity, rule
from blastiq_conformance.catalogue.symptoms import Symptom
from blastiq_conformance.rules.transport.handshakes import Handshakes, accepted, faced
from blastiq_conformance.rules.transport.switches import SWITCHES


@rule(
    id="BIQ004",
    level=Level.MUST,
    severity=Severity.ERROR,
    title="A certificate that is no longer, or not yet, valid ends the connection",
    why="A certificate has an end so that a key that was lost becomes worthless. A client that takes expired ones "
    "takes those of anybody who ever had such a key.",
    instead="Leave certificate checks on, and keep the clock of the machine right.",
    references=("RFC 5280 6.1", "RFC 6749 10.9"),
    fixes=SWITCHES,
    good="""
facts: scenario = tls-expired, variant = at-once, authority = https://www.blastiq.com/identity
###
connection: www.blastiq.com TLS handshake failed: SSLV3_ALERT_CERTIFICATE_EXPIRED
###
exit: 1
""",
    bad="""
facts: scenario = tls-expired, variant = at-once, authority = https://www.blastiq.com/identity
###
GET https://www.blastiq.com/identity/.well-known/openid-configuration
HTTP/1.1 404 Not Found

###
exit: 1
""",
    select=faced("tls-expired", "tls-future"),
    refusal=Symptom.NO_REQUEST,
)
def certificate_dates_not_checked(handshakes: Handshakes) -> Iterator[Problem]:
    """Find a request on a connection whose certificate is not valid now."""
    yield from accepted(handshakes, "no request: the handshake is broken off, and the run fails")
