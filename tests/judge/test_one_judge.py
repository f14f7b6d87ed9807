"""One judge for live and recorded traffic: a run read back from a journal or a HAR breaks the same rules."""

import json
from pathlib import Path

import pytest

from blastiq_conformance.catalogue import Outcome, Rule, catalogue
from blastiq_conformance.engine import judge
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.example import read_example
from blastiq_conformance.runner import Target, run
from blastiq_conformance.scenarios import scenarios
from blastiq_conformance.sources import read
from blastiq_conformance.sources.recording import write
from fake_idp.journal import Exchange
from tests.clients.due import DUE
from tests.clients.launch import mutant

RULES = tuple(catalogue().values())
SIGN_IN = [flaw for flaw, due in DUE.items() if due.scenarios == "sign-in" and not due.options]
# What a HAR cannot show: the process and its files, what was injected, how a name was spelt in a body that is no text.
NEEDS_THE_RUN = {"BIQ305", "BIQ701", "BIQ703", "BIQ705", "BIQ806"}


def broken(evidence: Evidence) -> dict[str, set[int | None]]:
    """Give the rules that failed, each with the exchanges that its findings name."""
    results = judge(evidence, RULES)
    return {
        result.rule: {finding.exchange for finding in result.findings}
        for result in results
        if result.outcome is Outcome.FAILED
    }


def to_har(exchanges: tuple[Exchange, ...]) -> str:
    """Write the exchanges as a browser or a proxy would."""
    return json.dumps({"log": {"version": "1.2", "entries": [entry(exchange) for exchange in exchanges]}})


def entry(exchange: Exchange) -> dict[str, object]:
    request, response = exchange.request, exchange.response
    query = f"?{request.query_string}" if request.query_string else ""
    sent: dict[str, object] = {
        "method": request.method,
        "url": request.url + query,
        "headers": [{"name": name, "value": value} for name, value in request.headers],
    }
    if request.body:
        sent["postData"] = {"mimeType": request.headers.get("content-type") or "", "text": request.body.decode()}
    got = {
        "status": response.status if response else 0,
        "headers": [{"name": name, "value": value} for name, value in (response.headers if response else ())],
        "content": {"text": response.body.decode() if response else ""},
    }
    return {"startedDateTime": exchange.at, "time": 1, "request": sent, "response": got}


@pytest.mark.parametrize("flaw", SIGN_IN)
def test_a_run_is_judged_alike_from_its_journal_and_its_har(flaw: str, tmp_path: Path) -> None:
    """The journal gives the very same findings; the HAR all but those that need the run itself."""
    (play,) = run(Target(command=tuple(mutant(flaw))), [scenarios()["sign-in"]], jobs=1)
    (live,) = play.evidences
    journal, har = tmp_path / "journal", tmp_path / "har"
    journal.write_text(write(live), encoding="utf-8")
    har.write_text(to_har(live.exchanges), encoding="utf-8")
    (from_journal,), (from_har,) = read(journal), read(har)
    found = broken(live)
    assert found
    assert broken(from_journal) == found
    kept = {rule: where for rule, where in found.items() if rule not in NEEDS_THE_RUN}
    assert kept.items() <= broken(from_har).items()
    assert set(broken(from_har)) <= set(found)


# A live answer is cut by its delivery, which a journal keeps; the example of BIQ412 says it by Content-Length alone.
EXAMPLES = tuple(rule for rule in RULES if rule.id != "BIQ412")


@pytest.mark.parametrize("rule", EXAMPLES, ids=lambda rule: rule.id)
def test_every_bad_example_is_judged_alike_from_its_journal(rule: Rule, tmp_path: Path) -> None:
    """What the notation of examples can say, a journal can hold."""
    evidence = read_example(rule.bad)
    path = tmp_path / "journal"
    path.write_text(write(evidence), encoding="utf-8")
    (again,) = read(path)
    assert broken(again) == broken(evidence)
