"""From results to a verdict."""

import pytest

from blastiq_conformance.catalogue import Finding, Outcome, Result, Severity
from blastiq_conformance.evidence.quotation import Text
from blastiq_conformance.report.shape import TokenRequestsShape
from blastiq_conformance.report.verdict import Verdict, conclude, headlines, merge

BINDING = {"BIQ211"}


def finding(rule: str = "BIQ211", severity: Severity = Severity.ERROR, parameter: str = "") -> Finding:
    return Finding(
        rule=rule,
        severity=severity,
        message=Text("m"),
        expected=Text("e"),
        received=Text("r"),
        parameter=Text(parameter),
    )


def result(outcome: Outcome, *findings: Finding, rule: str = "BIQ211", checked: int = 1, reason: str = "") -> Result:
    severity = max((f.severity for f in findings), key=lambda s: s.rank, default=None)
    return Result(rule=rule, outcome=outcome, severity=severity, findings=findings, checked=checked, reason=reason)


@pytest.mark.parametrize(
    ("outcomes", "merged"),
    [
        (["passed", "failed", "cant_tell"], "failed"),
        (["passed", "cant_tell", "untested"], "cant_tell"),
        (["inapplicable", "untested", "passed"], "passed"),
        (["inapplicable", "untested"], "untested"),
        (["inapplicable"], "inapplicable"),
        ([], "inapplicable"),
    ],
)
def test_the_gravest_outcome_stands_for_all(outcomes: list[str], merged: str) -> None:
    """A rule that failed in one scenario failed; one that passed in one and was not seen in another passed."""
    found = merge("BIQ211", [result(Outcome(outcome), reason=outcome) for outcome in outcomes])
    assert (found.outcome, found.checked) == (Outcome(merged), len(outcomes))
    assert found.reason == (merged if outcomes else "no scenario that ran judges this rule")


def test_findings_of_all_scenarios_are_kept() -> None:
    """The worst of them is the severity of the merged result."""
    one, other = finding(severity=Severity.INFO), finding(severity=Severity.WARNING)
    merged = merge("BIQ211", [result(Outcome.FAILED, one), result(Outcome.FAILED, other)])
    assert (merged.findings, merged.severity) == ((one, other), Severity.WARNING)


@pytest.mark.parametrize(
    ("results", "verdict"),
    [
        ([result(Outcome.PASSED)], "conforms"),
        ([result(Outcome.FAILED, finding()), result(Outcome.UNTESTED)], "violates"),
        ([result(Outcome.FAILED, finding(severity=Severity.WARNING))], "conforms"),
        ([result(Outcome.UNTESTED)], "incomplete"),
        ([result(Outcome.CANT_TELL)], "incomplete"),
        ([result(Outcome.UNTESTED, rule="BIQ212")], "conforms"),
        ([result(Outcome.INAPPLICABLE)], "conforms"),
    ],
    ids=["passed", "error", "warning", "untested", "cant-tell", "untested-should", "inapplicable"],
)
def test_the_verdict_on_a_run(results: list[Result], verdict: str) -> None:
    """An error violates; a binding rule without a result leaves the verdict open."""
    found = conclude(results, binding=BINDING)
    assert (found.verdict, found.forgiven) == (Verdict(verdict), False)


def test_the_verdict_on_a_recording() -> None:
    """A recording is partial by nature: a token request must have been judged, and no more."""
    one: TokenRequestsShape = {"seen": 1, "answered": 1, "refused": 0, "refusals": []}
    none: TokenRequestsShape = {"seen": 0, "answered": 0, "refused": 0, "refusals": []}
    open_ = [result(Outcome.UNTESTED), result(Outcome.CANT_TELL)]
    failed = [result(Outcome.FAILED, finding())]
    found = [
        conclude(given, binding=BINDING, recorded=seen) for given, seen in ((open_, one), (open_, none), (failed, none))
    ]
    assert [each.verdict for each in found] == [Verdict.CONFORMS, Verdict.INCOMPLETE, Verdict.VIOLATES]
    assert not any(each.forgiven for each in found)


def test_verdicts_have_the_exit_codes_of_the_design() -> None:
    """The codes are interface."""
    codes = {str(verdict): verdict.exit_code for verdict in Verdict}
    assert codes == {
        "conforms": 0,
        "conforms-with-waivers": 0,
        "violates": 1,
        "incomplete": 4,
        "not-run": 3,
        "error": 5,
    }


def test_the_three_lines_are_always_there() -> None:
    """Without any result they say that nothing was tested."""
    assert [(line["name"], line["outcome"]) for line in headlines([])] == [
        ("audience", Outcome.UNTESTED),
        ("client_secret", Outcome.UNTESTED),
        ("scope", Outcome.UNTESTED),
    ]


def test_a_line_counts_sign_ins_once_and_refreshes_besides() -> None:
    """Three rules look at the same sign-ins, and one at the refreshes."""
    results = [result(Outcome.PASSED, rule=rule, checked=3) for rule in ("BIQ209", "BIQ210", "BIQ211", "BIQ223")]
    lines = headlines([*results, result(Outcome.PASSED, rule="BIQ504", checked=2)])
    assert [(line["outcome"], line["checked"]) for line in lines[:2]] == [(Outcome.PASSED, 5)] * 2


@pytest.mark.parametrize(
    ("parameter", "failed"), [("audience", "audience"), ("client_secret", "client_secret"), ("", "client_secret")]
)
def test_a_refresh_fails_the_line_that_it_concerns(parameter: str, failed: str) -> None:
    """BIQ504 judges two parameters; its finding names one."""
    bad = result(Outcome.FAILED, finding("BIQ504", parameter=Text(parameter)), rule="BIQ504")
    lines = headlines([bad, result(Outcome.PASSED), result(Outcome.PASSED, rule="BIQ209")])
    assert [line["name"] for line in lines if line["outcome"] == Outcome.FAILED] == [failed]
    assert {line["name"]: line["findings"] for line in lines}[failed] == 1


@pytest.mark.parametrize("outcome", [Outcome.CANT_TELL, Outcome.UNTESTED, Outcome.INAPPLICABLE])
def test_a_line_is_never_green_without_evidence(outcome: Outcome) -> None:
    """What could not be told is not passed; inapplicable to every sign-in means that none was seen."""
    line = headlines([result(outcome, reason="why")])[0]
    assert line["outcome"] == (Outcome.UNTESTED if outcome is Outcome.INAPPLICABLE else outcome)


def test_the_reason_of_a_line_is_that_of_its_outcome() -> None:
    """The other rules of the line say why of something else, or nothing."""
    told = [(Outcome.UNTESTED, "not seen"), (Outcome.CANT_TELL, ""), (Outcome.CANT_TELL, "edited")]
    parts = [
        result(outcome, rule=f"BIQ{n}", reason=why) for n, (outcome, why) in zip((209, 210, 223), told, strict=True)
    ]
    line = headlines(parts)[1]
    assert (line["outcome"], line["reason"]) == (Outcome.CANT_TELL, "edited")
