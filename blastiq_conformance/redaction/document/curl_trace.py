"""What curl says of its own traffic, `-v` and `--trace-ascii`: the same lines, heads and bodies without secrets."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from blastiq_conformance.secrets.body import body_text
from blastiq_conformance.secrets.message import field_line, url
from blastiq_conformance.secrets.place import Kind, Place, Show
from blastiq_conformance.sources.curl_trace import START, Piece, is_traced, pieces
from blastiq_conformance.sources.shell_words import COMMAND
from blastiq_conformance.sources.source_error import SourceError
from fake_idp.secrets.charset_variants import as_bytes

# As many characters of a body as curl writes in a row.
_ROW = 64
_SEALED = re.compile(r"(?:Send|Recv) SSL data")
_STAMP = re.compile(r"(?:\d\d:\d\d:\d\d\.\d+ )?(?:\[[\d-]+\] )?")


@dataclass(slots=True)
class _Part:
    """The lines of one kind that stand together: a head, a body, or what curl says."""

    kind: str
    stamp: str
    texts: list[str] = field(default_factory=list)


def curl_trace(file: str, text: str) -> Callable[[Show], str]:
    """Give what writes a trace without secrets.

    Raises SourceError where a command line stands in it, which has the secrets in another form.
    """
    lines = text.splitlines()
    for number, line in enumerate(lines, start=1):
        if COMMAND.match(line + " "):
            raise SourceError(file, f"line {number}", "a command line among the trace", "give it as a file of its own")
    traced = is_traced(lines)
    parts = _parts(file, lines)

    def write(show: Show) -> str:
        shown = zip(parts, reversed(list(_shown(parts, show, traced=traced))), strict=True)
        return "".join(f"{line}\n" for each in shown for line in (_write_block if traced else _write_lines)(*each))

    return write


def _parts(file: str, lines: list[str]) -> list[_Part]:
    parts: list[_Part] = []
    for piece in pieces(file, lines):
        # A head begins anew with its first line, a body goes on from block to block.
        begins = piece.kind in {"sent", "received"} and _begins(piece)
        if not parts or parts[-1].kind != piece.kind or begins:
            stamp = _STAMP.match(lines[piece.line - 1])
            parts.append(_Part(piece.kind, stamp[0] if stamp is not None else ""))
        parts[-1].texts.append(piece.text)
    return parts


def _begins(piece: Piece) -> bool:
    return piece.text.startswith("HTTP/") if piece.kind == "received" else START.match(piece.text.strip()) is not None


def _shown(parts: list[_Part], show: Show, *, traced: bool) -> Iterator[list[str]]:
    """Give the lines of each part anew, the last part first: a head is to know by how much the body behind it grew."""
    grown = {"sent": 0, "received": 0}
    for part in reversed(parts):
        side, _, data = part.kind.partition(" ")
        if data:
            old = "".join(part.texts)
            end = "\n" if not traced and old.endswith("\n") else ""
            new = body_text(old.removesuffix(end), show) + end
            grown[side] += len(as_bytes(new)) - len(as_bytes(old))
            yield [new]
        elif side in grown:
            yield [_head(text, show, grown[side]) for text in part.texts]
            grown[side] = 0
        else:
            yield [show(Place(Kind.PROSE, text)) for text in part.texts]


def _head(text: str, show: Show, more: int) -> str:
    bare = text.strip()
    if (start := START.match(bare)) is not None:
        return f"{start[1]} {url(start[2], show)} HTTP/{start[3]}"
    if ":" not in text or bare.startswith("HTTP/"):
        return show(Place(Kind.PLAIN, text))
    return field_line(text, show, more)


def _write_lines(part: _Part, texts: list[str]) -> Iterator[str]:
    marks = {"info": "* ", "sent": "> ", "received": "< "}
    for text in texts:
        if part.kind in marks:
            mark = "== " if part.kind == "info" and text.startswith("Info: ") else marks[part.kind]
            yield f"{part.stamp}{mark}{text}"
        else:
            # Where curl's last remark stood behind a body without an end, it stands in the next line now.
            yield from text.removesuffix("\n").split("\n")


def _write_block(part: _Part, texts: list[str]) -> Iterator[str]:
    if part.kind == "info":
        # What TLS made of the messages is not part of them.
        yield from (f"{part.stamp}== {text}" for text in texts if not _SEALED.match(text))
        return
    data = part.kind.endswith("data")
    what = "=> Send" if part.kind.startswith("sent") else "<= Recv"
    lines = texts[0].split("\r\n") if data else texts
    size = sum(len(line) + 2 for line in lines) - (2 if data else 0)
    yield f"{part.stamp}{what} {'data' if data else 'header'}, {size} bytes ({size:#x})"
    offset = 0
    for line in lines:
        # curl writes a head line by line, a body in rows.
        width = _ROW if data else max(len(line), 1)
        for begin in range(0, max(len(line), 1), width):
            yield f"{offset + begin:04x}: {line[begin : begin + width]}"
        offset += len(line) + 2
