"""Evidence written as a recording and read back, and what the one judge must find in it as well."""

import base64
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from blastiq_conformance.bundle.container import unpack
from blastiq_conformance.bundle.plan import carry_out
from blastiq_conformance.catalogue import Outcome, Result, Rule, catalogue
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.judge.engine import judge
from blastiq_conformance.report.shape import ReportShape
from blastiq_conformance.scenarios import scenarios
from blastiq_conformance.sources import read
from blastiq_conformance.sources.recording import write
from fake_idp.journal import Exchange
from fake_idp.wire import Json, Request, Response

RULES = tuple(catalogue().values())
# A HAR does not say what was given to the integration, how its process ended, nor which scenario was played.
_MAY_PASS = {
    "BIQ207": "a name is there, and another had been given",
    "BIQ208": "a password is there, and another had been given",
    "BIQ214": "a well-formed ? is there, and another character had been given",
    "BIQ409": "nothing was done with the error page, and the process hung on it",
    "BIQ604": "the token was cut off with the answer that held it",
}
_MAY_FAIL = {
    "BIQ207": "it is empty, as it was given: BIQ308",
    "BIQ208": "as BIQ207",
    "BIQ824": "the target had declared that it calls at once",
    "BIQ825": "as BIQ824",
    "BIQ801": "a refusal that was cut off looks whole",
    "BIQ409": "an answer that was cut off looks whole: BIQ412",
    "BIQ605": "tokens are thrown away for what clock-skew does to them: BIQ609",
}


def broken(evidence: Evidence, rules: Iterable[Rule] = RULES) -> dict[str, set[int | None]]:
    """Give the rules that failed, each with the exchanges that its findings name."""
    return {result.rule: _places(result) for result in judge(evidence, rules) if result.outcome is Outcome.FAILED}


def by_journal(evidence: Evidence, folder: Path) -> Evidence:
    """Give what is read from a journal of it."""
    path = folder / "run.jsonl"
    path.write_text(write(evidence), encoding="utf-8")
    (again,) = read(path)
    return again


def by_har(evidence: Evidence, folder: Path) -> Evidence:
    """Give what is read from a HAR of it, as a proxy would write one; the caller knows the rest, such as the flow."""
    path = folder / "run.har"
    log = {"version": "1.2", "entries": [_entry(x, _epoch(evidence)) for x in evidence.exchanges]}
    path.write_text(json.dumps({"log": log}), encoding="utf-8")
    facts = evidence.facts
    (again,) = read(path, client_id=facts.client_id, authority=facts.authority)
    return replace(again, facts=replace(again.facts, flow=facts.flow, held_up=facts.held_up))


def differences(evidence: Evidence, folder: Path, rules: Iterable[Rule] = RULES) -> Iterator[str]:
    """Name each rule that a HAR breaks and the run did not, or that the run broke and it passes, or breaks elsewhere.

    What a HAR cannot show it must say: by untested, inapplicable or can't tell.
    """
    # A journal numbers connections without a request as well, of which a HAR knows nothing.
    entries = {exchange.number: index for index, exchange in enumerate(evidence.exchanges, start=1)}
    for live, recorded in zip(judge(evidence, rules), judge(by_har(evidence, folder), rules), strict=True):
        was, now = live.outcome is Outcome.FAILED, recorded.outcome is Outcome.FAILED
        silent = was and recorded.outcome is Outcome.PASSED and live.rule not in _MAY_PASS
        accused = now and not was and live.rule not in _MAY_FAIL
        places = {entries.get(number or 0, number) for number in _places(live)}
        if silent or accused or (was and now and places != _places(recorded)):
            yield f"{live.rule}: {_said(live)} in the run, {_said(recorded)} in its HAR"


def differences_by_journal(report: ReportShape, bundle: bytes) -> list[str]:
    """Name what the journals of a bundle say otherwise than the report of its run."""
    again: ReportShape = json.loads(unpack(bundle)[0]["report.json"])
    pairs = zip(_findings(report), _findings(again), strict=True)
    return [f"{before} in the run, {after} in its journal" for before, after in pairs if before != after]


def differences_by_har(bundle: bytes, folder: Path) -> list[str]:
    """Name what HARs made from the journals of a bundle say otherwise than these."""
    files, _ = unpack(bundle)
    found = []
    for scenario_run in json.loads(files["manifest.json"])["reports"][0]["judgements"]:
        path = folder / "play.jsonl"
        path.write_bytes(files[scenario_run["evidence"]])
        (evidence,) = read(path)
        without = scenarios()[scenario_run["scenario"]].without
        rules = [rule for number, rule in catalogue().items() if number not in without]
        found += [f"{scenario_run['scenario']}: {text}" for text in differences(evidence, folder, rules)]
    return found


def judged_again(bundle: bytes) -> ReportShape:
    """Give the report on the evidence of a bundle by the rules of today."""
    files, _ = unpack(bundle)
    (planned,) = json.loads(files["manifest.json"])["reports"]
    planned["rules"] = list(catalogue())
    for scenario_run in planned["judgements"]:
        scenario_run["rules"] = list(catalogue())
    return carry_out(planned, files).to_model()


def _findings(report: ReportShape) -> Iterator[Json]:
    for result in report["results"]:
        found: list[Json] = [
            [each["severity"], each["parameter"], each["scenario"], each["exchange"]] for each in result["findings"]
        ]
        yield [result["rule"], result["outcome"], *found]


def _places(result: Result) -> set[int | None]:
    return {finding.exchange for finding in result.findings}


def _said(result: Result) -> str:
    return f"{result.outcome} {_places(result) or ''}".strip()


def _epoch(evidence: Evidence) -> float:
    """Give when the clock of the exchanges stood at zero, so that pauses and dates are both what they were."""
    first = next((exchange for exchange in evidence.exchanges if exchange.at), None)
    return 0.0 if first is None else datetime.fromisoformat(first.at).timestamp() - first.started


def _entry(exchange: Exchange, epoch: float) -> dict[str, Json]:
    return {
        "startedDateTime": datetime.fromtimestamp(epoch + exchange.started, UTC).isoformat(),
        "time": (exchange.ended - exchange.started) * 1000,
        "request": _request(exchange.request),
        "response": {"status": 0} if exchange.response is None else _response(exchange.response),
    }


def _request(request: Request) -> dict[str, Json]:
    query = f"?{request.query_string}" if request.query_string else ""
    sent: dict[str, Json] = {"method": request.method, "url": request.url + query, "headers": _headers(request)}
    if request.body:
        sent["postData"] = {"mimeType": request.headers.get("content-type") or "", **_text(request.body)}
    return sent


def _response(response: Response) -> dict[str, Json]:
    return {"status": response.status, "headers": _headers(response), "content": _text(response.sent)}


def _headers(message: Request | Response) -> list[Json]:
    return [{"name": name, "value": value} for name, value in message.headers]


def _text(body: bytes) -> dict[str, Json]:
    try:
        return {"text": body.decode()}
    except UnicodeDecodeError:
        return {"text": base64.b64encode(body).decode(), "encoding": "base64"}
