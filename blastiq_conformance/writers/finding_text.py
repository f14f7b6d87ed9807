"""A finding as texts, its six parts in order; findings with one cause are shown once."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from blastiq_conformance.evidence.grouping import grouped
from blastiq_conformance.report.entries import received
from blastiq_conformance.report.shape import (
    EntryShape,
    ExchangeShape,
    FindingShape,
    ReportShape,
    ResultShape,
    SeenShape,
)
from blastiq_conformance.writers.library import near_first
from blastiq_conformance.writers.text import Span, Style, number, shorten
from fake_idp.system.plain_text import plain

_LONGEST = 600
_MOST_PLACES = 8
# The word before findings of a kind.
WORDS = {
    "error": Span("FAIL", Style.BAD),
    "warning": Span("WARN", Style.DOUBTFUL),
    "info": Span("INFO", Style.NOTE),
    "waived": Span("WAIVED", Style.DOUBTFUL),
}
_RANKS = tuple(WORDS)
_MOST_RECEIVED = 4
# What was seen is each variant's own; the rest is printed once if it is the same for all.
OWN = frozenset({"received", "or", "seen", "waived"})


class Group(NamedTuple):
    """An entry of the report: findings with one cause, of which the first speaks for all.

    `kind` is what a reader has to know of them first: that they are waived, or their severity.
    """

    result: ResultShape
    entry: EntryShape
    findings: list[FindingShape]
    kind: str


# The entries of one rule, the gravest first.
Block: TypeAlias = Sequence[Group]


def groups(results: Iterable[ResultShape]) -> list[Group]:
    """Give the entries, those of a rule together: its block."""
    return [group for block in blocks(results) for group in block]


def blocks(results: Iterable[ResultShape]) -> list[Block]:
    """Give the rules with findings in the order of their first entries.

    First the rules that explain most of the others, then errors, then in their order; waived ones last.
    """
    results = list(results)
    explains = Counter(cause for result in results for cause in result["explained"])
    found = [
        Group(
            result,
            entry,
            [result["findings"][index] for index in entry["findings"]],
            entry["severity"] if entry["waiver"] is None else "waived",
        )
        for result in results
        for entry in result["entries"]
    ]
    found.sort(key=lambda x: (x.kind == "waived", -explains[x.result["rule"]], _RANKS.index(x.entry["severity"])))
    return list(grouped((group.result["rule"], group) for group in found).values())


def six_parts(group: Group, report: ReportShape) -> Iterator[tuple[str, str]]:
    """Give received, expected, why, source, fix, again, each with its text: one line, plain and not too long.

    Further parts stand among them: what else was received, where it was seen, how it is waived, and, under an empty
    name, the fix for a library.
    """
    result, finding = group.result, group.findings[0]
    kinds = received(group.findings)
    for index, one in enumerate(kinds[:_MOST_RECEIVED]):
        yield "or" if index else "received", _short(_received(one, report))
    if len(kinds) > _MOST_RECEIVED:
        yield "or", f"{number(len(kinds) - _MOST_RECEIVED, 'other kind')}, which the JSON report lists"
    # The variant of a scenario tells what was odd there, as which of several answers.
    if len(group.findings) > 1 or finding["variant"]:
        yield "seen", _short(_places(group.entry))
    if finding["waiver"] is not None:
        waiver = report["waivers"][finding["waiver"]]
        yield "waived", _short(f"until {waiver['expires']} by {waiver['owner']}: {waiver['reason']}")
    yield "expected", _short(finding["expected"])
    yield "why", _short(result["why"])
    yield "source", _short(sources(result["references"]))
    yield "fix", _short(finding["fix"])
    near, others = near_first(result["fixes"], report, finding["shown"])
    for library, how in near.items():
        yield "", _short(f"{library}: {how}")
    if others:
        yield "", _short(f"for {', '.join(others)}: blastiq explain {result['rule']}")
    if finding["reproduce"]:
        yield "again", plain(finding["reproduce"])


def _short(text: str) -> str:
    return shorten(plain(text), _LONGEST)


def _received(finding: FindingShape, report: ReportShape) -> str:
    what = finding["received"]
    if finding["exchange"] is None:
        return what
    file = "" if finding["source"] == "run" else f"{finding['source']} "
    shown: ExchangeShape | None = None if finding["shown"] is None else report["exchanges"][finding["shown"]]
    request = "" if shown is None else f"{shown['request']['method']} {shorten(shown['request']['target'], 120)} "
    return f"{file}{request}(exchange {finding['exchange']}): {what}"


def _places(entry: EntryShape) -> str:
    named = [_place(seen) for seen in entry["seen"] if seen["place"]]
    rest = f" and {len(named) - _MOST_PLACES} more" if len(named) > _MOST_PLACES else ""
    places = f": {', '.join(named[:_MOST_PLACES])}{rest}" if named else ""
    return f"{number(len(entry['findings']), 'time')}{places}"


def _place(seen: SeenShape) -> str:
    variants = f" {'/'.join(seen['variants'][:_MOST_PLACES])}" if seen["variants"] else ""
    return f"{seen['place']}{variants} ({seen['count']})" if seen["count"] > 1 else f"{seen['place']}{variants}"


def sources(references: Iterable[str]) -> str:
    """Name sources for a person: article sentences together, then standards."""
    references = list(references)
    sentences = [name for name in references if re.fullmatch(r"A\d+", name)]
    others = [re.sub(r"^S ", "sister article, ", name) for name in references if name not in sentences]
    return "; ".join([f"article {', '.join(sentences)}"] * bool(sentences) + others)
