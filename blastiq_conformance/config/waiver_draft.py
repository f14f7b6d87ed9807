"""Waivers written into a configuration for known failures; reason, owner and last day are left to be filled in."""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from blastiq_conformance import given_file
from blastiq_conformance.catalogue import Outcome, Severity
from blastiq_conformance.config import FALLBACK, read
from blastiq_conformance.config.config_error import ConfigError
from blastiq_conformance.config.place import line_of
from blastiq_conformance.report import Report
from blastiq_conformance.schemas import Place
from fake_idp.system.whole_file import write_whole


def write_waivers(file: Path, reports: Iterable[Report]) -> int:
    """Add a waiver for each error to its target, and give how many; the file is invalid until they are filled in.

    Raises ConfigError and OSError.
    """
    names = [declared.target.name for declared in read(file).targets]
    place = ("tool", "blastiq", "target") if file.name == FALLBACK else ("target",)
    drafts = {report.target: list(_drafts(report, f"[[{'.'.join(place)}.waivers]]")) for report in reports}
    text = given_file.read_text(file)
    # From the end, so that the lines above stay where they are.
    for index, name in reversed(list(enumerate(names))):
        if drafts.get(name):
            text = _inserted(text, place, index, drafts[name])
            if text == "":
                raise ConfigError(f"{file} does not declare its targets by [[…]]; write its waivers by hand")
    if number := sum(map(len, drafts.values())):
        write_whole(file, text.encode())
    return number


def _drafts(report: Report, head: str) -> Iterator[str]:
    """Draft a waiver for each rule that failed; for one scenario, or for all if it failed in several."""
    for result in report.results:
        if result.outcome is Outcome.FAILED and result.severity is Severity.ERROR:
            scenarios = {finding.scenario for finding in result.findings}
            scenario = f'scenario = "{scenarios.pop()}"\n' if len(scenarios) == 1 and scenarios != {""} else ""
            yield (
                f'\n{head}\nrule = "{result.rule}"  # {report.rules[result.rule].name}\n{scenario}'
                'reason = ""  # why it is accepted for now\nowner = ""  # who answers for it\n'
                'expires = ""  # its last day, as 2027-01-31\n'
            )


def _inserted(text: str, place: tuple[str, ...], index: int, drafts: Sequence[str]) -> str:
    """Give the text with the waivers; empty where they cannot be put there."""
    lines = text.splitlines(keepends=True)
    # A table of an array belongs to the last element above it.
    behind: Place = (*place, index + 1)
    at = len(lines) if _count(text, place, index + 1) < 0 else (line_of(text, behind) or 1) - 1
    before = "".join(lines[:at])
    gap = "" if before.endswith("\n") or not before else "\n"
    whole = f"{before}{gap}{''.join(drafts)}{''.join(lines[at:])}"
    return whole if _count(whole, place, index) == _count(text, place, index) + len(drafts) else ""


def _count(text: str, place: tuple[str, ...], index: int) -> int:
    """Count the waivers of a target; -1 where there is none."""
    try:
        found = tomllib.loads(text)
        for key in place:
            found = found[key]
        return len(list(found)[index].get("waivers", []))  # type: ignore[attr-defined]  # the targets were read before
    except (tomllib.TOMLDecodeError, LookupError):
        return -1
