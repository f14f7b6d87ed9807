"""BIQ006: where TLS fails, nothing is tried without it."""

from blastiq_conformance.catalogue import Level, Problem, Problems, quote, rule
from blastiq_conformance.catalogue.symptoms import Symptom
from blastiq_conformance.evidence.origins import is_secure
from blastiq_conformance.rules.transport.handshakes import WRONG, Handshakes, faced
from blastiq_conformance.rules.transport.messages import LOOKUP, alert, facing

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
