"""What was found in exchanges that are no longer kept, merged with what is found now into one verdict."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from blastiq_conformance.catalogue import Finding, Outcome, Result, worst
from blastiq_conformance.report import Judgement
from fake_idp.journal import Exchange

# A report shows no more exchanges than this; of a rule's findings in older ones no more are kept either.
MOST = 1_000
_DECIDED = frozenset({Outcome.FAILED, Outcome.CANT_TELL, Outcome.PASSED})


@dataclass(slots=True)
class _Said:
    """What one rule said in one scenario."""

    last: Result
    checked: int = 0
    findings: list[Finding] = field(default_factory=list)


class Settlement:
    """Findings about the exchanges up to `end`, which stand whatever is found there later."""

    def __init__(self) -> None:
        """Begin with nothing settled."""
        self.end = 0
        self._said: dict[tuple[str, str], _Said] = {}
        self._named: dict[int, Exchange] = {}

    def settle(self, judged: Iterable[Judgement], end: int) -> None:
        """Take the findings about the exchanges from the last end to this one."""
        for judgement in judged:
            exchanges = {exchange.number: exchange for exchange in judgement.evidence.exchanges}
            for result in judgement.results:
                said = self._said.setdefault((judgement.scenario, result.rule), _Said(result))
                if result.outcome in _DECIDED:
                    said.last = replace(result, findings=())
                said.checked = max(said.checked, result.checked)
                new = [x for x in result.findings if x.exchange is not None and self.end < x.exchange <= end]
                new = new[: MOST - len(said.findings)]
                said.findings += new
                for exchange in (exchanges[x.exchange] for x in new if x.exchange in exchanges):
                    if len(self._named) < MOST:
                        self._named[exchange.number] = exchange
        self.end = end

    def complete(self, judged: Iterable[Judgement]) -> Iterator[Judgement]:
        """Add what is settled to what is found now."""
        for judgement in judged:
            yield self._completed(judgement) if self.end else judgement

    def _completed(self, judgement: Judgement) -> Judgement:
        scenario, evidence = judgement.scenario, judgement.evidence
        named = {number: exchange for number, exchange in self._named.items() if exchange.scenario == scenario}
        named |= {exchange.number: exchange for exchange in evidence.exchanges}
        return replace(
            judgement,
            evidence=replace(evidence, exchanges=tuple(named[number] for number in sorted(named))),
            results=tuple(self._joined(scenario, result) for result in judgement.results),
        )

    def _joined(self, scenario: str, result: Result) -> Result:
        said = self._said.get((scenario, result.rule))
        if said is None:
            return result
        findings = (*said.findings, *(x for x in result.findings if x.exchange is None or x.exchange > self.end))
        checked = max(result.checked, said.checked)
        if findings:
            return Result(
                rule=result.rule,
                outcome=Outcome.FAILED,
                severity=worst(findings),
                findings=findings,
                checked=checked,
            )
        # What was seen once stays seen, though its exchanges are gone.
        known = result if result.outcome in _DECIDED else said.last
        if known.outcome is Outcome.FAILED:
            # It rested on exchanges that have gone: when all of these were in sight, nothing was found.
            return Result(rule=result.rule, outcome=Outcome.PASSED, checked=checked)
        return replace(known, checked=checked)


def told_of_gone(count: int) -> tuple[str, ...]:
    """Say in a note of the report how much is not kept any more, if anything."""
    if not count:
        return ()
    told = (
        f"The oldest {count:,} requests are not kept. What was found in them stands here, up to {MOST:,} findings a "
        "rule; all counts are of the others. Keep more with --keep N, or all of them in a file with --journal FILE."
    )
    return (told,)
