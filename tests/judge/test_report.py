"""Judgements put together."""

from dataclasses import replace

import pytest

from blastiq_conformance.catalogue import Outcome, Profile, Severity
from blastiq_conformance.report import Report, Reproduction, several, shape
from blastiq_conformance.report.verdict import Verdict, worst_code
from tests.judge.judged import AUDIENCE, GOOD, judged, report, rules
from tests.report_stub import STUB, stub


def test_the_shapes_are_the_schema_s() -> None:
    """Members and types of the report are written once, in the schema; the stub is made of it."""
    assert STUB.read_text(encoding="utf-8") == stub(), "python -m tests.regenerate writes it"
    assert not hasattr(shape, "another_name")


def test_scenarios_are_merged_by_rule() -> None:
    """One result a rule, sorted by id, whatever order the rules were given in."""
    made = report(GOOD, AUDIENCE, ids=("BIQ212", "BIQ211"))
    assert [(result.rule, result.outcome, result.checked) for result in made.results] == [
        ("BIQ211", Outcome.FAILED, 2),
        ("BIQ212", Outcome.PASSED, 2),
    ]
    assert (made.verdict, made.exit_code) == (Verdict.VIOLATES, 1)
    assert [finding.scenario for finding in made.results[0].findings] == ["s1"]


def test_a_rule_that_no_scenario_judged_is_inapplicable() -> None:
    """It was asked for, so it is reported; results of rules that were not asked for are not."""
    made = Report([judged(AUDIENCE, ids=("BIQ211",))], rules=rules("BIQ212"))
    assert [(result.rule, result.outcome) for result in made.results] == [("BIQ212", Outcome.INAPPLICABLE)]
    assert made.verdict is Verdict.CONFORMS


def test_what_stays_untested_can_be_allowed() -> None:
    """The verdict says so; a violation stays one, and what was complete needs no leave."""
    for text, verdict, forgiven in ((GOOD, Verdict.CONFORMS, True), (AUDIENCE, Verdict.VIOLATES, False)):
        scenario_run = judged(text, ids=("BIQ211", "BIQ601"))
        made = Report([scenario_run], rules=rules("BIQ211", "BIQ601"), allow_untested=True)
        assert (made.verdict, made.conclusion.forgiven) == (verdict, forgiven)
        assert ("--allow-untested" in made.to_model()["meaning"]) is forgiven


@pytest.mark.parametrize(
    ("text", "verdict", "meaning"),
    [
        (GOOD, "incomplete", "interrupted: this is the verdict on what was seen until then"),
        (AUDIENCE, "violates", "…seen until then; at least one finding of severity error"),
    ],
)
def test_what_was_interrupted_is_incomplete_at_best(text: str, verdict: str, meaning: str) -> None:
    """Nobody can allow what was not played; the exit code is that of the process."""
    scenario_run = judged(text, ids=("BIQ211",))
    model = Report([scenario_run], rules=rules("BIQ211"), allow_untested=True, interrupted=True).to_model()
    assert (model["verdict"], model["exit_code"]) == (verdict, 130)
    assert model["meaning"].endswith(meaning.removeprefix("…"))
    assert worst_code([3, model["exit_code"]]) == 130


def test_strict_turns_warnings_into_errors() -> None:
    """The profile decides what violates."""
    text = GOOD.rstrip() + "&scope=\n"
    assert report(text).verdict is Verdict.CONFORMS
    strict = report(text, profile=Profile.STRICT)
    assert (strict.verdict, strict.results[1].severity) == (Verdict.VIOLATES, Severity.ERROR)


@pytest.mark.parametrize(
    ("again", "profile", "line"),
    [
        (
            Reproduction(way="run", whose=("--", "node", "my app.js")),
            Profile.ARTICLE,
            "blastiq run --scenario s --rule BIQ211 -- node 'my app.js'",
        ),
        (Reproduction(), Profile.ARTICLE, ""),
        (
            Reproduction(way="run", whose=("--demo",)),
            Profile.STRICT,
            "blastiq run --profile strict --scenario s --rule BIQ211 --demo",
        ),
    ],
)
def test_a_finding_of_a_run_can_be_produced_again(again: Reproduction, profile: Profile, line: str) -> None:
    """The line can be pasted into a shell."""
    made = Report([judged(AUDIENCE, "s")], rules=rules("BIQ211"), again=again, profile=profile)
    (finding,) = made.results[0].findings
    assert (finding.reproduce, finding.source) == (line, "run")
    assert finding.fix.startswith("Leave the parameter out")


@pytest.mark.parametrize("place", ["har#12", "yaml:12"])
def test_a_finding_of_a_recording_names_its_place(place: str) -> None:
    """The file is read again by the same command; another client id goes with it."""
    judgement = judged(AUDIENCE, "")
    evidence = judgement.evidence
    evidence = replace(
        evidence,
        exchanges=tuple(replace(x, source=f"my.{place}") for x in evidence.exchanges),
        facts=replace(evidence.facts, client_id="other"),
    )
    again = Reproduction(way="check")
    made = Report([replace(judgement, evidence=evidence)], rules=rules("BIQ211"), source_kind="check", again=again)
    (finding,) = made.results[0].findings
    assert finding.reproduce == f"blastiq check --client-id other my.{place[:4].strip('#:')}"
    assert finding.source == f"my.{place[:4].strip('#:')}"


def test_what_did_not_run_has_a_text_and_no_results() -> None:
    """Exit 3, and the three lines all the same."""
    made = Report(text="node: no such program; check the path", command=("node",))
    assert (made.exit_code, len(made.to_model()["headlines"]), made.results) == (3, 3, ())
    assert Verdict.ERROR.exit_code == 5


@pytest.mark.parametrize(("codes", "code"), [([0, 4], 4), ([4, 1], 1), ([1, 3], 3), ([0], 0), ([], 0)])
def test_the_first_code_that_applies_stands_for_several(codes: list[int], code: int) -> None:
    """5 before 2 before 3 before 1 before 4 before 0."""
    assert worst_code(codes) == code


def test_several_targets_make_one_model() -> None:
    """A single one stays as it is."""
    model = report(GOOD).to_model()
    assert several([model]) is model
    assert several([model, model]) == {"schema": "blastiq-reports/1", "reports": [model, model]}
