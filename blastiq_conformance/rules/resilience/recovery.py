"""BIQ807: the client recovers after an outage."""

from collections.abc import Sequence

from blastiq_conformance.catalogue import Level, Problem, Problems, quote, rule
from blastiq_conformance.catalogue.example_messages import called, signed_in, story
from blastiq_conformance.catalogue.symptoms import Symptom
from blastiq_conformance.evidence import Evidence, where
from fake_idp.classify import Kind
from fake_idp.journal import Exchange

_KINDS = (Kind.DISCOVERY, Kind.TOKEN, Kind.API)


def _after_outage(exchanges: Sequence[Exchange]) -> Sequence[Exchange]:
    """Give what followed the last server error; nothing where there was none, or no further request."""
    failures = [index for index, exchange in enumerate(exchanges) if (exchange.status or 0) >= 500]
    return exchanges[failures[-1] + 1 :] if failures else ()


@rule(
    id="BIQ807",
    level=Level.SHOULD,
    title="When an outage ends, the next call works",
    why="Unattended integrations run for months and meet outages. A client that keeps a failed answer, a half-built "
    "session or an empty token goes on failing until somebody restarts it.",
    instead="Keep only what worked: a failed discovery or sign-in leaves nothing, and the next call starts afresh.",
    references=("A4",),
    good=story(signed_in(), called(status="503 Service Unavailable"), called()),
    bad=story(
        signed_in(),
        called(status="503 Service Unavailable"),
        called("", "401 Unauthorized"),
        called("", "401 Unauthorized"),
        "exit: 1",
    ),
    select=where(lambda evidence: evidence.had_outage and _after_outage(evidence.of_kind(*_KINDS))),
)
def outage_survived_badly(evidence: Evidence) -> Problems:
    """Check the last answer after the outage: where it is an error, the client did not recover.

    Where a call of the API worked in between, only a 401 counts: other errors have nothing to do with the outage.
    """
    after = _after_outage(evidence.of_kind(*_KINDS))
    last = after[-1]
    worked = any(x.kind is Kind.API and 200 <= (x.status or 0) < 300 for x in after)
    if (last.status or 0) >= 400 and (last.status == 401 or not worked):
        yield Problem(
            message="the integration does not work again after an outage",
            expected="a call of the API that works, as soon as the servers answer again",
            received=f"{quote(last.request.method, last.request.path)} was answered {last.status}",
            exchange=last.number,
            symptom=Symptom.LAST_ANSWER_REFUSED,
        )
