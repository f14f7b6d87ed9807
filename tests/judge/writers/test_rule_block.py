"""The rules that failed, at a terminal: a table, and one block a rule."""

from dataclasses import replace

import pytest

from blastiq_conformance.catalogue import Severity
from blastiq_conformance.evidence.quotation import Text
from blastiq_conformance.report import Report
from blastiq_conformance.writers.finding_text import blocks
from blastiq_conformance.writers.terminal import findings_text, write
from tests.judge.judged import AUDIENCE, SCOPE, judged, report, rules
from tests.judge.writers.models import mixed


def test_the_table_stands_before_the_blocks() -> None:
    """A line a rule with how often and where; --brief ends after it, but for the verdict."""
    model = report(AUDIENCE, AUDIENCE, SCOPE).to_model()
    row = "\nFAIL  BIQ211 audience-sent        2 times  s0, s1\nFAIL  BIQ212 unexpected-scope      1 time  s2\n\n"
    assert f"{row}FAIL  BIQ211 audience-sent  MUST NOT\n" in write(model)
    assert f"{row}VIOLATES  " in write(model, brief=True)


@pytest.mark.parametrize(("width", "places"), [(55, "s0 and 9 more"), (70, "s0, s1, s2, s3, s4 and 5 more"), (40, "")])
def test_a_row_names_as_many_places_as_have_room(width: int, places: str) -> None:
    """The others are counted; on a narrow terminal the name is cut as well, and the line never wraps."""
    runs = [judged(AUDIENCE, f"s{index}", ids=("BIQ211",)) for index in range(10)]
    text = write(Report(runs, rules=rules("BIQ211")).to_model(), width=width, brief=True)
    (row,) = [line for line in text.splitlines() if "10 times" in line]
    assert row.rstrip().endswith(f"10 times  {places}".rstrip())
    assert len(row) <= width


def test_variants_of_one_rule_are_one_block() -> None:
    """Each with its own traffic and remedy, after them what they share, once; causes of others come first."""
    judgement = judged(AUDIENCE, "s0", ids=("BIQ211",))
    (result,) = judgement.results
    (finding,) = result.findings
    other = replace(
        finding, message=Text("another"), received=Text("other=1"), fix="another fix", severity=Severity.WARNING
    )
    judgement = replace(judgement, results=(replace(result, findings=(finding, other)),))
    text = findings_text(Report([judgement], rules=rules("BIQ211")).to_model(), {"BIQ211"})
    heads = [line[:17].strip() for line in text.splitlines() if line[6:17].strip()]
    variants = ["FAIL", "received", "fix", "WARN", "received", "fix"]
    assert heads == ["FAIL  BIQ211 audi", *variants, "expected", "why", "source"]
    assert text.count("Auth0 SDKs and samples: ") == 1


def test_a_single_finding_names_its_variant() -> None:
    """What the scenario made odd is told by it alone: no-token has six answers without one."""
    judgement = judged(AUDIENCE, "s0", ids=("BIQ211",))
    (result,) = judgement.results
    finding = replace(result.findings[0], variant="empty-token")
    judgement = replace(judgement, results=(replace(result, findings=(finding,)),))
    assert "      seen       1 time: s0 empty-token\n" in findings_text(
        Report([judgement], rules=rules("BIQ211")).to_model(), {"BIQ211"}
    )


def test_the_same_traffic_stands_there_once() -> None:
    """Also where other numbers of calls were expected: the same line three times tells a reader nothing."""
    judgement = judged(AUDIENCE, "s0", ids=("BIQ211",))
    (result,) = judgement.results
    findings = tuple(replace(result.findings[0], expected=Text(f"{word} calls")) for word in ("two", "three", "four"))
    judgement = replace(judgement, results=(replace(result, findings=findings),))
    text = findings_text(Report([judgement], rules=rules("BIQ211")).to_model(), {"BIQ211"})
    assert text.count("audience=") == 1


def test_many_variants_are_counted() -> None:
    """A block is read to its end; the JSON report has them all."""
    judgement = judged(AUDIENCE, "s0", ids=("BIQ211",))
    (result,) = judgement.results
    findings = tuple(replace(result.findings[0], message=Text(f"the {word} way")) for word in "abcdefgh")
    judgement = replace(judgement, results=(replace(result, findings=findings),))
    text = findings_text(Report([judgement], rules=rules("BIQ211")).to_model(), {"BIQ211"})
    assert [f"the {word} way" in text for word in "abcdefgh"] == [True] * 6 + [False] * 2
    assert "      or         2 other kinds, which the JSON report lists\n      expected " in text


def test_waived_rules_have_a_row_as_well() -> None:
    """Its word is longer, and all names stand in one column."""
    rows = [line for line in write(mixed().to_model(), brief=True).splitlines() if " time  s" in line]
    assert [line.index("BIQ") for line in rows] == [8, 8, 8]
    assert rows[-1].startswith("WAIVED  BIQ209 client-secret-sent")


def test_what_explains_others_comes_first() -> None:
    """Whoever mends it first may be done with the others."""
    model = report(AUDIENCE, SCOPE).to_model()
    first = [result for result in model["results"] if result["rule"] == "BIQ212"]
    model["results"][0]["explained"] = ["BIQ212"]
    assert [block[0].result for block in blocks(model["results"])][:1] == first
