"""Runs `blastiq run` on a client, gives what it found as rule numbers, and holds its recordings to the same."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.clients.launch import ROOT, UNMEASURED
from tests.judge.recorded import differences_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Exit code, the numbers of the rules with an error or a warning, and all findings in words."""

    exit_code: int
    errors: set[str]
    warnings: set[str]
    text: str


def judge(
    client: list[str], folder: Path, *, scenarios: Iterable[str] = (), options: Iterable[str] = (), **declared: object
) -> Verdict:
    """Judge a client that is started in this folder; `declared` are keys of a target such as concurrency=8.

    What is read back from a journal or a HAR of the run must be judged as the run was.
    """
    client = [*UNMEASURED, *client]
    options = [*options, *(word for slug in scenarios for word in ("--scenario", slug))]
    if declared:
        config = folder / "blastiq.toml"
        lines = [
            f"command = {json.dumps(client)}",
            *(f"{key} = {json.dumps(value)}" for key, value in declared.items()),
        ]
        config.write_text("\n".join(["[[target]]", *lines]) + "\n")
        options += ["--config", str(config)]
    else:
        options += ["--", *client]
    bundle = folder / "run.zip"
    words = [sys.executable, "-m", "blastiq_conformance", "run", "--format", "json", "--bundle", str(bundle), *options]
    # The mutant is a module of this repository, and is started elsewhere.
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, check=False, text=True)
    assert done.stdout, done.stderr
    assert bundle.exists(), done.stderr
    differences = "\n".join(differences_of(done.stdout, bundle, folder))
    assert not differences, differences
    findings = [
        (finding["severity"], result["rule"].removeprefix("BIQ"), finding["scenario"], finding["received"])
        for result in json.loads(done.stdout)["results"]
        for finding in result["findings"]
    ]
    return Verdict(
        exit_code=done.returncode,
        errors={rule for severity, rule, *_ in findings if severity == "error"},
        warnings={rule for severity, rule, *_ in findings if severity == "warning"},
        text="\n".join(map(str, findings)) or done.stderr,
    )
