"""`blastiq diff`: what two reports have not in common."""

import json
from pathlib import Path

import pytest

from blastiq_conformance.report.shape import ReportShape
from tests.judge.cli.shell import called
from tests.judge.judged import AUDIENCE, GOOD, SCOPE, report


def written(path: Path, *texts: str, ids: tuple[str, ...] = ("BIQ211", "BIQ212")) -> Path:
    """Write a report on examples, each a scenario: s0, s1 and so on."""
    model: ReportShape = report(*texts, ids=ids).to_model()
    path.write_text(json.dumps(model), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ((AUDIENCE,), (AUDIENCE,), 0, "STILL       BIQ211 audience-sent  s0\n0 new, 1 still failing, 0 fixed"),
        ((AUDIENCE,), (GOOD,), 0, "FIXED       BIQ211 audience-sent  s0\n0 new, 0 still failing, 1 fixed"),
        ((GOOD,), (AUDIENCE,), 1, "NEW         BIQ211 audience-sent  s0\n1 new"),
        ((AUDIENCE, GOOD), (AUDIENCE, AUDIENCE), 1, "NEW         BIQ211 audience-sent  s1\nSTILL "),
        ((GOOD, SCOPE), (GOOD,), 4, "UNTESTED    BIQ212 unexpected-scope  s1\n0 new"),
        ((SCOPE,), (AUDIENCE,), 1, "NEW         BIQ211 audience-sent  s0\nFIXED       BIQ212 unexpected-scope  s0\n"),
    ],
    ids=["the same", "fixed", "new", "new elsewhere", "not played", "another"],
)
def test_what_has_changed(tmp_path: Path, old: tuple[str, ...], new: tuple[str, ...], code: int, said: str) -> None:
    """Rule by rule with the scenarios; the exit code tells whether anything is worse, or nobody knows."""
    done = called("diff", str(written(tmp_path / "a", *old)), str(written(tmp_path / "b", *new)))
    assert done.stdout.startswith(said)
    assert done.returncode == code


def test_a_rule_that_nothing_tests_any_more(tmp_path: Path) -> None:
    """That it passed once is not news; that nobody knows today is."""
    old, new = written(tmp_path / "a", GOOD), written(tmp_path / "b", GOOD, ids=("BIQ212",))
    done = called("diff", str(old), str(new))
    assert done.stdout == "UNTESTED    BIQ211 audience-sent\n0 new, 0 still failing, 0 fixed, 1 no longer tested\n"
    assert done.returncode == 4


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", "not a report of this version"),
        ("PK", "is not a bundle: it is not a zip"),
        (None, "cannot be read: No such"),
    ],
    ids=["json", "zip", "missing"],
)
def test_what_is_no_report(tmp_path: Path, text: str | None, said: str) -> None:
    """It is named, with the reason."""
    other = tmp_path / "x"
    if text is not None:
        other.write_text(text)
    done = called("diff", str(written(tmp_path / "a", GOOD)), str(other))
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
