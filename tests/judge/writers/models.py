"""Reports to write: of a run and of a recording, with every outcome, of several targets, and full of hostile text."""

import copy
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from typing import cast

from blastiq_conformance.catalogue import Outcome, catalogue
from blastiq_conformance.report import Report, Reproduction, several
from blastiq_conformance.report.shape import Model, ReportShape, SubjectShape
from blastiq_conformance.report.waivers import Waiver, Waivers
from tests.judge.judged import AGAIN, AUDIENCE, COMMAND, GOOD, SCOPE, SECRET, judged, report, rules

# Control characters, commands of CI systems, markup of every format, the end of CDATA and of a comment, both
# directions, halves of pairs.
NASTY = (
    "\x00\x1b[2J\x7f\x85\u2028]]>--><script>alert(1)</script>&amp;&#0;'\"`|*_[x](http://evil.example)![y](z)\\|"
    "\u202e\u2066\u05e9\u05dc\u05d5\u05dd 🦘\udfff\ud800\ufffe\r\n::error::x%0A @octocat #1 {{ 7*7 }} {% raw %} ~~~ ```"
    " $x$ www.evil.example\t ##vso[task.setvariable]x ##[error]x ##teamcity[x ::stop-commands::x "
)
_KEPT = frozenset({"schema", "verdict", "level", "severity", "outcome", "rule", "kind", "profile", "digest", "version"})
_KEPT |= {"state", "commit", "families", "ending"}


def recorded(text: str = SCOPE, file: str = "cassettes/a b.yaml", place: str = ":12") -> Report:
    """Report on a recording with lines."""
    judgement = judged(text, "")
    evidence = judgement.evidence
    exchanges = tuple(replace(x, source=f"{file}{place}", at="2026-01-01T00:00:00Z") for x in evidence.exchanges)
    results = tuple(
        replace(result, findings=tuple(replace(f, source=f"{file}{place}") for f in result.findings))
        for result in judgement.results
    )
    judgement = replace(judgement, evidence=replace(evidence, exchanges=exchanges), results=results)
    return Report([judgement], rules=rules(), source_kind="check", target=file, again=Reproduction(way="check"))


def mixed() -> Report:
    """Report with every outcome: two failures, one of them a warning, a waiver, an undecided and untested rules."""
    ids = ("BIQ209", "BIQ211", "BIQ212", "BIQ213", "BIQ601", "BIQ602")
    runs = [judged(text, f"s{index}", ids=ids) for index, text in enumerate((AUDIENCE, SECRET))]
    warned = judged(GOOD.rstrip() + "&scope=\n", "s2", ids=ids)
    edited = tuple(
        replace(r, outcome=Outcome.CANT_TELL, reason="the body is gone", findings=()) if r.rule == "BIQ602" else r
        for r in warned.results
    )
    waiver = Waiver(rule="BIQ209", reason="known", owner="me", expires=date(2030, 1, 1))
    return Report(
        [*runs, replace(warned, results=edited)],
        rules=rules(*ids, "BIQ821"),
        command=COMMAND,
        again=AGAIN,
        waivers=Waivers(given=(waiver,), today=date(2026, 1, 1)),
        left_out={"hangs": "slow: --slow runs it"},
        notes=("a note",),
    )


def bound() -> Report:
    """Report on a build that was named, a file and a checkout with changes."""
    wheel: SubjectShape = {
        "name": "a.whl",
        "kind": "file",
        "digest": {"sha256": "a" * 64},
        "commit": "",
        "dirty": False,
    }
    changed: SubjectShape = {
        "name": "git:.",
        "kind": "git",
        "digest": {"sha256": "b" * 64},
        "commit": "c" * 40,
        "dirty": True,
    }
    return replace(report(GOOD), subjects=(wheel, changed))


@cache
def every() -> Report:
    """Report on the bad examples of all rules; its model is one for all who write it."""
    return Report([judged(rule.bad, rule.name) for rule in catalogue().values()], rules=rules())


def nasty() -> ReportShape:
    """Give a model in which every text that may hold anything holds what breaks formats."""
    model = copy.deepcopy(recorded(SECRET).to_model())
    other = mixed().to_model()
    for name in ("waivers", "scenarios", "notes", "left_out", "text"):
        model[name] = other[name]
    model["subjects"] = bound().to_model()["subjects"]
    return cast("ReportShape", _poison(model))


def _poison(value: object, key: str = "") -> object:
    if key in _KEPT or value is None or isinstance(value, int):
        return value
    if isinstance(value, dict):
        return {name: _poison(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_poison(item, "" if key != "rules" else "rule") for item in value]
    return f"{NASTY}{value}" if key != "source" else f"{NASTY}:3"


def models() -> dict[str, Callable[[], Model]]:
    """Give makers of every kind of model by name."""
    return {
        "good": lambda: report(GOOD).to_model(),
        "mixed": lambda: mixed().to_model(),
        "bound": lambda: bound().to_model(),
        "every": lambda: every().to_model(),
        "recorded": lambda: recorded().to_model(),
        "nothing-judged": lambda: recorded("GET /other\n").to_model(),
        "not-run": lambda: Report(text="no such program\nCheck the path.", command=("node",)).to_model(),
        "several": lambda: several([mixed().to_model(), report(GOOD).to_model(), Report(text="gone").to_model()]),
        "nasty": nasty,
    }


MODELS = models()


def reports_of(model: Model) -> list[ReportShape]:
    """Give the reports in a model."""
    return [model] if model["schema"] == "blastiq-report/1" else model["reports"]


def messages(report: ReportShape) -> Iterator[tuple[str, str]]:
    """Give rule and message of each finding."""
    for result in report["results"]:
        for finding in result["findings"]:
            yield result["rule"], finding["message"]
