"""A finding as lines for a terminal, its six parts in order; equal ones of several scenarios are shown once."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from blastiq_conformance.report.shape import ExchangeShape, FindingShape, ReportShape, ResultShape
from blastiq_conformance.writers.text import Line, Span, Style, marked, plain, shorten, wrap

_INDENT = 6
_LABEL = 11
_LONGEST = 600
_MOST_PLACES = 8
_WORDS = {
    "error": Span("FAIL", Style.BAD),
    "warning": Span("WARN", Style.DOUBTFUL),
    "info": Span("INFO", Style.NOTE),
}
_RANKS = tuple(_WORDS)
_WAIVED = Span("WAIVED", Style.DOUBTFUL)
# Each scenario has credentials of its own: the number of a placeholder makes no difference.
_NUMBER = re.compile(r"(<[a-z_]+):\d+|\b\d{4,}\b")


@dataclass(slots=True)
class Group:
    """Findings that say the same; the first is shown for all."""

    result: ResultShape
    waived: bool
    findings: list[FindingShape] = field(default_factory=list)

    @property
    def severity(self) -> str:
        """The severity that all of them have."""
        return self.findings[0]["severity"]


def word(severity: str) -> Span:
    """Give the word that stands before a finding of this severity: FAIL, WARN or INFO."""
    return _WORDS[severity]


def groups(results: Iterable[ResultShape]) -> list[Group]:
    """Put equal findings together: errors first, then by rule, then as they came; waived ones come last."""
    found: dict[tuple[str, ...], Group] = {}
    for result in results:
        for finding in result["findings"]:
            waived = finding["waiver"] is not None
            texts = (finding["parameter"], finding["message"], finding["expected"], finding["received"])
            kind = (result["rule"], finding["severity"], str(finding["waiver"]))
            key = (*kind, *(_NUMBER.sub(r"\1", text) for text in texts))
            found.setdefault(key, Group(result, waived)).findings.append(finding)
    return sorted(found.values(), key=lambda group: (group.waived, _RANKS.index(group.severity)))


def lines(group: Group, report: ReportShape, width: int) -> Iterator[Line]:
    """Give the lines of one group."""
    result, finding = group.result, group.findings[0]
    said = _WAIVED if group.waived else word(group.severity)
    yield [said, Span("  "), Span(f"{result['rule']} {result['name']}", Style.BOLD), Span(f"  {result['level']}")]
    for name, text in six_parts(group, report):
        match name:
            case "received":
                for index, line in enumerate(wrap(text, width - _INDENT - _LABEL)):
                    yield [_label("received" if index == 0 else ""), *marked(line, finding["parameter"])]
            case "again":
                # In one piece, so that it can be copied.
                yield [_label("again"), Span(text)]
            case _:
                yield from _part(name, text, width)


def six_parts(group: Group, report: ReportShape) -> Iterator[tuple[str, str]]:
    """Give received, expected, why, source, fix, again, each with its text: one line, plain and not too long.

    What more there is to say stands among them: where else it was seen, how it is waived, the fix for a library,
    which has no name of its own.
    """
    result, finding = group.result, group.findings[0]
    yield "received", _short(_received(finding, report))
    if len(group.findings) > 1:
        yield "seen", _short(_places(group.findings))
    if finding["waiver"] is not None:
        waiver = report["waivers"][finding["waiver"]]
        yield "waived", _short(f"until {waiver['expires']} by {waiver['owner']}: {waiver['reason']}")
    yield "expected", _short(finding["expected"])
    yield "why", _short(result["why"])
    yield "source", _short(sources(result["references"]))
    yield "fix", _short(finding["fix"])
    for library, how in result["fixes"].items():
        yield "", _short(f"{library}: {how}")
    if finding["reproduce"]:
        yield "again", plain(finding["reproduce"])


def _short(text: str) -> str:
    return shorten(plain(text), _LONGEST)


def _label(name: str) -> Span:
    return Span(" " * _INDENT + name.ljust(_LABEL), Style.DIM)


def _part(name: str, text: str, width: int) -> Iterator[Line]:
    for index, line in enumerate(wrap(text, width - _INDENT - _LABEL)):
        yield [_label(name if index == 0 else ""), Span(line)]


def _received(finding: FindingShape, report: ReportShape) -> str:
    what = finding["received"]
    if finding["exchange"] is None:
        return what
    file = "" if finding["source"] == "run" else f"{finding['source']} "
    shown: ExchangeShape | None = None if finding["shown"] is None else report["exchanges"][finding["shown"]]
    request = "" if shown is None else f"{shown['request']['method']} {shorten(shown['request']['target'], 120)} "
    return f"{file}{request}(exchange {finding['exchange']}): {what}"


def _places(findings: list[FindingShape]) -> str:
    counts: dict[str, int] = {}
    for finding in findings:
        place = finding["scenario"] or (finding["source"] if finding["source"] != "run" else "")
        counts[place] = counts.get(place, 0) + 1
    named = [f"{place} ({count})" if count > 1 else place for place, count in counts.items() if place]
    rest = f" and {len(named) - _MOST_PLACES} more" if len(named) > _MOST_PLACES else ""
    places = f": {', '.join(named[:_MOST_PLACES])}{rest}" if named else ""
    return f"{len(findings)} times{places}"


def sources(references: Iterable[str]) -> str:
    """Name sources as a person does: article sentences together, standards after them."""
    references = list(references)
    sentences = [name for name in references if re.fullmatch(r"A\d+", name)]
    others = [re.sub(r"^S ", "sister article, ", name) for name in references if name not in sentences]
    return "; ".join([f"article {', '.join(sentences)}"] * bool(sentences) + others)
