"""Families of rules, by the first digit of their numbers, and the outcome of each in a scenario."""

from collections.abc import Iterable, Mapping

from blastiq_conformance.catalogue import Outcome, Result, Severity
from blastiq_conformance.evidence.grouping import grouped

_FAMILIES = (
    "transport",
    "discovery",
    "request",
    "credentials",
    "response",
    "refresh",
    "token_use",
    "secrets",
    "resilience",
    "attended",
)
# The gravest first.
STATES = ("failed", "warned", "untested", "waived", "passed")


def family(rule: str) -> str:
    """Give the family of a rule."""
    return _FAMILIES[int(rule[3])]


def states(results: Iterable[Result]) -> dict[str, str]:
    """Give the gravest outcome of each family; one in which nothing applied is left out."""
    return gravest({family(each.rule): state} for each in results if (state := _state(each)))


def gravest(parts: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Merge the outcomes of families in several scenario runs."""
    found = grouped(pair for part in parts for pair in part.items())
    return {name: min(found[name], key=STATES.index) for name in _FAMILIES if name in found}


def _state(result: Result) -> str:
    match result.outcome:
        case Outcome.INAPPLICABLE:
            return ""
        case Outcome.CANT_TELL:
            return "untested"
        case Outcome.FAILED if result.severity is not Severity.ERROR:
            return "warned"
        case outcome:
            return str(outcome)
