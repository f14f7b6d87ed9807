"""BIQ002, BIQ003 and BIQ004: the certificate is validated: its chain, its name and its dates."""

from blastiq_conformance.catalogue import Level, Problems, rule
from blastiq_conformance.catalogue.symptoms import Symptom
from blastiq_conformance.rules.transport.handshakes import Handshakes, accepted, faced
from blastiq_conformance.rules.transport.messages import LOOKUP, alert, facing
from blastiq_conformance.rules.transport.switches import SWITCHES


@rule(
    id="BIQ002",
    level=Level.MUST,
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
def certificate_chain_not_checked(handshakes: Handshakes) -> Problems:
    """Find a request on a connection whose certificate no known authority has signed."""
    return accepted(handshakes)


@rule(
    id="BIQ003",
    level=Level.MUST,
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
def host_name_not_checked(handshakes: Handshakes) -> Problems:
    """Find a request on a connection whose certificate names somebody else."""
    return accepted(handshakes)


@rule(
    id="BIQ004",
    level=Level.MUST,
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
def certificate_dates_not_checked(handshakes: Handshakes) -> Problems:
    """Find a request on a connection whose certificate is not valid now."""
    return accepted(handshakes)
