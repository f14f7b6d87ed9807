"""Runs `blastiq run` on a client, gives what it found as rule numbers, and holds its recordings to the same."""

import json
from collections.abc import Iterable
from contextlib import chdir
from dataclasses import dataclass, field
from pathlib import Path

from blastiq_conformance.report.shape import ReportShape
from tests.clients.kept import Kept, place
from tests.clients.launch import ROOT
from tests.judge.cli.shell import called
from tests.judge.recorded import differences_by_har, differences_by_journal, judged_again
from tests.measuring import unmeasured


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Exit code, the numbers of the rules with an error or a warning, and all findings in words."""

    exit_code: int
    errors: set[str]
    warnings: set[str]
    text: str
    bundle: bytes = field(repr=False)
    place: Kept = field(repr=False)

    def keep(self) -> None:
        """Keep what was seen, once the verdict is known to be right."""
        self.place.write(self.bundle)


def judge(
    client: list[str],
    folder: Path,
    workshop: Path,
    *,
    scenarios: Iterable[str] = (),
    options: Iterable[str] = (),
    **declared: object,
) -> Verdict:
    """Judge a client that is started in this folder; `declared` are keys of a target such as concurrency=8.

    What is read back from a journal or a HAR of the run must be judged as the run was.
    """
    options = [*options, *(word for slug in scenarios for word in ("--scenario", slug))]
    kept = place(client, (options, sorted(declared.items())), workshop)
    # The kit is measured by tests of its own; these take many times as long as any of them.
    with unmeasured():
        bundle = kept.read()
        if bundle is None:
            bundle, report = _played(client, folder, options, declared)
            differences = differences_by_journal(report, bundle)
        else:
            report, differences = judged_again(bundle), []
        differences += differences_by_har(bundle, folder)
    assert not differences, "\n".join(differences)
    findings = [
        (finding["severity"], result["rule"].removeprefix("BIQ"), finding["scenario"], finding["received"])
        for result in report["results"]
        for finding in result["findings"]
    ]
    return Verdict(
        exit_code=report["exit_code"],
        errors={rule for severity, rule, *_ in findings if severity == "error"},
        warnings={rule for severity, rule, *_ in findings if severity == "warning"},
        text="\n".join(map(str, findings)) or f"exit code {report['exit_code']}",
        bundle=bundle,
        place=kept,
    )


def _played(
    client: list[str], folder: Path, options: list[str], declared: dict[str, object]
) -> tuple[bytes, ReportShape]:
    if declared:
        config = folder / "blastiq.toml"
        lines = [
            f"command = {json.dumps(client)}",
            *(f"{key} = {json.dumps(value)}" for key, value in declared.items()),
        ]
        config.write_text("\n".join(["[[target]]", *lines]) + "\n")
        options = [*options, "--config", str(config)]
    else:
        options = [*options, "--", *client]
    bundle = folder / "run.zip"
    with chdir(folder):
        # The mutant is a module of this repository, and is started elsewhere.
        done = called("run", "--format", "json", "--bundle", str(bundle), *options, PYTHONPATH=str(ROOT))
    assert done.stdout, done.stderr
    assert bundle.exists(), done.stderr
    report: ReportShape = json.loads(done.stdout)
    assert report["exit_code"] == done.returncode
    return bundle.read_bytes(), report
