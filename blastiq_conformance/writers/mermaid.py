"""A sequence as a Mermaid block, which GitHub and GitLab draw; what a client sent stays text in it."""

import re
from collections.abc import Iterator

from blastiq_conformance.writers.sequence import Arrow, Diagram
from blastiq_conformance.writers.text import shorten

# Everything else is written as a number: quotes, colons, semicolons, percent signs and new lines would be syntax.
_ODD = re.compile(r"[^A-Za-z0-9 /._(),-]")
_LONGEST = 80


def block(diagram: Diagram) -> str:
    """Give the fenced block."""
    return "\n".join(("```mermaid", "sequenceDiagram", *_lines(diagram), "```"))


def escaped(text: str) -> str:
    """Give a text that holds no syntax of a message or a note."""
    return _ODD.sub(lambda match: f"#{ord(match[0])};", text)


def _lines(diagram: Diagram) -> Iterator[str]:
    yield "    participant C as integration"
    yield "    participant S as identity server"
    yield "    participant A as API"
    for arrow in diagram.arrows:
        yield from _arrow(arrow)
    for note in (diagram.unmet, (f"and {diagram.missing} more",) if diagram.missing else ()):
        if note:
            yield f"    Note over C,A: {escaped(' '.join(note))}"


def _arrow(arrow: Arrow) -> Iterator[str]:
    to = "A" if arrow.to_api else "S"
    if arrow.odd:
        yield f"    Note over C,{to}: {escaped(' '.join(arrow.odd))}"
    found = f" (finding {', '.join(map(str, arrow.pins))})" if arrow.pins else ""
    yield f"    C->>{to}: {escaped(shorten(arrow.label, _LONGEST) + found)}"
    yield f"    {to}--{'>>' if arrow.sent['status'] is not None else 'x'}C: {escaped(arrow.answer)}"
