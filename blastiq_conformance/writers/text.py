"""Lines for a terminal: wrapped, with styles rendered last, and with nothing that could steer the terminal."""

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from fake_idp.system.plain_text import plain

# What the kit writes after a value, such as (form field 2 of 4).
_PLACE = r" \((?:form field|query parameter|JSON member|multipart field) "


class Style(StrEnum):
    """What a piece of text is; the value is how rich shows it."""

    PLAIN = ""
    BOLD = "bold"
    DIM = "dim"
    GOOD = "bold green"
    BAD = "bold red"
    DOUBTFUL = "bold yellow"
    NOTE = "bold cyan"
    MARK = "bold underline red"


class Span(NamedTuple):
    """A piece of a line."""

    text: str
    style: Style = Style.PLAIN


Line = Sequence[Span]


def shorten(text: str, longest: int) -> str:
    """Cut a longer text in its middle, keeping both ends."""
    if len(text) <= longest:
        return text
    half = (longest - 5) // 2
    return f"{text[:half]} … {text[-half:]}"


def wrap(text: str, width: int) -> list[str]:
    """Break a text into lines of this width, without splitting words that fit."""
    return textwrap.wrap(text, max(width, 16), break_on_hyphens=False) or [""]


def marked(text: str, word: str) -> Iterator[Span]:
    """Highlight each place that names a parameter, with its whole value."""
    if not word:
        yield Span(text)
        return
    value = rf"=(?:.*?(?={_PLACE})|[^\s&)]*)"
    end = 0
    for match in re.finditer(rf"(?<![\w.-]){re.escape(word)}(?![\w-])(?:{value})?", text, re.IGNORECASE):
        yield Span(text[end : match.start()])
        yield Span(match[0], Style.MARK)
        end = match.end()
    yield Span(text[end:])


def wrap_marked(text: str, word: str, width: int) -> Iterator[list[Span]]:
    """Break a text into lines after highlighting it: a value may go on in the next line."""
    spans = list(marked(text, word))
    end = 0
    for line in wrap(text, width):
        start = text.find(line, end)
        end = start + len(line)
        yield list(_cut(spans, start, end))


def beside(head: Line, text: str, width: int, word: str = "") -> Iterator[Line]:
    """Break a text into lines beside a head, which stands before the first; a `word` in the text is highlighted."""
    column = sum(len(span.text) for span in head)
    lines = wrap_marked(text, word, width - column) if word else ([Span(line)] for line in wrap(text, width - column))
    for index, line in enumerate(lines):
        yield [*(head if index == 0 else (Span(" " * len(span.text), span.style) for span in head)), *line]


def number(count: int, thing: str) -> str:
    """Give a number with its noun."""
    return f"{count} {thing}{'' if count == 1 else 's'}"


def _cut(spans: Iterable[Span], start: int, end: int) -> Iterator[Span]:
    for span in spans:
        if piece := span.text[max(start, 0) : max(end, 0)]:
            yield Span(piece, span.style)
        start, end = start - len(span.text), end - len(span.text)


def render(lines: Sequence[Line], *, color: bool) -> str:
    """Join the lines; without colour the text has no escape codes."""
    if not color:
        return "".join("".join(plain(span.text) for span in line).rstrip() + "\n" for line in lines)
    from rich.color import ColorSystem  # only where there is colour
    from rich.style import Style as RichStyle  # as above

    styles = {style: RichStyle.parse(style.value) for style in Style}
    return "".join(
        "".join(styles[span.style].render(plain(span.text), color_system=ColorSystem.STANDARD) for span in line) + "\n"
        for line in lines
    )
