"""`blastiq report`: parts of one run put together give what one run gives; several targets follow each other."""

import copy
import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import cast

import jsonschema
import pytest

from blastiq_conformance.report import Report, several
from blastiq_conformance.report.shape import ReportShape
from blastiq_conformance.report.shards import merge_shards
from blastiq_conformance.report.waivers import Waiver, Waivers
from blastiq_conformance.schemas import shipped_schema
from tests.judge.cli.shell import called
from tests.judge.cli.test_targets import AUDIENCE, folder, naive, waiver, write
from tests.judge.judged import AUDIENCE as AUDIENCE_SENT
from tests.judge.judged import GOOD, SCOPE, judged, rules
from tests.judge.writers.models import bound as bound_report

__all__ = ["folder"]

TODAY = date(2027, 1, 1)
IDS = ("BIQ211", "BIQ212", "BIQ510")
SILENT = "GET /identity/.well-known/openid-configuration"
RUNS = {"a": GOOD, "b": AUDIENCE_SENT, "c": SCOPE, "d": SILENT}
FOREVER = date(2099, 1, 1)
DUE = {"BIQ211": frozenset("abcd"), "BIQ212": frozenset("abcd")}


def made(scenarios: str, *given: Waiver, runs: Mapping[str, str] = RUNS, target: str = "shop") -> ReportShape:
    """Report on some of the plays."""
    return Report(
        [judged(runs[scenario], scenario, ids=IDS[:2]) for scenario in scenarios],
        rules=rules(*IDS),
        target=target,
        command=("x",),
        waivers=Waivers(given=given, today=TODAY, due=DUE),
    ).to_model()


def waived(rule: str, scenario: str = "", expires: date = FOREVER) -> Waiver:
    return Waiver(rule=rule, reason="r", owner="o", expires=expires, scenario=scenario)


NONE: tuple[Waiver, ...] = ()


@pytest.mark.parametrize("parts", [("abcd",), ("ab", "cd"), ("a", "b", "c", "d"), ("d", "a")], ids="+".join)
@pytest.mark.parametrize(
    "given",
    [
        NONE,
        (waived("BIQ211"), waived("BIQ212")),
        (waived("BIQ211", "b"), waived("BIQ211", "a")),
        (waived("BIQ211", "d"), waived("BIQ510"), waived("BIQ212", "b")),
        (waived("BIQ211", expires=date(2026, 1, 1)),),
    ],
    ids=["none", "used", "one-stale", "open", "expired"],
)
def test_parts_give_what_one_run_gives(parts: tuple[str, ...], given: tuple[Waiver, ...]) -> None:
    """Verdict, outcomes, counts, headlines, findings with their exchanges, waivers: all as if played at once."""
    merged = merge_shards([made(part, *given) for part in parts], TODAY)
    assert merged == made("".join(parts), *given)


def test_a_waiver_is_stale_once_all_parts_say_so() -> None:
    """No part alone knows it."""
    runs = dict.fromkeys("abcd", GOOD)
    shards = [made(part, waived("BIQ211"), runs=runs) for part in ("ab", "cd")]
    assert [shard["waivers"][0]["state"] for shard in shards] == ["open", "open"]
    merged = merge_shards(shards, TODAY)
    assert (merged["verdict"], merged["waivers"][0]["state"]) == ("violates", "stale")


def test_a_part_that_was_not_played_leaves_the_whole_unplayed() -> None:
    """Its text is kept, and what the others found as well."""
    gone = Report(text="no such program", target="shop", command=("x",)).to_model()
    merged = merge_shards([gone, made("b")], TODAY)
    assert (merged["verdict"], merged["exit_code"], merged["text"]) == ("not-run", 3, "no such program")
    assert merged["counts"]["errors"] == 1
    assert merge_shards([gone, gone], TODAY) == gone


@pytest.mark.parametrize(("others", "verdict"), [("a", "incomplete"), ("b", "violates")])
def test_a_part_that_was_interrupted_leaves_the_whole_so(others: str, verdict: str) -> None:
    """Written anew it says what it said, alone and among others, whatever is allowed."""
    cut = Report(
        [judged(GOOD, "a", ids=IDS[:2])],
        rules=rules(*IDS),
        target="shop",
        command=("x",),
        waivers=Waivers(today=TODAY, due=DUE),
        interrupted=True,
    ).to_model()
    assert merge_shards([cut], TODAY, allow_untested=True) == cut
    merged = merge_shards([cut, made(others)], TODAY)
    assert (merged["verdict"], merged["exit_code"]) == (verdict, 130)
    assert merged["meaning"].startswith("interrupted: ")


def test_what_stayed_untested_can_be_allowed() -> None:
    """As in a run."""
    shards = [made("d"), made("d")]
    assert merge_shards(shards, TODAY)["verdict"] == "incomplete"
    assert merge_shards(shards, TODAY, allow_untested=True)["verdict"] == "conforms"


def test_a_thousand_exchanges_are_kept_of_all_parts() -> None:
    """A finding whose exchange has no room any more points nowhere."""
    shards = [made("b"), made("b")]
    shards[0]["exchanges"] *= 1_000
    merged = merge_shards(shards, TODAY)
    assert [finding["shown"] for finding in merged["results"][0]["findings"]] == [0, None]
    assert len(merged["exchanges"]) == 1_000


def test_parts_judged_differently_are_refused() -> None:
    """One verdict needs one measure."""
    strict = {**made("a"), "profile": "strict"}
    with pytest.raises(ValueError, match="different profiles: article, strict"):
        merge_shards([made("a"), cast("ReportShape", strict)], TODAY)
    bound = {**made("a"), "subjects": bound_report().to_model()["subjects"]}
    with pytest.raises(ValueError, match="different subjects"):
        merge_shards([made("a"), cast("ReportShape", bound)], TODAY)


@pytest.mark.slow
@pytest.mark.unmeasured
def test_shards_of_a_real_run(folder: Path) -> None:
    """Two machines, different scenarios, one of them with what fails: the same as one whole run."""
    write(folder, naive("it", "scenarios = ['sign-in', 'extra-members', 'token-dies']", AUDIENCE, waiver(9)))
    text = (folder / "blastiq.toml").read_text().replace("scenarios = ['sign-in']\n", "", 1)
    (folder / "blastiq.toml").write_text(text)
    called("run", "--report", "json=whole.json")
    called("run", "--scenario", "sign-in", "--report", "json=a.json")
    called("run", "--scenario", "extra-members", "--scenario", "token-dies", "--report", "json=b.json")
    done = called("report", "a.json", "b.json", "--to", "json")
    merged, whole = json.loads(done.stdout), json.loads((folder / "whole.json").read_text())
    jsonschema.validate(merged, shipped_schema("report"))
    for name in ("verdict", "exit_code", "meaning", "headlines", "counts", "waivers"):
        assert merged[name] == whole[name]
    assert outcomes(merged) == outcomes(whole)
    assert done.returncode == whole["exit_code"]


def outcomes(model: ReportShape) -> Sequence[tuple[str, str, int]]:
    return [(result["rule"], result["outcome"], len(result["findings"])) for result in model["results"]]


def test_targets_follow_each_other(folder: Path) -> None:
    """Different targets stay apart; formats go where they are sent; the gravest code is that of the whole."""
    (folder / "a.json").write_text(json.dumps(several([made("a"), made("b", target="till")])))
    (folder / "b.json").write_text(json.dumps(made("c")))
    done = called("report", "a.json", "b.json", "--to", "json=all.json", "--to", "terminal")
    model = json.loads((folder / "all.json").read_text())
    assert [(part["target"], part["exit_code"]) for part in model["reports"]] == [("shop", 1), ("till", 1)]
    assert (done.returncode, done.stdout.count("── ")) == (1, 2)
    quiet = called("report", "b.json", "--to", "json=c.json")
    assert (quiet.returncode, quiet.stdout) == (1, "")
    assert called("report", "b.json").stdout.startswith("PASS        no audience")


BROKEN: dict[str, tuple[object, str]] = {
    "no-json": ("{", "is not JSON"),
    "list": ([], "is not a report of this version"),
    "version": ({"schema": "blastiq-report/9"}, "expected an object with schema blastiq-report/1"),
    "empty": ({"schema": "blastiq-report/1"}, "report lacks tool"),
    "reports": ({"schema": "blastiq-reports/1", "reports": {}}, "report.reports is {}, expected a list"),
}
CHANGES: dict[str, tuple[tuple[str | int, ...], object, str]] = {
    "object": (("tool",), [], "report.tool is [], expected an object"),
    "number": (("results", 0, "checked"), True, "report.results[0].checked is true, expected an integer"),
    "least": (("results", 0, "checked"), -1, "report.results[0].checked is -1, expected 0 or more"),
    "text": (("results", 0, "why"), None, "report.results[0].why is null, expected a string"),
    "optional": (("results", 0, "findings", 0, "shown"), "1", 'shown is "1", expected an integer'),
    "mapping": (("counts", "passed"), "3", 'report.counts.passed is "3", expected an integer'),
    "unknown": (("counts", "a\nb"), 3, 'report.counts["a\\nb"] is not known: expected only passed'),
    "outcome": (("results", 0, "outcome"), "green", 'is "green", expected "passed" or "failed"'),
    "rule": (("results", 0, "rule"), "BIQ211\n", 'is "BIQ211\\n", expected text like ^BIQ[0-9]{3}$'),
    "true is not 1": (("exit_code",), True, "report.exit_code is true, expected 0 or 1"),
    "pair": (("exchanges", 0, "request", "headers"), [["a"]], 'headers[0] is ["a"], expected at least 2 items'),
    "no finding": (("results", 0, "findings"), [], "report.results[0].findings is [], expected at least 1 items"),
}


@pytest.mark.parametrize("name", [*BROKEN, *CHANGES, "missing"])
def test_what_is_no_report_is_2(folder: Path, name: str) -> None:
    """The file and the member are named."""
    file = folder / "x.json"
    if name in BROKEN:
        content, said = BROKEN[name]
        file.write_text(content if isinstance(content, str) else json.dumps(content))
    elif name in CHANGES:
        path, value, said = CHANGES[name]
        holder = model = copy.deepcopy(cast("dict[str | int, dict[str | int, object]]", made("b")))
        for step in path[:-1]:
            holder = cast("dict[str | int, dict[str | int, object]]", holder[step])
        holder[path[-1]] = cast("dict[str | int, object]", value)
        file.write_text(json.dumps(model))
    else:
        said = "cannot be read"
    done = called("report", "x.json")
    assert done.returncode == 2, done.stdout + done.stderr
    assert said in done.stderr


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--to", "pdf"), "expected FORMAT or FORMAT=FILE"),
        (("--to", "json="), "expected FORMAT or FORMAT=FILE"),
        (("--to", "json", "--to", "terminal"), "only one format fits standard output"),
    ],
)
def test_usage_errors_are_2(folder: Path, args: tuple[str, ...], said: str) -> None:
    """Each says what is wrong."""
    (folder / "a.json").write_text(json.dumps(made("a")))
    done = called("report", "a.json", *args)
    assert (done.returncode, said in " ".join(done.stderr.split())) == (2, True)


def test_the_times_are_those_of_the_whole() -> None:
    """From the first request of any part to the last."""
    times: tuple[dict[str, str], ...] = (
        {"first": "2026-01-01T02", "last": "2026-01-01T03"},
        {},
        {"first": "2026-01-01T01", "last": "2026-01-01T02"},
    )
    shards = [cast("ReportShape", {**made("a"), "volatile": each}) for each in times]
    assert merge_shards(shards, TODAY)["volatile"] == {"first": "2026-01-01T01", "last": "2026-01-01T03"}


def test_the_pictures_of_all_parts_stay() -> None:
    """Each play still points to the exchanges that findings name; the sign-in is the first that was seen."""
    merged = merge_shards([made("d"), made("a"), made("bc")], TODAY)
    runs = merged["volatile"]["plays"]
    assert merged["sign_in"] is not None
    assert merged["sign_in"]["shown"] == 0
    assert [(scenario_run["scenario"], [x["shown"] for x in scenario_run["exchanges"]]) for scenario_run in runs] == [
        ("a", [0]),
        ("b", [1]),
        ("c", [2]),
    ]
    assert [exchange["scenario"] for exchange in merged["exchanges"]] == ["a", "b", "c"]
