"""The fixes of the rules, run: a program with the mistake, the change that the rule tells of, what is found then.

The tables beside this file hold them: `fault` puts the mistake into a program, where it is not there already; `mended`
is the change that the rule tells of, none where that is to take the mistake out again; `instead` is another program,
where there is no less to change. `username` and `password` are of a Service User that is signed in apart from any
scenario, where the credentials themselves bring the mistake about; `declared` is a line of the target's configuration.
"""

import json
import os
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from blastiq_conformance.catalogue import Profile, Severity, catalogue
from blastiq_conformance.plugin.door import Door
from blastiq_conformance.plugin.live import LiveServer
from fake_idp.http.server import Server
from fake_idp.server_config import ServerConfig, ServiceUser
from tests.clients.launch import ROOT, command, program

Edits = tuple[tuple[str, str], ...]
# A process table that is sampled shows an argument now and then.
CHANCE = frozenset({"703"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """What one library's fix for some rules does to a program; `library` is named as in `Rule.fixes`."""

    rules: str
    library: str
    program: str
    fault: Edits = ()
    mended: Edits = ()
    instead: str = ""
    needs: str = ""
    scenarios: str = "sign-in"
    options: tuple[str, ...] = ()
    declared: str = ""
    username: str = ""
    password: str = ""

    @property
    def name(self) -> str:
        """A name for a row of a table."""
        return f"{self.rules.replace(' ', '-')} {self.library} {Path(self.program).name}"

    @property
    def ids(self) -> frozenset[str]:
        """The rules that it mends."""
        return frozenset(f"BIQ{number}" for number in self.rules.split())

    def faulty(self) -> str:
        """Give the program with the mistake."""
        return _edited(program(self.program).read_text(encoding="utf-8"), self.fault)

    def fixed(self) -> str:
        """Give the program as the rule says that it should be."""
        if self.mended:
            return _edited(self.faulty(), self.mended)
        return program(self.instead or self.program).read_text(encoding="utf-8")

    def findings(self, text: str, workshop: Path, folder: Path) -> dict[str, str]:
        """Give the rules that a version of the program breaks, each with what was said."""
        path = folder / Path(self.program).name
        path.write_text(text, encoding="utf-8")
        words = command(str(path), self.needs.split(), workshop)
        return self._signed_in(words, folder) if self.password else self._run(words, folder)

    def _run(self, words: list[str], folder: Path) -> dict[str, str]:
        options = [*self.options, *(word for slug in self.scenarios.split() for word in ("--scenario", slug))]
        if self.declared:
            lines = ["[[target]]", f"command = {json.dumps(words)}", self.declared, ""]
            (folder / "blastiq.toml").write_text("\n".join(lines), encoding="utf-8")
        run = [sys.executable, "-m", "blastiq_conformance", "run", "--format", "json", *options]
        run += [] if self.declared else ["--", *words]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(run, cwd=folder, env=environment, capture_output=True, check=False, text=True)
        results = json.loads(done.stdout)["results"] if done.stdout else []
        assert results, done.stdout + done.stderr
        return {
            result["rule"]: f"{finding['message']}: {finding['received']}"
            for result in results
            for finding in result["findings"]
            if _counts(result["rule"], finding["severity"])
        }

    def _signed_in(self, words: list[str], folder: Path) -> dict[str, str]:
        door = Door(ServerConfig(), ServiceUser(username=self.username, password=self.password))
        with Server() as server:
            live = LiveServer(server, door)
            subprocess.run(words, cwd=folder, env=live.env, capture_output=True, check=False)
            live.close()
        assert door.was_called
        return {
            result.rule: f"{finding.message}: {finding.received}"
            for result in door.report(Profile.ARTICLE).results
            for finding in result.findings
            if _counts(result.rule, finding.severity)
        }


def _counts(rule: str, severity: str) -> bool:
    """Whether a finding is one to be mended: a rule that warns may say more for information."""
    return severity != Severity.INFO or catalogue()[rule].severity is Severity.INFO


def _edited(text: str, edits: Edits) -> str:
    for old, new in edits:
        assert old in text, f"the program has changed, and does not hold {old!r}"
        text = text.replace(old, new)
    return text


def _read(path: Path) -> list[Fix]:
    """Read a table; a key that is none is an error of its own."""
    fixes = []
    for row in tomllib.loads(path.read_text(encoding="utf-8"))["fix"]:
        changes = {
            part: tuple((edit["old"], edit["new"]) for edit in row.pop(part, ())) for part in ("fault", "mended")
        }
        fixes.append(Fix(**row | changes | {"options": tuple(row.get("options", ()))}))
    return fixes


FIXES = tuple(fix for path in sorted(Path(__file__).parent.glob("*.toml")) for fix in _read(path))
