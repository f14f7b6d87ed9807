"""README and docs say what is true: their commands exist and do what they say, their tables are those of the code."""

import ast
import inspect
import re
import signal
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import click
import httpx
import pytest
from hypothesis import settings

from blastiq_conformance.cli import blastiq as command_line
from blastiq_conformance.config import read
from blastiq_conformance.plugin import pytest_plugin
from blastiq_conformance.report.verdict import PRECEDENCE
from blastiq_conformance.runner.placeholder import _NAMES
from blastiq_conformance.writers import FORMATS
from tests import sample
from tests.judge.cli.pages import DOCS, PAGES, README, ROOT, blocks, commands, lines, pipelines, rows

LINES = lines(DOCS)
INLINE = re.findall(r"`(blastiq [a-z][^`\n]*)`", DOCS)
CALLS = [
    list(call) for call in dict.fromkeys(tuple(x) for line in (*LINES, *pipelines(), *INLINE) for x in commands(line))
]


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


class MyClient:
    """What the examples for pytest stand for."""

    def __init__(self, authority: str, username: str, password: str) -> None:
        self._authority, self._user = authority, {"username": username, "password": password}

    def fetch(self) -> None:
        endpoint = httpx.get(f"{self._authority}/.well-known/openid-configuration").json()["token_endpoint"]
        form = {"grant_type": "password", "client_id": "external.customer", **self._user}
        token = httpx.post(endpoint, data=form).json()["access_token"]
        httpx.get("https://www.blastiq.com/api", headers={"Authorization": f"Bearer {token}"})


def test_the_property_test_holds() -> None:
    """The example draws what the strategies give, by the names that these have."""
    (text,) = [text for text in blocks("python") if "@given" in text]
    names: dict[str, Any] = {"MyClient": MyClient}
    exec(text, names)  # noqa: S102 - our own
    settings(max_examples=5)(names["test_signs_in_to_whatever_it_meets"])()


def test_a_newcomer_reads_one_page() -> None:
    """The README stays short, and leads to every other document of the folder."""
    assert len(README.splitlines()) <= 150
    linked = {(ROOT / target).resolve() for target in re.findall(r"\]\(([^)#]+)", README)}
    assert {path for path in PAGES if path.parent == ROOT / "docs"} <= linked


def test_links_lead_somewhere() -> None:
    """Each file that a page links to is there."""
    lost = [
        f"{page.relative_to(ROOT)}: {target}"
        for page, text in PAGES.items()
        for target in re.findall(r"\]\((?!https?:)([^)#\s]+)", text)
        if not (page.parent / target).exists()
    ]
    assert lost == []


@pytest.mark.slow
def test_the_sample_is_todays() -> None:
    """Finding and picture are those of a run of now; `python -m tests.regenerate` writes them."""
    assert sample.finding() in README
    assert sample.picture() == sample.PICTURE.read_text(encoding="utf-8")


def test_the_picture_can_be_read() -> None:
    """It is XML that needs no other file, named and described for who cannot see it, in light and in dark."""
    text = sample.PICTURE.read_text(encoding="utf-8")
    root = ET.fromstring(text)  # noqa: S314 - our own
    named = {element.get("id"): element.text for element in root.iter() if element.get("id")}
    assert all(named[name] for name in root.get("aria-labelledby", "").split())
    assert "prefers-color-scheme: dark" in text
    assert not re.search(r"href|url\(|@import|<script", text)
