"""From many results to one verdict: merged by rule, the headlines, the exit code (contract.md 3), what it means."""

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from blastiq_conformance.catalogue import Finding, Outcome, Result, Severity, worst
from blastiq_conformance.report.shape import HeadlineShape, TokenRequestsShape
from blastiq_conformance.report.sign_ins import all_refused, shows_one
from blastiq_conformance.report.waivers import State


class Verdict(StrEnum):
    """The verdict on an integration as a whole."""

    CONFORMS = "conforms"
    CONFORMS_WITH_WAIVERS = "conforms-with-waivers"
    VIOLATES = "violates"
    INCOMPLETE = "incomplete"
    NOT_RUN = "not-run"
    ERROR = "error"

    @property
    def exit_code(self) -> int:
        """The exit code of the command line."""
        return _EXIT_CODES[self]


_EXIT_CODES = {
    Verdict.CONFORMS: 0,
    Verdict.CONFORMS_WITH_WAIVERS: 0,
    Verdict.VIOLATES: 1,
    Verdict.INCOMPLETE: 4,
    Verdict.NOT_RUN: 3,
    Verdict.ERROR: 5,
}
# A shell's exit code for a program that Ctrl-C ended: the run was not complete.
INTERRUPTED = 130
# Which code stands for several: the first that applies (contract.md 3).
PRECEDENCE = (INTERRUPTED, 5, 2, 3, 1, 4, 0)
# Which outcome stands for several scenarios: the first that occurs.
_OUTCOMES = (
    Outcome.FAILED,
    Outcome.CANT_TELL,
    Outcome.WAIVED,
    Outcome.PASSED,
    Outcome.UNTESTED,
    Outcome.INAPPLICABLE,
)
_MEANINGS = {
    0: "no finding of severity error, and every binding rule of these scenarios was judged",
    1: "at least one finding of severity error",
    3: "the integration did not run, or never called",
    4: "no violation, but binding rules stayed untested or undecided",
    5: "a fault of the kit",
}
_RECORDED = {
    0: "a token request was judged, and no finding is of severity error",
    4: "there was no token request to judge",
}
_ALLOWED = "no finding of severity error; what stayed untested or undecided was allowed to (--allow-untested)"
_INTERRUPTED = "interrupted: this is the verdict on what was seen until then"
_BROKEN = "a waiver is stale or expired"
_WAIVED = "; what failed is waived"
# For curl lines, .http files and collections: how a server would answer them is unknown.
_UNANSWERED = "; no answers recorded"
NO_SCENARIO = "no scenario that ran judges this rule"
_UNDECIDED = frozenset({Outcome.UNTESTED, Outcome.CANT_TELL})


def worst_code(codes: Iterable[int]) -> int:
    """Give the exit code that stands for several."""
    return min(codes, key=PRECEDENCE.index, default=0)


def merge(rule: str, results: Sequence[Result]) -> Result:
    """Make one result of those of several scenarios: the gravest outcome, its findings, everything checked."""
    if not results:
        return Result(rule=rule, outcome=Outcome.INAPPLICABLE, reason=NO_SCENARIO)
    # An explained result leaves nothing open, so one that does takes precedence.
    gravest = min(results, key=lambda result: (_OUTCOMES.index(result.outcome), bool(result.explained)))
    # A waiver in one scenario does not cover a failure in another.
    findings = tuple(f for result in results if result.outcome is gravest.outcome for f in result.findings)
    return Result(
        rule=rule,
        outcome=gravest.outcome,
        severity=worst(findings),
        findings=findings,
        checked=sum(result.checked for result in results),
        reason=gravest.reason,
        explained=gravest.explained,
    )


def is_open(result: Result) -> bool:
    """Whether the outcome of a rule is unknown; if another rule explains that, nothing is left open (D36)."""
    return result.outcome in _UNDECIDED and not result.explained


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """A verdict with what explains it; `recorded` are the sign-ins of a recording, None for a run.

    `forgiven`: it would be incomplete, had the caller not allowed rules to stay untested. `broken`: a waiver is stale
    or expired, beside `errors` or alone.
    """

    verdict: Verdict
    recorded: TokenRequestsShape | None = None
    forgiven: bool = False
    interrupted: bool = False
    broken: bool = False
    errors: bool = False

    @property
    def exit_code(self) -> int:
        """The exit code of the command line (contract.md 3)."""
        return INTERRUPTED if self.interrupted else self.verdict.exit_code

    @property
    def meaning(self) -> str:
        """Why the verdict has its exit code, in one sentence for the reader of a report."""
        code, recorded = self.verdict.exit_code, self.recorded
        if self.interrupted:
            known = "" if code == 4 else f"; {replace(self, interrupted=False, forgiven=False).meaning}"
            return _INTERRUPTED + known
        if code == 1 and self.broken:
            return f"{_MEANINGS[1]}, and {_BROKEN}" if self.errors else _BROKEN
        refused = ""
        if recorded is not None and all_refused(recorded):
            refused = f"no sign-in of this recording succeeded: {', '.join(recorded['refusals'])}"
        if self.forgiven:
            plain = _ALLOWED + (f"; {refused}" if refused else "")
        elif code == 4 and refused:
            plain = refused
        else:
            plain = _MEANINGS[code] if recorded is None else _RECORDED.get(code, _MEANINGS[code])
            plain += _UNANSWERED if code == 0 and recorded is not None and not recorded["answered"] else ""
        return plain + (_WAIVED if self.verdict is Verdict.CONFORMS_WITH_WAIVERS else "")


def conclude(
    results: Iterable[Result],
    waivers: Collection[State] = (),
    *,
    binding: Container[str],
    recorded: TokenRequestsShape | None = None,
    interrupted: bool = False,
    allow_untested: bool = False,
) -> Conclusion:
    """Give the verdict with what explains it.

    A recording is partial by nature: it is enough that it shows a sign-in (D52). A waiver that is stale or expired
    fails the run. What was interrupted is never forgiven.
    """
    results = tuple(results)
    errors = any(result.severity is Severity.ERROR for result in results if result.outcome is Outcome.FAILED)
    broken = any(state.fails for state in waivers)
    if recorded is None:
        incomplete = any(is_open(result) and result.rule in binding for result in results)
    else:
        incomplete = not shows_one(recorded)
    if errors or broken:
        verdict = Verdict.VIOLATES
    elif interrupted or (incomplete and not allow_untested):
        verdict = Verdict.INCOMPLETE
    else:
        verdict = Verdict.CONFORMS_WITH_WAIVERS if State.USED in waivers else Verdict.CONFORMS
    return Conclusion(
        verdict=verdict,
        recorded=recorded,
        forgiven=incomplete and verdict.exit_code == 0,
        interrupted=interrupted,
        broken=broken,
        errors=errors,
    )


# The rules behind a headline: those of the sign-in, and the one that judges the same in a refresh (D24).
_LINES = (
    ("audience", "no audience", ("BIQ211",), "BIQ504"),
    ("client_secret", "no client_secret", ("BIQ209", "BIQ210", "BIQ223"), "BIQ504"),
    ("scope", "scope absent or cosmos", ("BIQ212",), "BIQ507"),
)


def headlines(results: Iterable[Result]) -> list[HeadlineShape]:
    """Give the three lines at the head of every report: no audience, no client_secret, scope absent or cosmos."""
    by_rule = {result.rule: result for result in results}
    return [_headline(by_rule, *line) for line in _LINES]


def _headline(
    by_rule: Mapping[str, Result], name: str, title: str, sign_in: tuple[str, ...], refresh: str
) -> HeadlineShape:
    parts = [by_rule[rule] for rule in (*sign_in, refresh) if rule in by_rule]
    findings = [finding for part in parts for finding in part.findings if _concerns(finding, name)]
    outcome = min((_outcome(part, name) for part in parts), key=_OUTCOMES.index, default=Outcome.UNTESTED)
    reason = next((part.reason for part in parts if part.outcome is outcome and part.reason), "")
    if outcome is Outcome.INAPPLICABLE:
        outcome = Outcome.UNTESTED
    # The rules of the sign-in all look at the same requests.
    checked = max((by_rule[rule].checked for rule in sign_in if rule in by_rule), default=0)
    severity = worst(findings)
    return {
        "name": name,
        "title": title,
        "outcome": str(outcome),
        "severity": None if severity is None else str(severity),
        "checked": checked + (by_rule[refresh].checked if refresh in by_rule else 0),
        "findings": len(findings),
        "rules": [*sign_in, refresh],
        "reason": reason,
    }


def _outcome(part: Result, name: str) -> Outcome:
    # A refresh that fails for the other parameter does not fail this one.
    if part.findings and not any(_concerns(finding, name) for finding in part.findings):
        return Outcome.PASSED
    return part.outcome


def _concerns(finding: Finding, name: str) -> bool:
    return finding.rule != "BIQ504" or (finding.parameter.lower() == "audience") == (name == "audience")
