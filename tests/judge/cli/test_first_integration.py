"""The path in docs/first-integration.md: its commands can be typed, its rules are those of the catalogue."""

import re
import shlex
from pathlib import Path

import click

from blastiq_conformance.catalogue import catalogue
from blastiq_conformance.cli import blastiq as command_line

PAGE = Path(__file__).parents[3].joinpath("docs", "first-integration.md").read_text(encoding="utf-8")


def test_every_command_can_be_typed() -> None:
    """As many as the page counts, each with options that there are."""
    typed = [shlex.split(line) for line in re.findall(r"^\$ blastiq (.*)$", PAGE, re.MULTILINE)]
    assert len(typed) == 9
    for name, *words in typed:
        command = command_line.get_command(click.Context(command_line), name)
        assert command is not None
        command.make_context(name, list(words))


def test_the_rules_bear_their_names() -> None:
    """A rule that is called otherwise one day is called so here."""
    named = re.findall(r"(BIQ\d{3}) ([a-z]+(?:-[a-z]+)+)", PAGE)
    assert len(named) > 10
    assert all(catalogue()[rule].name == name for rule, name in named)
