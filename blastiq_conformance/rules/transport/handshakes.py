"""What reached a server that no client may talk to, because its certificate or its version of TLS is wrong."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from blastiq_conformance.catalogue import Problem, Problems, quote
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.origins import is_secure
from fake_idp.classify import Kind
from fake_idp.journal import Connection, Exchange

REFUSAL = "no request: the client aborts the handshake, and the run fails"
# What is wrong with the certificate, by scenario.
WRONG = {
    "tls-untrusted": "that no authority known to it has signed",
    "tls-self-signed": "that is self-signed",
    "tls-wrong-name": "for another name",
    "tls-expired": "that expired yesterday",
    "tls-future": "that is not valid before tomorrow",
}
# Variants in which TLS is right until an exchange of this kind was answered.
_RIGHT_UNTIL = {"token-endpoint": Kind.DISCOVERY, "api": Kind.TOKEN}


@dataclass(frozen=True, kw_only=True)
class Handshakes:
    """The requests that came all the same, and the connections on which none came."""

    scenario: str
    sent: tuple[Exchange, ...]
    refused: tuple[Connection, ...]

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The exchanges that this rests on."""
        return self.sent


def faced(*slugs: str) -> Callable[[Evidence], Sequence[Handshakes]]:
    """Make the selector of what came in these scenarios; where nothing came at all, nothing is proved."""

    def select(evidence: Evidence) -> Sequence[Handshakes]:
        if evidence.facts.scenario not in slugs:
            return ()
        sent = tuple(x for x in _later(evidence) if x.kind is not Kind.OTHER)
        if not sent and not evidence.connections:
            return ()
        return (Handshakes(scenario=evidence.facts.scenario, sent=sent, refused=evidence.connections),)

    return select


def accepted(handshakes: Handshakes) -> Problems:
    """Find the first request that came over the wrong TLS; one is enough."""
    for exchange in handshakes.sent:
        if is_secure(exchange.request):
            yield Problem(
                message=f"a request was sent over TLS with a certificate {WRONG[handshakes.scenario]}",
                expected=REFUSAL,
                received=quote(exchange.request.method, exchange.request.url),
                exchange=exchange.number,
            )
            return


def _later(evidence: Evidence) -> tuple[Exchange, ...]:
    until = _RIGHT_UNTIL.get(evidence.facts.variant)
    if until is None:
        return evidence.judged
    last = next((x.number for x in evidence.judged if x.kind is until), None)
    return () if last is None else tuple(x for x in evidence.judged if x.number > last)
