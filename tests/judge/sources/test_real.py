"""Recordings of real tools, as they left them: the verdict that a person would give, and no secret in what is said."""

import json
from pathlib import Path

import pytest

from blastiq_conformance.catalogue import Outcome, catalogue
from blastiq_conformance.redaction.document import redacted
from blastiq_conformance.report import Judgement, Report
from blastiq_conformance.trial.recordings import Reading, find_files
from blastiq_conformance.writers import writer
from fake_idp.secrets.search import Search, Secret
from tests.judge.sources.real.record import HERE, PASSWORD, WRONG

ENVIRONMENT = "postman-environment.json"
AUTH0 = "BIQ209 BIQ211"
# Files, the rules that fail, whether anything cannot be told.
RECORDED = (
    ("chrome-right.har", "", False),
    ("chrome-right-sanitized.har", "", True),
    ("chrome-wrong.har", AUTH0, False),
    ("chrome-wrong-sanitized.har", AUTH0, True),
    ("chrome-basic.har", "BIQ206 BIQ216", False),
    ("chrome-basic-sanitized.har", "BIQ206", True),
    ("firefox-right.har", "", False),
    ("firefox-wrong.har", AUTH0, False),
    ("playwright-right.har", "", False),
    ("playwright-wrong.har", AUTH0, False),
    ("mitmproxy-right.har", "", False),
    ("mitmproxy-wrong.har", AUTH0, False),
    ("newman-right.json", "", False),
    ("newman-wrong.json", AUTH0, False),
    ("curl-right.txt", "", False),
    ("curl-wrong.txt", AUTH0, False),
    ("chrome-right.sh", "", False),
    ("chrome-wrong.sh", AUTH0, False),
    ("chrome-basic.sh", "BIQ206 BIQ216", False),
    # What would be sent: whether discovery answers, nobody knows.
    (f"postman-right.json {ENVIRONMENT}", "", True),
    (f"postman-wrong.json {ENVIRONMENT}", AUTH0, True),
    ("postman-right.json", "", True),
    ("postman-wrong.json", AUTH0, True),
)
SUFFIXES = {".har", ".json", ".sh", ".txt"}
HARS = [name for name, *_ in RECORDED if name.endswith(".har")]


def judged(*files: Path) -> Report:
    found = find_files(files)
    judgements: list[Judgement] = []
    for file in found.files:
        result = Reading(variables=found.variables).judge(file)
        assert isinstance(result, list), result
        judgements += result
    return Report(judgements, target="recorded", rules=catalogue(), source_kind="check")


def outcomes(report: Report) -> dict[str, Outcome]:
    return {result.rule: result.outcome for result in report.results}


def secrets(name: str) -> Search:
    """What must stay within the house, in every encoding: the credentials that were given, and each token."""
    text = (HERE / name).read_text(encoding="utf-8").replace("\\", "")
    tokens = [part.partition('"')[0] for part in text.split('_token":"')[1:]]
    values = {"password": PASSWORD, "client_secret": WRONG["client_secret"]}
    return Search(Secret(kind, value) for kind, value in (*values.items(), *(("token", token) for token in tokens)))


@pytest.mark.parametrize(("names", "failed", "doubtful"), RECORDED, ids=[names for names, *_ in RECORDED])
def test_a_recording_is_judged_as_a_person_would(names: str, failed: str, doubtful: bool) -> None:
    """The rules that are broken, and no other; what is right passes, or cannot be told for a reason."""
    report = judged(*(HERE / name for name in names.split()))
    given = outcomes(report)
    assert {rule for rule, outcome in given.items() if outcome is Outcome.FAILED} == set(failed.split())
    assert (Outcome.CANT_TELL in given.values()) is doubtful
    assert given["BIQ205"] is Outcome.PASSED
    assert report.exit_code == (1 if failed else 0)


@pytest.mark.parametrize("name", sorted({name for names, *_ in RECORDED for name in names.split()} - {ENVIRONMENT}))
@pytest.mark.unmeasured
def test_no_secret_of_it_is_said(name: str) -> None:
    """Whichever way the report is written."""
    model = judged(HERE / name, HERE / ENVIRONMENT).to_model()
    search = secrets(name)
    assert [search.find(writer(form)(model)) for form in ("json", "html", "har")] == [[], [], []]


@pytest.mark.parametrize("name", HARS)
def test_it_can_be_redacted_and_is_judged_alike(name: str, tmp_path: Path) -> None:
    """What the tool adds of its own, call stacks with addresses among it, keeps no secret either."""
    text = redacted(HERE / name)
    (tmp_path / "redacted").write_text(text, encoding="utf-8")
    assert outcomes(judged(tmp_path / "redacted")) == outcomes(judged(HERE / name))
    search = secrets(name)
    before = search.find((HERE / name).read_text(encoding="utf-8"))
    assert {leak.secret.kind for leak in before} >= {"password", "token"}
    assert search.find(text) == []


def test_what_a_browser_has_within_itself_is_no_exchange() -> None:
    """Firefox lists the page's icon, a data URL, among the requests; the others keep their numbers."""
    (judgement,) = Reading().judge(HERE / "firefox-right.har")  # type: ignore[misc]  # there is one
    entries = json.loads((HERE / "firefox-right.har").read_text(encoding="utf-8"))["log"]["entries"]
    within = [index for index, entry in enumerate(entries, start=1) if entry["request"]["url"].startswith("data:")]
    assert within
    places = {int(exchange.source.rpartition("#")[2]) for exchange in judgement.evidence.exchanges}
    assert places == set(range(1, len(entries) + 1)) - set(within)


def test_every_recording_stands_in_the_table() -> None:
    """And is small, for it is read by people."""
    there = {path.name: path.stat().st_size for path in HERE.iterdir() if path.suffix in SUFFIXES}
    assert set(there) == {name for names, *_ in RECORDED for name in names.split()}
    assert max(there.values()) < 60_000
