"""BIQ003: the certificate is for the name that was called."""

from collections.abc import Iterator

from blastiq_conformance.catalogue import Level, Problem, Severity, rule
from blastiq_conformance.catalogue.symptoms import Symptom
from blastiq_conformance.rules.transport.handshakes import Handshakes, accepted, faced
from blastiq_conformance.rules.transport.messages import LOOKUP, alert, facing
from blastiq_conformance.rules.transport.switches import SWITCHES


@rule(
    id="BIQ003",
    level=Level.MUST,
    severity=Severity.ERROR,
    title="A certificate for another name ends the connection",
    why="Anyone can get a certificate from a trusted authority for a name of their own. Only the comparison of that "
    "name with the one that was called tells BlastIQ from them.",
    instead="Leave the check of the host name on; call BlastIQ by its name, not by an address.",
    references=("RFC 9525 6", "RFC 6749 10.9"),
    fixes=SWITCHES,
    good=facing("tls-wrong-name", alert("SSLV3_ALERT_BAD_CERTIFICATE")),
    bad=facing("tls-wrong-name", LOOKUP),
    select=faced("tls-wrong-name"),
    refusal=Symptom.NO_REQUEST,
)
def host_name_not_checked(handshakes: Handshakes) -> Iterator[Problem]:
    """Find a request on a connection whose certificate names somebody else."""
    return accepted(handshakes)
