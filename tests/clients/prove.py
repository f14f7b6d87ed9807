"""The proof: every client through the whole run, live and as recorded; what speaks stands in its row, and no more.

    python -m tests.clients.prove               all clients; docs/proof.json then says which rows held, and when
    python -m tests.clients.prove M09 good/     those whose names begin so
    python -m tests.clients.prove --recorded    judge what an earlier run recorded, whatever has changed since

Evidence is kept in `.proof/` and played again only where the client, the fake, the runner or the scenarios have
changed: the judge is pure, so that the proof is the same.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

from _pytest.outcomes import Skipped

from blastiq_conformance.catalogue import Outcome, Profile, Severity, catalogue
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.report import Report
from blastiq_conformance.report.verdict import worst_code
from blastiq_conformance.runner.not_run import NotRun
from blastiq_conformance.runner.run import control_of, run
from blastiq_conformance.runner.scenario_run import ScenarioRun
from blastiq_conformance.runner.target import Target
from blastiq_conformance.scenarios import Need, Scenario, scenarios
from blastiq_conformance.sources import recording
from blastiq_conformance.trial.judging import judge_together
from tests.clients.launch import ROOT
from tests.clients.rows import Row, rows
from tests.judge.recorded import differences

STORE = ROOT / ".proof"
RESULT = ROOT / "docs" / "proof.json"
_TIMEOUT = 90.0
# Where the server never answers, who would wait for ever is ended sooner; right clients give up after ten seconds, and
# some of them try three times.
_SILENCE, _PATIENCE = 50.0, 45.0
_SILENT = "hangs"
_AT_ONCE = int(os.environ.get("AT_ONCE", "5"))
# What decides what is seen, beside the client itself.
_PLAYED_BY = ("fake_idp", "blastiq_conformance/runner", "blastiq_conformance/scenarios", "blastiq_conformance/proxy")
# Over TLS what is not about it would only be the same again, without the scenarios that explain it.
_OVER_TLS = frozenset({"sign-in", "control", "redirects"})
_BENIGN, _ABOUT_TLS = frozenset({"sign-in", "control"}), "BIQ00"


def main(words: Sequence[str]) -> int:
    """Prove the rows that are named; 0 where each client was judged as its row says."""
    names = [word for word in words if not word.startswith("--")]
    known = list(rows())
    named = (row for name in names for row in known if row.name.startswith(name))
    chosen = list({row.name: row for row in (named if names else known)}.values())
    stale = "--recorded" in words
    failed, held = 0, []
    with ProcessPoolExecutor(_AT_ONCE, mp_context=get_context("spawn")) as pool:
        proofs = {pool.submit(_prove, row, stale): row for row in chosen}
        for proof in as_completed(proofs):
            wrong = proof.result()
            failed += bool(wrong)
            name = proofs[proof].name
            held += [] if wrong else [name]
            print(f"{'WRONG' if wrong else 'right'}  {name}", *wrong, sep="\n       ", flush=True)  # noqa: T201 - a program of its own
    print(f"{len(chosen) - failed} of {len(chosen)} judged as stated")  # noqa: T201 - a program of its own
    note(held, [row.name for row in chosen])
    return 1 if failed else 0


def note(held: Sequence[str], played: Sequence[str]) -> None:
    """Note for each client of which commit its row held; of those that were not played, what was known before."""
    words = ["git", "rev-parse", "HEAD"]
    commit = subprocess.run(words, cwd=ROOT, capture_output=True, check=True, text=True).stdout.strip()
    before = json.loads(RESULT.read_text(encoding="utf-8")) if RESULT.exists() else {}
    known = {row.name: "" if row.name in played else before.get(row.name, "") for row in rows()}
    RESULT.write_text(json.dumps(known | dict.fromkeys(held, commit), indent=1) + "\n", encoding="utf-8")


def _prove(row: Row, stale: bool) -> list[str]:
    """Give what is wrong with the verdicts on one client, nothing where they are as stated."""
    try:
        runs = list(evidence_of(row, stale=stale))
    except NotRun as error:
        return [] if 3 in row.exit_codes else [f"not run: {error.text.splitlines()[0]}"]
    except Skipped as error:
        return [f"cannot be had here: {error}"]
    found = {severity: dict[str, list[str]]() for severity in Severity}
    codes = set()
    for number, way in enumerate(runs):
        judged = judge_together(way, catalogue().values(), Profile.ARTICLE)
        codes.add(Report(judged, rules=catalogue()).exit_code)
        for judgement in judged:
            where = f"{judgement.scenario}/{judgement.evidence.facts.variant}".rstrip("/")
            again = number and judgement.scenario in _BENIGN
            for result in judgement.results:
                if result.outcome is Outcome.FAILED and (not again or result.rule.startswith(_ABOUT_TLS)):
                    for finding in result.findings:
                        found[finding.severity].setdefault(result.rule[3:], []).append(
                            f"{where}: {finding.message}: {finding.received}"
                        )
    with tempfile.TemporaryDirectory() as folder:
        recorded = [
            f"recorded, {text}" for way in runs for scenario_run in way for text in _by_har(scenario_run, Path(folder))
        ]
    return [
        *_compare("error", found[Severity.ERROR], row.errors, row.perhaps),
        # A rule that fails may well warn elsewhere.
        *_compare("warning", found[Severity.WARNING], row.warnings, f"{row.perhaps} {row.errors}"),
        *recorded,
        *_ending(codes, row, {number for severity in found.values() for number in severity}),
    ]


def _ending(codes: set[int], row: Row, spoke: set[str]) -> Iterator[str]:
    code = worst_code(codes)
    if row.exit_codes and code not in row.exit_codes and not spoke & set(row.perhaps.split()):
        yield f"exit code {code}, where {' or '.join(map(str, sorted(row.exit_codes)))} is due"


def _by_har(scenario_run: Evidence, folder: Path) -> Iterator[str]:
    scenario = scenarios().get(scenario_run.facts.scenario)
    without = scenario.without if scenario else {}
    return differences(scenario_run, folder, [rule for rule in catalogue().values() if rule.id not in without])


def _compare(severity: str, found: dict[str, list[str]], due: str, perhaps: str) -> Iterator[str]:
    for number in sorted(set(due.split()) - found.keys()):
        yield f"missed: BIQ{number} as {severity}"
    for number in sorted(found.keys() - set(due.split()) - set(perhaps.split())):
        places = list(dict.fromkeys(found[number]))
        yield f"not due: BIQ{number} as {severity} ({len(places)}): {places[0][:300]}"


def evidence_of(row: Row, *, stale: bool = False) -> Iterator[list[Evidence]]:
    """Give the plays of a client, one list for each way in which it is reached: plain, and over TLS."""
    folder = STORE / row.name.replace("/", "-")
    key = _key(row)
    if not (stale and folder.exists()) and (not (folder / "key").exists() or (folder / "key").read_text() != key):
        (folder / "key").unlink(missing_ok=True)
        if _record(row, folder):
            (folder / "key").write_text(key)
    for way in sorted(path for path in folder.iterdir() if path.is_dir()):
        yield [evidence for file in sorted(way.iterdir()) for evidence in _read(file)]


def _read(file: Path) -> Iterator[Evidence]:
    for evidence in recording.read(file.name, file.read_text(encoding="utf-8")):
        yield replace(evidence, exchanges=tuple(replace(x, source="") for x in evidence.exchanges))


def _key(row: Row) -> str:
    digest = hashlib.sha256(repr(row).encode())
    parts = [path for part in _PLAYED_BY for path in sorted((ROOT / part).rglob("*.py"))]
    for path in (*parts, *row.files):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _record(row: Row, folder: Path) -> bool:
    """Keep what a client did, and tell whether that can be relied on: the kit itself was not late (D55)."""
    command, timely = row.command(STORE / "workshop"), True
    for way, secured in (("plain", False), ("tls", True)):
        if row.is_reached(secured=secured):
            chosen = [s for s in scenarios().values() if _is_played(s, row, secured)]
            target = row.target(command)
            timeout = target.timeout if "timeout" in row.declared else _TIMEOUT
            try:
                runs = _run(replace(target, tls=secured, timeout=timeout), chosen)
                timely = timely and not any(scenario_run.held_up for scenario_run in runs)
                _write(runs, folder / way)
            except NotRun:
                # Who trusts a store of its own, or calls a host of its own, cannot be reached over TLS.
                if not (folder / "plain").exists():
                    raise
    return timely


def _run(target: Target, chosen: Sequence[Scenario]) -> list[ScenarioRun]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryDirectory() as cwd:
        target = replace(target, cwd=Path(cwd))
        runs = run(target, [s for s in chosen if s.slug != _SILENT], jobs=2, inherited=environment)
        silent = [s for s in chosen if s.slug == _SILENT]
        if silent:
            waits = target.timeout != _TIMEOUT
            hurried = target if waits else replace(target, timeout=_SILENCE, client_timeout=_PATIENCE)
            control = next(
                scenario_run for scenario_run in runs if scenario_run.scenario.slug == control_of(target).slug
            )
            runs += [p for p in run(hurried, silent, inherited=environment, control=control) if p is not control]
    return runs


def _is_played(scenario: Scenario, row: Row, secured: bool) -> bool:
    if row.attended:
        return scenario.attended
    if scenario.attended:
        return False
    about_tls = scenario.needs in {Need.TLS, Need.INTERCEPT}
    return (about_tls or scenario.slug in _OVER_TLS) if secured else not about_tls


def _write(runs: Iterable[ScenarioRun], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    number = 0
    for scenario_run in runs:
        for evidence in scenario_run.evidences:
            number += 1
            bare = tuple(replace(x, scenario="") for x in evidence.exchanges)
            rest = tuple(replace(x, scenario="") for x in evidence.connections)
            text = recording.write(replace(evidence, exchanges=bare, connections=rest))
            (folder / f"{number:04}.jsonl").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
