"""BIQ002: the chain of the certificate is validated."""

from collections.abc import Iterator

from blastiq_conformance.catalogue import Level, Problem, Severity, rule
from blastiq_conformance.catalogue.symptoms import Symptom
from blastiq_conformance.rules.transport.handshakes import Handshakes, accepted, faced
from blastiq_conformance.rules.transport.messages import LOOKUP, alert, facing
from blastiq_conformance.rules.transport.switches import SWITCHES


@rule(
    id="BIQ002",
    level=Level.MUST,
    severity=Severity.ERROR,
    title="A certificate that no trusted authority has signed ends the connection",
    why="Anyone between the program and BlastIQ can present a certificate of their own. If its chain is not checked, "
    "they get the Service User's password, and TLS has protected nothing.",
    instead="Leave certificate checks on. For a private authority, add its certificate to the trusted ones.",
    references=("RFC 6749 10.9", "RFC 6750 5.3", "OIDC Discovery 7.1"),
    fixes=SWITCHES,
    good=facing("tls-untrusted", alert("TLSV1_ALERT_UNKNOWN_CA")),
    bad=facing("tls-untrusted", LOOKUP),
    select=faced("tls-untrusted", "tls-self-signed"),
    refusal=Symptom.NO_REQUEST,
)
def certificate_chain_not_checked(handshakes: Handshakes) -> Iterator[Problem]:
    """Find a request on a connection whose certificate no known authority has signed."""
    return accepted(handshakes)
