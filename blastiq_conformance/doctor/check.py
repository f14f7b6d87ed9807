"""One check and its result."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """The result of a check; a note is worth knowing, but nothing is wrong."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What was checked, what was found, and what to do about it, if anything."""

    name: str
    status: Status = Status.OK
    found: str
    advice: str = ""


def problem(name: str, found: str, advice: str = "") -> Check:
    """Say what is wrong, and what to do about it."""
    return Check(name=name, status=Status.PROBLEM, found=found, advice=advice)
