"""Editions: dated sets of rules, levels, severities and scenarios, shipped as data.

A new version of the kit may know more, but fails nobody who is judged by an older edition. EDITION.json in this folder
never changes after its release: a check that differs from the next edition's keeps its old form until the edition is
dropped.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from blastiq_conformance.catalogue import Level, Rule, Severity, catalogue

CURRENT = "2026-12"
_SUFFIX = ".json"
_FOLDER = files(__package__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The rules of an edition, each with level and severity, and its scenarios."""

    rules: Mapping[str, tuple[Level, Severity]]
    scenarios: frozenset[str]


@cache
def editions() -> tuple[str, ...]:
    """Name the shipped editions, the oldest first."""
    names = (file.name for file in _FOLDER.iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX)))


@cache
def edition(name: str) -> Edition:
    """Read an edition; raises ValueError if it is not shipped."""
    if name not in editions():
        raise ValueError(f"there is no edition {name!r}; known are {', '.join(editions())}")
    told = json.loads(_FOLDER.joinpath(f"{name}{_SUFFIX}").read_text(encoding="utf-8"))
    rules = {rule: (Level(level), Severity(severity)) for rule, (level, severity) in told["rules"].items()}
    return Edition(rules=MappingProxyType(rules), scenarios=frozenset(told["scenarios"]))


@cache
def rules_in(name: str) -> Mapping[str, Rule]:
    """Give every rule as an edition has it; a newer one is marked as coming and can only inform."""
    dated = edition(name).rules
    return MappingProxyType({rule.id: _as_dated(rule, dated) for rule in catalogue().values()})


def _as_dated(rule: Rule, dated: Mapping[str, tuple[Level, Severity]]) -> Rule:
    if rule.id not in dated:
        return replace(rule, level=Level.MAY, severity=Severity.INFO, coming=True)
    level, severity = dated[rule.id]
    return rule if (rule.level, rule.severity) == (level, severity) else replace(rule, level=level, severity=severity)
