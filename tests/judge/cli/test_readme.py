"""The README says what is true: its commands exist and do what it says, its tables are those of the code."""

import ast
import inspect
import os
import re
import shlex
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import click
import pytest
import yaml

from blastiq_conformance.cli import blastiq as command_line
from blastiq_conformance.config import read
from blastiq_conformance.plugin import pytest_plugin
from blastiq_conformance.report.verdict import PRECEDENCE
from blastiq_conformance.runner.placeholder import _NAMES
from blastiq_conformance.writers import FORMATS
from tests.judge.cli.shell import BLASTIQ

README = Path(__file__).parents[3].joinpath("README.md").read_text(encoding="utf-8")
_SEPARATORS = frozenset({"&&", "||", "|", ";"})


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def rows(head: str) -> list[list[str]]:
    """Give what stands in backquotes, or else the text, of the first column of a table."""
    table = README.partition(f"| {head} |")[2].partition("\n\n")[0].splitlines()[2:]
    return [re.findall(r"`([^`]+)`", cell) or [cell.strip()] for cell in (row.split("|")[1] for row in table)]


def commands(line: str) -> Iterator[list[str]]:
    """Give each call of `blastiq` in a line of a shell."""
    words: list[str] = []
    for word in [*shlex.split(line, comments=True), "&&"]:
        if word not in _SEPARATORS:
            words.append(word)
            continue
        if "blastiq" in words[:1]:
            yield words
        words = []


def pipelines() -> Iterator[str]:
    """Give the steps of the CI services."""
    for text in blocks("yaml"):
        for part in re.split(r"^#.*$", text, flags=re.MULTILINE):
            parsed = yaml.safe_load(part)
            for step in parsed if isinstance(parsed, list) else (parsed or {}).values():
                script = step.get("script") or step.get("run") or []
                yield from script if isinstance(script, list) else [script]
    yield from re.findall(r"`sh '([^']+)'`", README)


LINES = [line[2:] for text in blocks("console") for line in text.splitlines() if line.startswith("$ ")]
CALLS = [call for line in (*LINES, *pipelines()) for call in commands(line)]


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_every_command_is_one(call: list[str]) -> None:
    """Command, options and formats are known; what they name need not be there."""
    context = click.Context(command_line, info_name="blastiq")
    command = command_line.get_command(context, call[1])
    assert command is not None
    own = call[2 : call.index("--")] if "--" in call else call[2:]
    known = {name for parameter in command.params for name in parameter.opts}
    assert {word for word in own if word.startswith("-") and word != "-"} <= known
    assert {value.partition("=")[0] for word, value in pairwise(own) if word == "--report"} <= {*FORMATS}


def in_ci() -> Iterator[str]:
    """Give the lines of the CI chapter, and those of the services, that judge an integration."""
    chapter = README.partition("\n## CI\n")[2].partition("\n## ")[0]
    merged = re.search(r"^\$ .*part-1.*\n\$ .*part-2.*\n\$ .*part-1.*part-2.*$", chapter, re.MULTILINE)
    assert merged is not None
    yield merged[0].replace("$ ", "").replace("\n", " && ")
    yield from (line for line in (*LINES, *pipelines()) if "-- ./my-integration" in line and "part-" not in line)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="the lines are those of a POSIX shell")
@pytest.mark.parametrize("line", list(dict.fromkeys(in_ci())))
def test_what_a_ci_job_says_works(tmp_path: Path, line: str) -> None:
    """With the demo as integration, in a folder of its own; in one scenario, where none is named."""
    integration = tmp_path / "my-integration"
    integration.write_text(f"#!/bin/sh\nexec '{sys.executable}' -m blastiq_conformance.programs.demo\n")
    integration.chmod(0o755)
    quick = line if "--scenario" in line else line.replace("blastiq run ", "blastiq run --quick ")
    quick = quick.replace("pip install blastiq-conformance", "true")
    functions = f'blastiq() {{ {shlex.join(BLASTIQ)} "$@"; }}\n'
    done = subprocess.run(
        ["sh", "-euc", functions + quick], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for file in re.findall(r"(?:--report|--to) \S+?=(\S+)|--bundle (\S+)", line):
        name = "".join(file)
        assert name == "-" or (tmp_path / name).stat().st_size


def test_the_variables_are_those_that_an_integration_gets() -> None:
    """Those that are always there, each with its name."""
    named = {name for row in rows("variable") for name in row}
    sometimes = {"concurrency", "ca_file", "proxy"}
    assert named == {f"BLASTIQ_{name.upper()}" for name in _NAMES if name not in sometimes}


def test_the_exit_codes_are_those_of_verdicts() -> None:
    """All of them, and those of the signals that end it beside Ctrl-C."""
    codes = {int(code) for row in rows("exit code") for code in row[0].split(", ")}
    assert codes == {*PRECEDENCE, *(128 + number for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT))}


def test_the_formats_are_those_that_are_written() -> None:
    """But for the two that need no row: what stands on the screen, and the model itself."""
    assert {name for row in rows("format") for name in row} == {*FORMATS} - {"terminal", "json"}


def test_the_fixtures_are_those_of_the_plugin() -> None:
    """All that do not begin with an underscore."""
    given = {name for name, _ in inspect.getmembers(pytest_plugin, lambda value: hasattr(value, "_fixture_function"))}
    assert {row[0] for row in rows("fixture")} == {name for name in given if not name.startswith("_")}


def test_what_is_code_is_code(tmp_path: Path) -> None:
    """Python that compiles, a blastiq.toml that is read."""
    for text in blocks("python"):
        ast.parse(text)
    for number, text in enumerate(blocks("toml")):
        tomllib.loads(text)
        file = tmp_path / f"{number}.toml"
        file.write_text(text, encoding="utf-8")
        assert read(file).targets
