"""A rule that failed as lines for a terminal: a row of the table, and one block with its variants, or as a text."""

import sys
from collections.abc import Iterator, Sequence

from blastiq_conformance.report.shape import ReportShape, ResultShape
from blastiq_conformance.writers import finding_text
from blastiq_conformance.writers.finding_text import Block, Group
from blastiq_conformance.writers.reading import title
from blastiq_conformance.writers.text import Line, Span, Style, beside, number, render, shorten
from fake_idp.system.plain_text import plain

# Of a text that no terminal shows.
_WIDTH = 100
_INDENT = 6
_LABEL = 11
_TIMES = len("  1000 times")
# A rule's id and the beginning of its name.
_NARROWEST = 20
# A rule on how failures are met is broken in as many ways as there are failures.
_MOST_VARIANTS = 6


def rows(found: Sequence[Block], width: int) -> Iterator[Line]:
    """Give the table: a line a rule, with as many of the places where it was seen as fit."""
    words = [finding_text.WORDS[block[0].kind] for block in found]
    titles = [title(block[0].result) for block in found]
    column = max((len(word.text) for word in words), default=0) + 2
    longest = min(max(map(len, titles), default=0), max(width - column - _TIMES, _NARROWEST))
    for block, word, name in zip(found, words, titles, strict=True):
        times = number(sum(len(group.findings) for group in block), "time").rjust(_TIMES)
        places = _places(block, width - column - longest - _TIMES - 2)
        yield [
            Span(word.text.ljust(column), word.style),
            Span(shorten(name, longest).ljust(longest), Style.BOLD),
            Span(f"{times}  {places}"),
        ]


def lines(block: Block, report: ReportShape, width: int) -> Iterator[Line]:
    """Give the block: each variant with its own parts, then the parts that all variants share."""
    result = block[0].result
    yield [finding_text.WORDS[block[0].kind], Span(f"  {title(result)}", Style.BOLD), Span(f"  {result['level']}")]
    told = [list(finding_text.six_parts(group, report)) for group in block]
    shared = [part for part in told[0] if part[0] not in finding_text.OWN and all(part in other for other in told)]
    for group, own in zip(block[:_MOST_VARIANTS], told, strict=False):
        if len(told) > 1:
            word = finding_text.WORDS[group.kind]
            yield from _labelled(word, plain(group.findings[0]["message"]), width)
        for name, text in own:
            if (name, text) not in shared:
                yield from _part(name, text, group, width)
    if len(told) > _MOST_VARIANTS:
        more = f"{number(len(told) - _MOST_VARIANTS, 'other kind')}, which the JSON report lists"
        yield from _labelled(Span("or", Style.DIM), more, width)
    for name, text in shared:
        yield from _part(name, text, block[0], width)


def text_of(block: Block, report: ReportShape) -> str:
    """Give the block as a plain text."""
    return render(list(lines(block, report, _WIDTH)), color=False)


def finding_block(result: ResultShape, report: ReportShape, *, errors: bool) -> str:
    """Give the errors of a rule, or all its other findings: a line with the first message, and the block of a terminal.

    Empty if there are none.
    """
    block = [x for x in finding_text.groups([result]) if errors == (x.kind == "error")]
    if not block:
        return ""
    more = f" (and {len(block) - 1} more)" if block[1:] else ""
    return f"{plain(block[0].findings[0]['message'])}{more}\n{text_of(block, report)}"


def _part(name: str, text: str, group: Group, width: int) -> Iterator[Line]:
    blamed = group.findings[0]["parameter"] if name in {"received", "or"} else ""
    # A command is not broken, so that it can be copied.
    return _labelled(Span(name, Style.DIM), text, sys.maxsize if name == "again" else width, blamed)


def _labelled(label: Span, text: str, width: int, blamed: str = "") -> Iterator[Line]:
    return beside([Span(" " * _INDENT + label.text.ljust(_LABEL), label.style)], text, width, blamed)


def _places(block: Block, room: int) -> str:
    """Name as many places as fit, and count the others."""
    places = [plain(seen["place"]) for group in block for seen in group.entry["seen"] if seen["place"]]
    names = list(dict.fromkeys(places))
    for left in range(len(names)):
        text = ", ".join(names[: len(names) - left]) + (f" and {left} more" if left else "")
        if len(text) <= room:
            return text
    return ""
