"""Bundles: written the same from the same, verified byte by byte, and safe to open."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from blastiq_conformance import __version__
from blastiq_conformance.bundle import BundleError, write_bundle
from blastiq_conformance.bundle.container import pack
from blastiq_conformance.bundle.verification import Verification, verify
from blastiq_conformance.report import Report, several
from blastiq_conformance.writers.json import dump
from tests.judge.judged import AUDIENCE, GOOD, SECRET, report
from tests.judge.tampering import of_another_version, sealed, unzipped

HANDMADE = "s3cr3t-of-another-system"


def written(path: Path, *reports: Report) -> Path:
    write_bundle(path, reports or (report(GOOD, AUDIENCE, SECRET, ids=("BIQ208", "BIQ209", "BIQ211")),))
    return path


def test_it_holds_manifest_report_evidence_and_nothing_else(tmp_path: Path) -> None:
    """One evidence file for each play; what the kit issued is raw, what the client made up is not."""
    found = unzipped(written(tmp_path / "b.zip"))
    evidence = [f"evidence/1/000{n}.jsonl" for n in (1, 2, 3)]
    assert list(found) == ["manifest.json", *evidence, "report.json"]
    assert b"k7Fq2vN9xW4mZ8tR1pLs" in found["evidence/1/0001.jsonl"]
    assert HANDMADE.encode() not in b"".join(found.values())
    assert b"&client_secret=S" in found["evidence/1/0003.jsonl"]
    assert b"k7Fq2vN9xW4mZ8tR1pLs" not in found["report.json"] + found["manifest.json"]


def test_the_report_in_it_says_what_the_report_said(tmp_path: Path) -> None:
    """The same rules fail, with the same places."""
    original = report(GOOD, AUDIENCE, SECRET, ids=("BIQ208", "BIQ209", "BIQ211"))
    model = json.loads(unzipped(written(tmp_path / "b.zip", original))["report.json"])
    assert (model["verdict"], model["exit_code"]) == (original.verdict, original.exit_code)
    outcomes = [(x["rule"], x["outcome"], len(x["findings"])) for x in model["results"]]
    assert outcomes == [(x.rule, x.outcome, len(x.findings)) for x in original.results]


def test_the_same_reports_give_the_same_bytes(tmp_path: Path) -> None:
    """No time, no order of chance, no library's compression."""
    assert written(tmp_path / "a.zip").read_bytes() == written(tmp_path / "b.zip").read_bytes()


def test_what_was_written_is_verified(tmp_path: Path) -> None:
    """One target or several."""
    one, two = report(GOOD, ids=("BIQ211",)), replace(report(AUDIENCE, ids=("BIQ211",)), target="other")
    results = [verify(path) for path in (written(tmp_path / "a.zip"), written(tmp_path / "b.zip", one, two))]
    assert [(result.differences, result.other) for result in results] == [((), "")] * 2
    assert [model["target"] for model in results[1].reports] == ["default", "other"]


def test_an_interrupted_run_is_verified_as_one(tmp_path: Path) -> None:
    """Judged again it is as incomplete as it was."""
    path = written(tmp_path / "b.zip", replace(report(AUDIENCE, ids=("BIQ211",)), interrupted=True))
    result = verify(path)
    assert (result.differences, result.reports[0]["exit_code"]) == ((), 130)


@pytest.mark.slow
def test_a_changed_byte_anywhere_is_found(tmp_path: Path) -> None:
    """In every file, in what stands between them, and behind them: bytes all over the zip are flipped one by one."""
    path = written(tmp_path / "b.zip", report(GOOD, ids=("BIQ211",)))
    data = bytearray(path.read_bytes())
    silent = []
    # Every byte of small parts, every 31st of the large ones.
    for place in (*range(0, len(data), 31), *range(max(0, len(data) - 800), len(data))):
        data[place] ^= 1
        path.write_bytes(data)
        if not _noticed(path):
            silent.append(place)
        data[place] ^= 1
    assert silent == []


def test_each_file_is_named_when_a_byte_of_it_changes(tmp_path: Path) -> None:
    """Also where the checksums of the zip were made right again."""
    path = written(tmp_path / "b.zip")
    whole = unzipped(path)
    for name, data in whole.items():
        for place in (0, len(data) // 2, len(data) - 2):
            changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
            path.write_bytes(pack(whole | {name: changed}))
            assert _noticed(path), (name, place)
    path.write_bytes(pack(whole | {"evidence/1/0002.jsonl": whole["evidence/1/0001.jsonl"]}))
    assert verify(path).differences == (
        "evidence/1/0002.jsonl was changed: it has another digest than the manifest says",
    )


def _noticed(path: Path) -> bool:
    try:
        return bool(verify(path).differences)
    except BundleError:
        return True


def forged(path: Path, change: Callable[[dict[str, bytes]], None]) -> Verification:
    """Change files, and make every digest right again: only judging anew can tell."""
    found = unzipped(path)
    change(found)
    path.write_bytes(sealed(found))
    return verify(path)


def test_a_report_that_was_made_better_is_named(tmp_path: Path) -> None:
    """A forger who mends every digest still cannot make the evidence say it."""

    def better(found: dict[str, bytes]) -> None:
        report = json.loads(found["report.json"])
        result = next(each for each in report["results"] if each["rule"] == "BIQ211")
        result.update(outcome="passed", findings=[], entries=[])
        found["report.json"] = dump({**report, "verdict": "conforms", "exit_code": 0}).encode()

    differences = forged(written(tmp_path / "b.zip"), better).differences
    assert 'report.results.BIQ211.outcome is "passed" in the report, and "failed" by the evidence' in differences
    assert "report.results.BIQ211.findings has 0 items in the report, and 1 by the evidence" in differences
    assert 'report.verdict is "conforms" in the report, and "violates" by the evidence' in differences


TEXTS = [
    (b"Leave the parameter out", b"Let the parameter in", "report.results.BIQ211.findings[0].fix is "),
    (b"scope absent or cosmos", b"scope is perfect", "report.headlines[2].title is "),
    (b'"failed": 2', b'"failed": 0', "report.counts.failed is 0 "),
]


@pytest.mark.parametrize(("old", "new", "place"), TEXTS, ids=["finding", "headline", "count"])
def test_what_is_forged_is_named_and_never_vouched_for(tmp_path: Path, old: bytes, new: bytes, place: str) -> None:
    """By the same version it is a difference; what claims another version leaves it to that one."""

    def forge(found: dict[str, bytes]) -> None:
        assert old in found["report.json"]
        found["report.json"] = found["report.json"].replace(old, new)

    def forge_both(found: dict[str, bytes]) -> None:
        forge(found)
        found.update(of_another_version(found))

    named = forged(written(tmp_path / "b.zip"), forge).differences
    assert [text for text in named if text.startswith(place)]
    other = forged(written(tmp_path / "b.zip"), forge_both)
    assert other.differences == ()
    assert set(named) < set(other.unvouched)


def test_evidence_that_was_made_better_is_named(tmp_path: Path) -> None:
    """The report then claims more than is there."""

    def better(found: dict[str, bytes]) -> None:
        found["evidence/1/0002.jsonl"] = found["evidence/1/0001.jsonl"].replace(b'"s0"', b'"s1"')

    differences = forged(written(tmp_path / "b.zip"), better).differences
    assert 'report.results.BIQ211.outcome is "failed" in the report, and "passed" by the evidence' in differences


def test_another_version_is_told_from_what_the_evidence_gives(tmp_path: Path) -> None:
    """What this version finds as well is vouched for, rule by rule, and the reader is told which kit to install."""
    result = forged(written(tmp_path / "b.zip"), lambda found: found.update(of_another_version(found)))
    assert result.differences == ()
    assert f'version "9{__version__}" of the kit (3 rules' in result.other
    assert {"verdict", "headlines", "counts", "exchanges", "the results of 3 of 3 rules"} < set(result.vouched)
    assert [text.partition(" is ")[0] for text in result.unvouched] == [
        "report.tool.version",
        "report.tool.rules.edition",
    ]


def test_a_rule_that_is_not_installed_is_not_vouched_for(tmp_path: Path) -> None:
    """A newer kit has judged by it; the others are compared all the same."""

    def newer(found: dict[str, bytes]) -> None:
        for name in ("manifest.json", "report.json"):
            found[name] = found[name].replace(b"BIQ208", b"BIQ299")

    result = forged(written(tmp_path / "b.zip"), newer)
    assert (result.differences, result.vouched[-1]) == ((), "the results of 2 of 2 rules")
    assert "report.results.BIQ299 is in the report, and the evidence does not give it" in result.unvouched


def test_files_that_do_not_belong_together_are_named(tmp_path: Path) -> None:
    """A manifest of another kit, of other scenarios or for more reports; evidence of which no report knows."""

    def stray(found: dict[str, bytes]) -> None:
        found["evidence/2/0001.jsonl"] = found["evidence/1/0001.jsonl"]

    def other_kit(found: dict[str, bytes]) -> None:
        found["manifest.json"] = of_another_version(found)["manifest.json"]

    def other_scenario(found: dict[str, bytes]) -> None:
        found["manifest.json"] = found["manifest.json"].replace(b'"s1"', b'"s9"')

    def fewer(found: dict[str, bytes]) -> None:
        found["report.json"] = dump(several([report(GOOD).to_model()] * 2)).encode()

    said = [forged(written(tmp_path / "b.zip"), each).differences for each in (stray, other_kit, other_scenario, fewer)]
    assert said == [
        ("evidence/2/0001.jsonl belongs to no report",),
        ("manifest.json names another version of the kit, or other rules, than report.json",),
        ('evidence/1/0002.jsonl is of the scenario "s1", and manifest.json says "s9"',),
        ("report.json has 2 reports, and manifest.json tells how 1 came about",),
    ]


def test_nothing_judged_makes_no_bundle(tmp_path: Path) -> None:
    """There is no evidence then."""
    with pytest.raises(BundleError, match="no evidence"):
        write_bundle(tmp_path / "b.zip", [Report(text="it never called")])
