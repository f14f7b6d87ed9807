"""The doors: a command, and what it reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from blastiq_conformance.cli import blastiq
from tests.judge.doors.recordings import RECORDINGS, as_json
from tests.judge.doors.seeds import BESIDE, REPORTS, TOML, jwt, packages


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A command whose file `name` is one of the seeds; `-` as the name: what comes from standard input."""

    command: tuple[str, ...]
    seeds: Sequence[bytes]
    name: str = "file"

    def enter(self, content: bytes, folder: Path, runner: CliRunner) -> int | BaseException:
        """Run the command on a content, in the folder that is the current one; an exit code, or what escaped."""
        if self.name != "-":
            (folder / self.name).write_bytes(content)
        result = runner.invoke(blastiq, self.command, input=content if self.name == "-" else None)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            return result.exception
        return result.exit_code


DOORS = {
    "check": Door(command=("check", "file"), seeds=RECORDINGS),
    "redact": Door(command=("redact", "file", "-o", "out"), seeds=RECORDINGS),
    "redact beside": Door(
        command=("redact", "http-client.env.json", "-o", "out"), seeds=[BESIDE], name="http-client.env.json"
    ),
    "report": Door(command=("report", "file"), seeds=REPORTS),
    "report markdown": Door(command=("report", "--to", "markdown", "file"), seeds=REPORTS),
    "report junit": Door(command=("report", "--to", "junit", "file"), seeds=REPORTS),
    "report sarif": Door(command=("report", "--to", "sarif", "file"), seeds=REPORTS),
    "run --config": Door(command=("run", "--config", "file", "--target", "another"), seeds=[TOML]),
    "scan": Door(command=("scan", "file"), seeds=packages()),
    "scan --known": Door(command=("scan", "--known", "file", "."), seeds=[b"p9X2mK4vQ7wZ\nsvc@mine.example\n"]),
    "token": Door(command=("token", "-"), seeds=[jwt()], name="-"),
    "init": Door(
        command=("init", "--yes"), seeds=[as_json({"main": "app.js", "scripts": {"start": "x"}})], name="package.json"
    ),
}
