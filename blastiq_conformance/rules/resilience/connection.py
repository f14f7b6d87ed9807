"""BIQ805: a lost connection is met by few tries."""

from collections.abc import Iterator, Sequence

from blastiq_conformance.catalogue import Flaw, Level, Outcome, Severity, rule
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.example_messages import SIGN_IN
from blastiq_conformance.rules.resilience.series import Series, series
from fake_idp.journal import Exchange
from fake_idp.wire import Ending

_SCENARIO = "connection-lost"
_FACTS = f"facts: scenario = {_SCENARIO}\n###\n"
_ATTEMPTS = 3


def _select(evidence: Evidence) -> Sequence[Series]:
    def lost(exchange: Exchange) -> bool:
        if exchange.response is None:
            return evidence.facts.scenario == _SCENARIO
        return exchange.response.delivery.ending in {Ending.RESET, Ending.CUT}

    return list(series(evidence.judged, lost)) if any(map(lost, evidence.judged)) else ()


@rule(
    id="BIQ805",
    name="reconnect-storm",
    level=Level.SHOULD,
    severity=Severity.WARNING,
    title="A lost connection is tried again three times at most",
    why="A connection that breaks once may be chance; one that breaks each time is not mended by the next try. A token "
    "request may even have been carried out before the connection broke, so each repetition is a sign-in more.",
    instead="One or two more tries after a pause, then an error.",
    references=("RFC 9110 9.2.2",),
    good=f"{_FACTS}{SIGN_IN}\n### +1\n{SIGN_IN}\n###\nexit: 1",
    bad=_FACTS + "\n### +1\n".join([*[SIGN_IN] * 4, "exit: 1"]),
    select=_select,
    absent=Outcome.INAPPLICABLE,
)
def reconnect_storm(row: Series) -> Iterator[Flaw]:
    """Count the tries until one was answered."""
    if len(row.exchanges) > _ATTEMPTS:
        yield Flaw(
            message="a lost connection is tried again and again",
            expected=f"at most {_ATTEMPTS} tries",
            received=f"{len(row.exchanges)} times",
            exchange=row.exchanges[_ATTEMPTS].number,
        )
