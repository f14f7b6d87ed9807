"""Waivers written into a configuration for known failures; reason, owner and last day are left to be filled in."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from blastiq_conformance import given_file
from blastiq_conformance.config.config_error import ConfigError
from blastiq_conformance.config.file import FALLBACK, read
from blastiq_conformance.config.place import line_of
from blastiq_conformance.schemas.shape import Place
from fake_idp.system.whole_file import write_whole


class Failure(NamedTuple):
    """A rule that failed; in one scenario, or in several where none is named."""

    rule: str
    name: str
    scenario: str


def write_waivers(file: Path, failures: Mapping[str, Sequence[Failure]]) -> None:
    """Add waivers to their targets; the file is invalid until they are filled in. Raises ConfigError and OSError."""
    names = [declared.target.name for declared in read(file).targets]
    place = ("tool", "blastiq", "target") if file.name == FALLBACK else ("target",)
    text = given_file.read_text(file)
    # From the end, so that the lines above stay where they are.
    for index, name in reversed(list(enumerate(names))):
        if failures.get(name):
            text = _inserted(text, place, index, failures[name])
            if text == "":
                raise ConfigError(f"{file} does not declare its targets by [[…]]; write its waivers by hand")
    write_whole(file, text.encode())


def _inserted(text: str, place: tuple[str, ...], index: int, failures: Sequence[Failure]) -> str:
    """Give the text with the waivers; empty where they cannot be put there."""
    lines = text.splitlines(keepends=True)
    # A table of an array belongs to the last element above it.
    behind: Place = (*place, index + 1)
    at = len(lines) if _count(text, place, index + 1) < 0 else (line_of(text, behind) or 1) - 1
    before = "".join(lines[:at])
    drafts = "".join(_draft(f"[[{'.'.join(place)}.waivers]]", failure) for failure in failures)
    gap = "" if before.endswith("\n") or not before else "\n"
    whole = f"{before}{gap}{drafts}{''.join(lines[at:])}"
    return whole if _count(whole, place, index) == _count(text, place, index) + len(failures) else ""


def _draft(head: str, failure: Failure) -> str:
    scenario = f'scenario = "{failure.scenario}"\n' if failure.scenario else ""
    return (
        f'\n{head}\nrule = "{failure.rule}"  # {failure.name}\n{scenario}'
        'reason = ""  # why it is accepted for now\nowner = ""  # who answers for it\n'
        'expires = ""  # its last day, as 2027-01-31\n'
    )


def _count(text: str, place: tuple[str, ...], index: int) -> int:
    """Count the waivers of a target; -1 where there is none."""
    try:
        found = tomllib.loads(text)
        for key in place:
            found = found[key]
        return len(list(found)[index].get("waivers", []))  # type: ignore[attr-defined]  # the targets were read before
    except (tomllib.TOMLDecodeError, LookupError):
        return -1
