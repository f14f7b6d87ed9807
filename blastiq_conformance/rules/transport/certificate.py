"""BIQ002 to BIQ006: wrong certificates and old versions of TLS end the connection, and nothing is tried without it."""

from blastiq_conformance.catalogue import Level, Problem, Problems, Severity, quote, rule
from blastiq_conformance.catalogue.symptoms import Symptom
from blastiq_conformance.evidence.origins import is_secure
from blastiq_conformance.rules.transport.handshakes import REFUSAL, WRONG, Handshakes, accepted, faced
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


@rule(
    id="BIQ005",
    level=Level.MUST_NOT,
    severity=Severity.WARNING,
    title="TLS 1.0 and 1.1 are refused",
    why="RFC 8996 withdrew both versions: their ciphers and hashes are broken or close to it, and a client that still "
    "accepts them can be downgraded to them.",
    instead="Set the lowest version to TLS 1.2, or leave the default of a current library.",
    references=("RFC 8996 4", "RFC 8996 5"),
    fixes={
        "Python": "context.minimum_version = ssl.TLSVersion.TLSv1_2, the default since 3.10",
        "Node": "remove tls.DEFAULT_MIN_VERSION and minVersion: 'TLSv1'",
        "Go": "remove MinVersion: tls.VersionTLS10",
        "curl": "--tlsv1.2 instead of --tlsv1.0, and neither --tls-max nor @SECLEVEL=0",
    },
    good=facing("tls-old", alert("UNSUPPORTED_PROTOCOL")),
    bad=facing("tls-old", LOOKUP),
    select=faced("tls-old"),
    refusal=Symptom.NO_REQUEST,
)
def old_tls_accepted(handshakes: Handshakes) -> Problems:
    """Find a request to a server that speaks only the old versions."""
    for exchange in handshakes.sent[:1]:
        yield Problem(
            message="a request was sent over TLS 1.1 or 1.0",
            expected=REFUSAL,
            received=quote(exchange.request.method, exchange.request.url),
            exchange=exchange.number,
        )


_METHODS = (b"GET ", b"POST ", b"HEAD ", b"PUT ")


@rule(
    id="BIQ006",
    level=Level.MUST_NOT,
    title="A handshake that fails is not followed by plain http",
    why="Anyone who can spoil a handshake can read what follows it in the clear. A program that falls back gives the "
    "password away at the very moment of an attack.",
    instead="Report the failure and stop; try again later, over TLS.",
    references=("RFC 6749 10.3", "RFC 6749 10.9"),
    good=facing("tls-untrusted", alert("TLSV1_ALERT_UNKNOWN_CA")),
    bad=facing("tls-untrusted", alert("TLSV1_ALERT_UNKNOWN_CA"), LOOKUP.replace("https:", "http:")),
    select=faced(*WRONG),
    refusal=Symptom.NO_REQUEST,
)
def plaintext_fallback(handshakes: Handshakes) -> Problems:
    """Find requests without TLS: those that were answered, and those sent to the port that speaks TLS."""
    plain = [x for x in handshakes.sent if not is_secure(x.request)]
    spoken = [connection for connection in handshakes.refused if connection.received.startswith(_METHODS)]
    told = [(f"{x.request.method} {x.request.url}", x.number) for x in plain[:1]]
    told = told or [(each.received.split(b"\r\n")[0].decode("latin-1"), each.number) for each in spoken[:1]]
    for received, number in told:
        yield Problem(
            message="after TLS had failed, the integration tried without it",
            expected="no request over plain http",
            received=quote(received),
            exchange=number,
        )
