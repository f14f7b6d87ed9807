"""Searching shipped artefacts for credentials and tokens (BIQ707): files, and nested packages; and its result."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from blastiq_conformance.scan.known import Known
from blastiq_conformance.scan.limits import Limits
from blastiq_conformance.scan.literals import find
from blastiq_conformance.scan.walk import Piece, Unread, walk
from fake_idp.wire import Json

# Longer than anything that is found.
_OVERLAP = 64 * 1024
# A file without a zero byte among its first bytes is text and has lines.
_SAMPLE = 8192


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found where: `path` leads into packages by `!/`; only text has lines and columns."""

    path: str
    kind: str
    message: str
    shown: str
    offset: int
    line: int | None
    column: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What was found, what could not be read, and how much was searched."""

    found: tuple[Found, ...]
    unread: tuple[Unread, ...]
    files: int
    octets: int

    def to_model(self) -> dict[str, Json]:
        """Give it as JSON."""
        return {
            "schema": "blastiq-scan/1",
            "rule": "BIQ707",
            "files": self.files,
            "bytes": self.octets,
            "findings": [asdict(found) for found in self.found],
            "unread": [asdict(unread) for unread in self.unread],
        }


def scan(root: Path, known: Known, limits: Limits | None = None) -> Scan:
    """Search a file or a folder; raises FileNotFoundError if it does not exist."""
    root.stat()
    found: dict[tuple[str, int], Found] = {}
    unread: list[Unread] = []
    files = octets = 0
    overlap = max(_OVERLAP, known.longest)
    for piece in walk(root, limits or Limits(), overlap):
        if isinstance(piece, Unread):
            unread.append(Unread(known.hide(piece.path), known.hide(piece.reason)))
            continue
        files += piece.offset == 0
        octets += len(piece.data) - (overlap if piece.offset else 0)
        for one in _found_in(piece, known):
            found.setdefault((one.path, one.offset), one)
    return Scan(found=tuple(found.values()), unread=tuple(unread), files=files, octets=octets)


def _found_in(piece: Piece, known: Known) -> Iterator[Found]:
    has_lines = piece.whole and b"\0" not in piece.data[:_SAMPLE]
    for literal in find(piece.data, piece.path, known):
        before = piece.data.rfind(b"\n", 0, literal.start) if has_lines else 0
        yield Found(
            path=known.hide(piece.path),
            kind=literal.kind,
            message=literal.message,
            shown=known.hide(literal.shown),
            offset=piece.offset + literal.start,
            line=piece.data.count(b"\n", 0, literal.start) + 1 if has_lines else None,
            column=literal.start - before if has_lines else None,
        )
