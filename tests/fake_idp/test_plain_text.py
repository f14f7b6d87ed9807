"""Anybody's text on its way to people: it steers no terminal and gives no CI system a command."""

import pytest

from fake_idp.system.plain_text import plain, tame

# GitHub's two ways, Azure's and TeamCity's.
COMMANDS = ("::error::x", "::stop-commands::x", "##[error]x", "##vso[task.setvariable]x", "##teamcity[x]")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("before", ["", " ", "\u00a0", "word ", "\t\n  "], ids=ascii)
def test_no_command_is_left_where_a_line_may_begin(before: str, command: str) -> None:
    """Alone, after white space that a CI system trims, or at a place where a line may be broken."""
    for clean in (plain(before + command), tame(before + command)):
        assert not any(each in clean for each in ("##[", "##vso[", "##teamcity["))
        assert not any(line.strip().startswith("::") for line in clean.replace(" ", "\n").splitlines())


def test_a_command_within_a_line_is_one_of_those_that_are_taken_anywhere() -> None:
    """Azure and GitHub's older form look for theirs everywhere."""
    assert plain("x##vso[a]##[b]") == r"x\x23#vso[a]\x23#[b]"


@pytest.mark.parametrize("text", ["Net::HTTP", "http://[::1]:80/", "## heading", "a #1 ##", "std::io", "é 🦘"])
def test_what_is_no_command_stays(text: str) -> None:
    """Names of libraries, addresses and headings are read as they are written."""
    assert (plain(text), tame(text)) == (text, text)


def test_what_was_shown_once_stays() -> None:
    """Text passes several hands, and each may make it plain."""
    once = plain("::error::\x1b[2J\u202e##[x]\ud800\n")
    assert plain(once) == once
