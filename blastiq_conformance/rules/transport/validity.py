"""BIQ004: the certificate is valid today."""

from collections.abc import Iterator

from blastiq_conformance.catalogue import Level, Problem, Severity, rule
from blastiq_conformance.catalogue.symptoms import Symptom
from blastiq_conformance.rules.transport.handshakes import Handshakes, accepted, faced
from blastiq_conformance.rules.transport.messages import LOOKUP, alert, facing
from blastiq_conformance.rules.transport.switches import SWITCHES


@rule(
    id="BIQ004",
    level=Level.MUST,
    severity=Severity.ERROR,
    title="A certificate that is no longer valid, or not yet, ends the connection",
    why="A certificate expires so that a stolen key becomes worthless. A client that accepts expired ones accepts "
    "anyone who ever had such a key.",
    instead="Leave certificate checks on, and keep the clock of the machine right.",
    references=("RFC 5280 6.1", "RFC 6749 10.9"),
    fixes=SWITCHES,
    good=facing("tls-expired", alert("SSLV3_ALERT_CERTIFICATE_EXPIRED")),
    bad=facing("tls-expired", LOOKUP),
    select=faced("tls-expired", "tls-future"),
    refusal=Symptom.NO_REQUEST,
)
def certificate_dates_not_checked(handshakes: Handshakes) -> Iterator[Problem]:
    """Find a request on a connection whose certificate is not valid now."""
    return accepted(handshakes)
