"""BIQ807: after an outage the client works again."""

from collections.abc import Iterator, Sequence

from blastiq_conformance.catalogue import Level, Outcome, Problem, Severity, quote, rule
from blastiq_conformance.catalogue.example_messages import called, signed_in, story
from blastiq_conformance.catalogue.symptoms import Symptom
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.rules.resilience.series import status
from fake_idp.classify import Kind
from fake_idp.journal import Exchange

_KINDS = (Kind.DISCOVERY, Kind.TOKEN, Kind.API)


def _after_outage(exchanges: Sequence[Exchange]) -> Sequence[Exchange]:
    """What followed the last failure; nothing where none was, or nobody tried again."""
    failures = [index for index, exchange in enumerate(exchanges) if (status(exchange) or 0) >= 500]
    return exchanges[failures[-1] + 1 :] if failures else ()


def _select(evidence: Evidence) -> Sequence[Evidence]:
    return (evidence,) if evidence.had_outage and _after_outage(evidence.of_kind(*_KINDS)) else ()


@rule(
    id="BIQ807",
    name="outage-survived-badly",
    level=Level.SHOULD,
    severity=Severity.WARNING,
    title="When an outage ends, the next call works",
    why="Unattended integration runs for months and meets outages. A client that keeps the failed answer, a half-built "
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
    select=_select,
    absent=Outcome.INAPPLICABLE,
)
def outage_survived_badly(evidence: Evidence) -> Iterator[Problem]:
    """Look at the last answer after the outage: where it is an error, the client did not find its way back.

    Where a call of the API has worked in between, 401 alone tells: what is not found has nothing to do with the outage.
    """
    after = _after_outage(evidence.of_kind(*_KINDS))
    last = after[-1]
    worked = any(x.kind is Kind.API and 200 <= (status(x) or 0) < 300 for x in after)
    if (status(last) or 0) >= 400 and (status(last) == 401 or not worked):
        yield Problem(
            message="the integration does not work again after an outage",
            expected="a call of the API that works, as soon as the servers answer again",
            received=f"{quote(last.request.method, last.request.path)} was answered {status(last)}",
            exchange=last.number,
            symptom=Symptom.LAST_ANSWER_REFUSED,
        )
