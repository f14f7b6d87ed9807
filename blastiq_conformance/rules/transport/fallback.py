"""BIQ006: where TLS fails, nothing is tried without it."""

from collections.abc import Iterator

from blastiq_conformance.catalogue import Level, Outcome, Problem, Severity, quote, rule
from blastiq_conformance.catalogue.symptoms import Symptom
from blastiq_conformance.evidence.origins import is_secure
from blastiq_conformance.rules.transport.handshakes import WRONG, Handshakes, faced

_METHODS = (b"GET ", b"POST ", b"HEAD ", b"PUT ")


@rule(
    id="BIQ006",
    name="plaintext-fallback",
    level=Level.MUST_NOT,
    severity=Severity.ERROR,
    title="A handshake that fails is not followed by plain http",
    why="Anyone who can spoil a handshake can read what comes after it in the clear. A program that falls back gives "
    "the password away just when somebody is at work.",
    instead="Report the failure and stop; try again later, over TLS.",
    references=("RFC 6749 10.3", "RFC 6749 10.9"),
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
connection: www.blastiq.com TLS handshake failed: TLSV1_ALERT_UNKNOWN_CA
###
GET http://www.blastiq.com/identity/.well-known/openid-configuration
HTTP/1.1 404 Not Found

###
exit: 1
""",
    select=faced(*WRONG),
    absent=Outcome.INAPPLICABLE,
    refusal=Symptom.NO_REQUEST,
)
def plaintext_fallback(handshakes: Handshakes) -> Iterator[Problem]:
    """Find requests without TLS: those that were answered, and those that ran into the port that speaks TLS."""
    plain = [x for x in handshakes.sent if not is_secure(x.request)]
    spoken = [connection for connection in handshakes.refused if connection.received.startswith(_METHODS)]
    told = [(f"{x.request.method} {x.request.url}", x.number) for x in plain[:1]]
    told = told or [(each.received.split(b"\r\n")[0].decode("latin-1"), each.number) for each in spoken[:1]]
    for received, number in told:
        yield Problem(
            message="after TLS had failed, it was tried without",
            expected="no request over plain http",
            received=quote(received),
            exchange=number,
        )
