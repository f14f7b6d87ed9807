"""What a rule is, what it finds, and the registry of all rules: each is a decorated function under `rules/`."""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TypeVar, cast

from blastiq_conformance.catalogue.example_messages import AT_WORK, SIGN_IN
from blastiq_conformance.catalogue.symptoms import Symptom
from blastiq_conformance.catalogue.terms import Level, Outcome, Part, Profile, Severity, ShownBy
from blastiq_conformance.evidence import Evidence, api_calls, discoveries, password_grants, refreshes, token_requests
from blastiq_conformance.evidence.quotation import Text, quote

__all__ = [
    "Finding",
    "Level",
    "Outcome",
    "Part",
    "Problem",
    "Problems",
    "Profile",
    "Result",
    "Rule",
    "Severity",
    "ShownBy",
    "Symptom",
    "catalogue",
    "quote",
    "rule",
    "worst",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What a check yields: one place where its rule is broken.

    `exchange` is the number of the exchange, by default that of the subject, as `severity` is by default the rule's.
    `tolerated`: the profile `lenient` lowers it to a warning. `missing`: it rests on something that was not seen, so an
    edited exchange cannot prove it. `doubt` says why nobody can tell whether it is a problem. `symptom`: it blames the
    oddity, and is dropped where the client shows the same symptom with nothing odd (D36). `fix` replaces the rule's
    `instead`. A text marks by `quote` what was sent, printed or given: only there a report looks for every secret.
    """

    message: str = field(repr=False)
    expected: str = field(repr=False)
    received: str = field(repr=False)
    parameter: str = field(default="", repr=False)
    exchange: int | None = None
    severity: Severity | None = None
    tolerated: bool = False
    missing: bool = False
    doubt: str = ""
    symptom: Symptom | None = None
    fix: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A problem with all that a report shows: rule, severity under the profile, scenario, source, fix, reproduction."""

    rule: str
    severity: Severity
    message: Text = field(repr=False)
    expected: Text = field(repr=False)
    received: Text = field(repr=False)
    parameter: Text = field(default=Text(""), repr=False)
    scenario: str = ""
    variant: str = ""
    source: str = ""
    exchange: int | None = None
    fix: str = field(default="", repr=False)
    reproduce: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one rule: `checked` is how many subjects it looked at, `reason` explains what is not obvious.

    `alike`: it cannot tell because the control shows the same (D36). `explained`: the rules whose failure is the cause
    (D26), so this rule leaves nothing open. `alone`: there was no control, which might have changed the outcome.
    """

    rule: str
    outcome: Outcome
    severity: Severity | None = None  # the worst of its findings
    findings: tuple[Finding, ...] = ()
    checked: int = 0
    reason: str = ""
    alike: bool = False
    explained: tuple[str, ...] = ()
    alone: bool = False


def worst(findings: Iterable[Finding]) -> Severity | None:
    """Give the gravest severity among the findings, None where there is none."""
    return max((finding.severity for finding in findings), key=lambda severity: severity.rank, default=None)


S = TypeVar("S")
Problems = Iterator[Problem]
Check = Callable[[S], Iterable[Problem]]
Select = Callable[[Evidence], Sequence[S]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: its sources, the subjects that it selects, its check; its two examples are test and help page.

    `name` is the bad pattern and interface, like the id. `good` and `bad` are HTTP messages in the notation of
    `tests/judge/example.py`; `companions` are the rules that the bad example breaks as well. `fixes` maps a library to
    what to change in its use. `absent` is the outcome where nothing was selected: UNTESTED for what every integration
    has to show. `reads` are the parts of an exchange without which it cannot judge. `seen`: a pass rests on something
    that was there, not on something that was absent, so an edited exchange still proves it. `refusal`: the client must
    stop, which shows as this symptom; a pass proves that only where the client goes on when nothing is odd (D36).
    `conduct`: it judges what the client does once it is answered, which proves nothing if the kit was late (D55).
    `shown_by` is what makes its subject occur. `coming`: it is newer than the edition in use, and only informs.
    """

    id: str
    name: str
    level: Level
    severity: Severity
    title: str
    why: str
    instead: str
    references: tuple[str, ...]
    good: str
    bad: str
    select: Select[object] = field(repr=False)
    check: Check[object] = field(repr=False)
    companions: frozenset[str] = frozenset()
    fixes: Mapping[str, str] = field(default_factory=dict)
    absent: Outcome = Outcome.INAPPLICABLE
    reads: Part = Part.NOTHING
    seen: bool = False
    refusal: Symptom | None = None
    shown_by: ShownBy = ShownBy.SCENARIO
    conduct: bool = False
    since: str = "0.1"
    coming: bool = False


_registry: dict[str, Rule] = {}
# Subjects that every integration has to show, and those that occur wherever somebody signs in.
_SIGN_INS = frozenset({password_grants, token_requests})
_DUE = _SIGN_INS | {api_calls}
_USUAL = _DUE | {discoveries, refreshes}
# The families of response, refresh, token use and resilience: the others judge what was sent, whenever that was.
_CONDUCT = frozenset("4568")
# The family of secrets: whatever a client writes or sends may hold one.
_SECRETS = "7"
# What a rule of a family reads, unless it says so: bodies of token requests, or answers to them.
_READS = dict.fromkeys("235", Part.BODY) | {"4": Part.HEADERS | Part.RESPONSE}


def rule(
    *,
    id: str,  # noqa: A002 - the word of the field
    level: Level,
    title: str,
    why: str,
    instead: str,
    references: tuple[str, ...],
    bad: str,
    select: Select[S],
    severity: Severity | None = None,
    good: str = "",
    companions: Iterable[str] = (),
    fixes: Mapping[str, str] | None = None,
    absent: Outcome | None = None,
    reads: Part | None = None,
    seen: bool = False,
    refusal: Symptom | None = None,
    shown_by: ShownBy | None = None,
    conduct: bool | None = None,
) -> Callable[[Check[S]], Check[S]]:
    """Register the decorated check as a rule, named as its function is; raises ValueError where the id is taken.

    What is not said follows from the rest: the severity from the level, `absent` and `shown_by` from the subject, as
    does the good example: a sign-in as it should be, and a call of the API where the rule is not about token requests.
    What any sign-in shows is no conduct, and neither is that a client goes on where it must stop.
    """
    usual = select in _USUAL or id[3] == _SECRETS
    shown_by = shown_by or (ShownBy.ANY_SIGN_IN if usual else ShownBy.SCENARIO)
    if conduct is None:
        conduct = id[3] in _CONDUCT and shown_by is ShownBy.SCENARIO and refusal is None

    def register(check: Check[S]) -> Check[S]:
        if id in _registry:
            raise ValueError(f"{id} is given twice: {_registry[id].name} and {check.__name__}; give one another number")
        _registry[id] = Rule(
            id=id,
            name=check.__name__.replace("_", "-"),
            level=level,
            severity=severity or level.severity,
            title=title,
            why=why,
            instead=instead,
            references=references,
            good=good or (SIGN_IN if select in _SIGN_INS else AT_WORK),
            bad=bad,
            # The registry holds rules over different subjects; select and check of one rule always agree on theirs.
            select=cast("Select[object]", select),
            check=cast("Check[object]", check),
            companions=frozenset(companions),
            fixes=fixes or {},
            absent=absent or (Outcome.UNTESTED if select in _DUE else Outcome.INAPPLICABLE),
            reads=_READS.get(id[3], Part.NOTHING) if reads is None else reads,
            seen=seen,
            refusal=refusal,
            shown_by=shown_by,
            conduct=conduct,
        )
        return check

    return register


@cache
def catalogue() -> Mapping[str, Rule]:
    """Give every rule by id, in order; the first call imports the rule modules."""
    package = importlib.import_module("blastiq_conformance.rules")
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        importlib.import_module(module.name)
    return dict(sorted(_registry.items()))
