"""Editions: who is judged by an older one keeps its verdict, and old bundles are verified by their own."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from blastiq_conformance import editions
from blastiq_conformance.bundle import write_bundle
from blastiq_conformance.bundle.verification import verify
from blastiq_conformance.catalogue import Level, Profile, Severity, catalogue
from blastiq_conformance.config import ConfigError, config_error
from blastiq_conformance.config import read as read_config
from blastiq_conformance.config.draft import draft
from blastiq_conformance.control.ledger import Ledger
from blastiq_conformance.evidence import Facts
from blastiq_conformance.plugin.door import BlastiqViolation, BlastiqWarning, Door
from blastiq_conformance.report import Report
from blastiq_conformance.scenarios import scenarios
from blastiq_conformance.schemas import schema_text
from blastiq_conformance.trial.judging import judge_together
from fake_idp.server_config import ServerConfig
from tests.fake_idp.calls import CLIENT, SIGN_IN, USER, post
from tests.judge.cli.shell import called as blastiq
from tests.judge.cli.test_check import har
from tests.judge.example import read_example
from tests.judge.judged import AUDIENCE, GOOD, report
from tests.judge.tampering import sealed, unzipped
from tests.regenerate import write_edition

KEPT = sorted((Path(__file__).parent / "editions").glob("*.zip.gz"))


def name_of(path: Path) -> str:
    return path.name.removesuffix(".zip.gz")


@pytest.fixture
def older(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Ship an older edition as well: without BIQ211 and the scenario token-dies, and stricter about BIQ212."""
    current = json.loads(write_edition(catalogue(), scenarios()))
    rules = {rule: told for rule, told in current["rules"].items() if rule != "BIQ211"}
    rules["BIQ212"] = ["MUST NOT", "error"]
    old = {"rules": rules, "scenarios": [slug for slug in current["scenarios"] if slug != "token-dies"]}
    folder = tmp_path / "editions"
    folder.mkdir()
    for name, told in ((editions.CURRENT, current), ("2026-06", old)):
        (folder / f"{name}.json").write_text(json.dumps(told))
    monkeypatch.setattr(editions, "_FOLDER", folder)
    schema = json.loads(schema_text("config"))
    schema["$defs"]["target"]["properties"]["edition"]["enum"].insert(0, "2026-06")
    monkeypatch.setattr(config_error, "shipped_schema", lambda _: schema)
    for each in (editions.editions, editions.edition, editions.rules_in):
        each.cache_clear()
    yield "2026-06"
    for each in (editions.editions, editions.edition, editions.rules_in):
        each.cache_clear()


def test_the_current_edition_is_the_catalogue() -> None:
    """A rule, a level, a severity or a scenario that is new after a release belongs into a new edition."""
    told = editions.edition(editions.CURRENT)
    assert told.scenarios == set(scenarios())
    assert dict(told.rules) == {rule.id: (rule.level, rule.severity) for rule in catalogue().values()}
    assert editions.editions()[-1] == editions.CURRENT
    assert editions.rules_in(editions.CURRENT) == catalogue()


def test_a_newer_rule_informs_and_an_old_severity_holds(older: str) -> None:
    """Level and severity are those of the edition, whatever the profile says."""
    rules = editions.rules_in(older)
    assert (rules["BIQ211"].coming, rules["BIQ211"].level, rules["BIQ211"].severity) == (True, Level.MAY, Severity.INFO)
    assert (rules["BIQ212"].coming, rules["BIQ212"].severity) == (False, Severity.ERROR)
    assert rules["BIQ209"] is catalogue()["BIQ209"]


@pytest.mark.parametrize("profile", list(Profile))
def test_a_check_by_an_older_edition(older: str, tmp_path: Path, profile: Profile) -> None:
    """What was not a violation then is none now; the report says which edition judged, and what is coming."""
    words = ("check", "--edition", older, "--profile", str(profile), "--format", "json")
    done = blastiq(*words, str(har(tmp_path / "a", "&audience=x")))
    assert done.stdout, done.stderr
    model = json.loads(done.stdout)
    (result,) = [result for result in model["results"] if result["rule"] == "BIQ211"]
    assert (done.returncode, model["tool"]["rules"]["edition"], result["severity"]) == (0, older, "info")
    assert (
        "coming: BIQ211 audience-sent is newer than the edition 2026-06, and informs until that is raised"
        in model["notes"]
    )
    assert blastiq(*words, str(har(tmp_path / "b", "&scope=x"))).returncode == 1


def test_a_fake_of_a_test_and_one_that_stays_up_judge_by_an_older_edition(older: str) -> None:
    """A newer rule informs alone, and the report names the edition."""
    door = Door(ServerConfig(), USER)
    answer = post(door.idp, {**SIGN_IN, **CLIENT, "audience": "x"}, host="127.0.0.1")
    assert answer.status == 200
    with pytest.warns(BlastiqWarning, match="INFO  BIQ211"):
        door.check(edition=older)
    assert door.report(Profile.ARTICLE, older).edition == older
    with pytest.raises(BlastiqViolation, match="BIQ211"):
        door.check()
    ledger = Ledger(tuple(editions.rules_in(older).values()), Facts(), lambda: (), edition=older)
    for exchange in door.idp.journal.exchanges:
        ledger.add(exchange)
    (result,) = [each for judged in ledger.judgements() for each in judged.results if each.rule == "BIQ211"]
    assert result.severity is Severity.INFO


def test_a_target_says_its_edition(older: str, tmp_path: Path) -> None:
    """It decides what is run as well; `init` writes the current one, and one that is not shipped is refused."""
    file = tmp_path / "blastiq.toml"
    file.write_text('[[target]]\ncommand = ["true"]\nedition = "2026-06"\n')
    (declared,) = read_config(file).targets
    assert declared.edition == older
    assert "token-dies" not in {scenario.slug for scenario in declared.chosen()}
    file.write_text(draft(name="x", command=["true"], client_id="external.customer", service=False))
    assert read_config(file).targets[0].edition == editions.CURRENT
    file.write_text('[[target]]\ncommand = ["true"]\nedition = "1999-01"\n')
    with pytest.raises(ConfigError, match='expected "2026-06" or "2026-12"; found "1999-01"'):
        read_config(file)
    done = blastiq("check", "--edition", "1999-01", "x")
    assert (done.returncode, "known are 2026-06, 2026-12" in done.stderr) == (2, True)


def by_another_kit(path: Path, forge: tuple[bytes, bytes] = (b"", b"")) -> Path:
    """Let a bundle come from another version of the kit, of the same edition."""
    files = unzipped(path)
    for name in ("manifest.json", "report.json"):
        files[name] = files[name].replace(b'"version": "', b'"version": "9')
    files["report.json"] = files["report.json"].replace(*forge)
    path.write_bytes(sealed(files))
    return path


def test_another_kit_of_the_same_edition_gives_the_same_verdict(tmp_path: Path) -> None:
    """Texts may have changed since; outcomes, severities and the exit code may not, and are compared."""
    path = tmp_path / "b.zip"
    write_bundle(path, [report(GOOD, AUDIENCE)])
    result = verify(by_another_kit(path, (b'"title": "no audience"', b'"title": "none"')))
    assert (result.differences, result.other, result.dated) == ((), "", True)
    assert blastiq("verify", str(path)).returncode == 0
    result = verify(by_another_kit(path, (b'"severity": "error"', b'"severity": "warning"')))
    assert [text.split(" is ")[0] for text in result.differences] == ["report.results.BIQ211[1]"]
    assert blastiq("verify", str(path)).returncode == 1


def test_a_bundle_is_verified_by_its_own_edition(older: str, tmp_path: Path) -> None:
    """Though the current one would find a violation in it."""
    rules = {rule: editions.rules_in(older)[rule] for rule in ("BIQ211", "BIQ212")}
    judged = judge_together([read_example(AUDIENCE)], rules.values(), Profile.ARTICLE, older)
    made = Report(judged, rules=rules, edition=older)
    assert made.exit_code == 0
    write_bundle(tmp_path / "b.zip", [made])
    result = verify(tmp_path / "b.zip")
    assert (result.differences, result.other, result.reports[0]["exit_code"]) == ((), "", 0)
    assert len([note for note in result.reports[0]["notes"] if note.startswith("coming: ")]) == 1


@pytest.mark.parametrize("packed", KEPT, ids=name_of)
@pytest.mark.unmeasured
def test_every_edition_is_still_judged_as_it_was(packed: Path, tmp_path: Path) -> None:
    """A bundle of each edition is kept, with every rule's bad example in it: the same verdict, rule by rule."""
    path = tmp_path / "b.zip"
    path.write_bytes(gzip.decompress(packed.read_bytes()))
    result = verify(path)
    assert (result.differences, result.other) == ((), "")
    assert {report["tool"]["rules"]["edition"] for report in result.reports} == {name_of(packed)}


def test_a_bundle_is_kept_of_every_edition() -> None:
    """From the first on, or nobody could tell whether a promise is held."""
    assert [name_of(path) for path in KEPT] == list(editions.editions())
