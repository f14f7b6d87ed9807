"""What is packed in a body: read, or rewritten where something in it must not stay. One bound holds for all of it."""

import base64
import gzip
import re
import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple, TypeAlias

__all__ = ["WITHHELD", "inflate", "is_utf_8", "rewritten"]

# So many bytes are unpacked of one body, over all layers, and so many layers are taken off.
_MOST_BYTES = 1 << 24
_DEEPEST = 4
# Whoever writes what looks packed and is not, again and again, is not followed.
_MOST_FAILURES = 100
# Of bodies so small it is remembered whether anything is packed in them.
_REMEMBERED = 1 << 16
# The first bite is small: of what stands behind a stream, no more is copied.
_BITE = 256
_GZIP, _ZLIB, _RAW = 31, 15, -15
_MAGIC = b"\x1f\x8b\x08"
# Three bytes turn up by chance; what stands behind them in a gzip file seldom does (RFC 1952 2.3, zlib's OS_CODE).
_HEADER = re.compile(rb"\x1f\x8b\x08[\x00-\x1f].{4}[\x00\x02\x04][\x00-\x13\xff]", re.DOTALL)
# A gzip file anywhere, a zlib stream where a body or a part of one begins, and base64 that is long enough to be either.
_SIGN = re.compile(
    rb"(?P<gzip>\x1f\x8b\x08)|(?:\A|\n\r?\n)(?P<zlib>x[\x01\x5e\x9c\xda])"
    rb"|(?<![\w+/-])(?=[\w+/%\\-]{20})(?P<base64>(?:[\w+/-]++|%2[BbFf]|\\/|\\u002[Bb]|\r?\n(?=[\w+/-]))+(?:={0,2}|(?:%3[Dd]){0,2}))"
)
# Archives, zstd, bzip2, xz and 7z, and base64 of these: nothing here reads them.
_SEALED: tuple[bytes, ...] = (b"PK\x03\x04", b"\x28\xb5\x2f\xfd", b"BZh91AY&SY", b"\xfd7zXZ\x00", b"7z\xbc\xaf'\x1c")
_SEALED += (b"KLUv/", b"QlpoOTFBWSZTW", b"/Td6WFoA", b"N3q8ryc")
# The signature of a token holds five given letters too often; the version behind them is below 64 (APPNOTE 4.4.3).
_ZIP = re.compile(b"UEsDB[A-D][AEIMQUYcgkosw048]A")
_ESCAPED = re.compile(rb"%2[Bb]|\\u002[Bb]|%2[Ff]|\\/|%3[Dd]|\s")
_MISREAD = _MAGIC.decode("latin-1").encode()
_PLAIN = frozenset({"", "identity"})
_BASE64_GZIP = b"H4sI"
_TO_STANDARD, _TO_URL_SAFE = bytes.maketrans(b"-_", b"+/"), bytes.maketrans(b"+/", b"-_")
# What stands in the place of a body that cannot be read to its end.
WITHHELD = b"[withheld: what is packed in this body could not be unpacked]"

# What is asked for each plain text: the bytes that are to stand there, and whether they are the body or a piece of it.
Show: TypeAlias = Callable[[bytes, bool], bytes]


class _PackedError(ValueError):
    """Something is packed that cannot be read to its end: too large, too deep, or broken."""


class _Piece(NamedTuple):
    start: int
    end: int
    plain: bytes
    pack: Callable[[bytes], bytes]


def inflate(body: bytes) -> bytes:
    """Undo gzip and deflate, however often; a body without either stays, for a recorder may have unpacked it."""
    plain = body
    for _ in range(_DEEPEST):
        try:
            found = _Reader().whole(plain)
        except _PackedError:
            return plain
        if found is None:
            break
        plain = found.plain
    return plain


def rewritten(body: bytes, show: Show, coding: str | None = None) -> bytes:
    """Give a body with what `show` makes of it, and of all that is packed in it; WITHHELD where that cannot be read.

    `coding` is its Content-Encoding: what has one and is neither text nor packed, nobody here can read.
    """
    if len(body) <= _REMEMBERED and _is_plain(body):
        return show(body, False)
    # A gzip file whose bytes were taken for characters.
    if _MISREAD in body:
        return WITHHELD
    try:
        new = _rewritten(body, show, _Reader(), 0, inside=False)
    except _PackedError:
        return WITHHELD
    text = not body or is_utf_8(body)
    coded = coding is not None and coding.strip().lower() not in _PLAIN
    # What stood in a text is written back into one.
    lost = (coded and not text and inflate(body) == body) or (text and new != body and not is_utf_8(new))
    return WITHHELD if lost else new


def is_utf_8(data: bytes) -> bool:
    """Whether bytes are text in UTF-8."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


# Who redacts learns first, and looks at a body more than once.
@lru_cache(maxsize=64)
def _is_plain(body: bytes) -> bool:
    """Whether a body is text, and nothing in it is packed."""
    if not is_utf_8(body) or _MISREAD in body or _is_sealed(body):
        return False
    try:
        return _Reader().whole(body) is None and next(_Reader().pieces(body), None) is None
    except _PackedError:
        return False


def _is_sealed(data: bytes) -> bool:
    return any(mark in data for mark in _SEALED) or _ZIP.search(data) is not None


def _rewritten(data: bytes, show: Show, reader: "_Reader", depth: int, *, inside: bool) -> bytes:
    whole = reader.whole(data)
    pieces = [whole] if whole is not None else list(reader.pieces(data))
    if (pieces and depth == _DEEPEST) or (whole is None and _is_sealed(data)):
        raise _PackedError
    new: list[bytes] = []
    end = 0
    for piece in pieces:
        inner = _rewritten(piece.plain, show, reader, depth + 1, inside=inside or whole is None)
        if inner != piece.plain:
            new += (data[end : piece.start], piece.pack(inner))
            end = piece.end
    if new:
        data = b"".join((*new, data[end:]))
    return data if whole is not None else show(data, inside)


class _Reader:
    """Reads what is packed, and counts what it costs."""

    def __init__(self) -> None:
        self._left = _MOST_BYTES
        self._failures = 0

    def whole(self, data: bytes) -> _Piece | None:
        """Read a body that is packed as a whole; what was cut off is read as far as it goes."""
        if data.startswith(_MAGIC):
            read = self._gzip(data, 0)
            return _Piece(0, len(data), read[0], _gzipped) if read and not data[read[1] :].strip(b"\0") else None
        if data[:1] == b"x" and (read := self._read(data, 0, _ZLIB)) is not None:
            plain, end, complete = read
            # Of a text that begins with an x nothing comes.
            packed = end == len(data) and (complete or plain)
            return _Piece(0, end, plain, zlib.compress) if packed else None
        # It has no sign of its own: only what is not text, and is read to its last byte, is taken for it.
        if data and not data.isascii() and (read := self._read(data, 0, _RAW)) is not None:
            plain, end, complete = read
            return _Piece(0, end, plain, _deflated) if complete and end == len(data) else None
        return None

    def pieces(self, data: bytes) -> Iterator[_Piece]:
        """Read what is packed within a body."""
        at = 0
        while (sign := _SIGN.search(data, at)) is not None:
            at = sign.end()
            if sign["base64"]:
                yield from self._base64(sign)
                continue
            start = sign.start(sign.lastgroup or 0)
            packed = sign.lastgroup == "gzip"
            if (read := self._gzip(data, start) if packed else self._read(data, start, _ZLIB)) is not None:
                at = read[1]
                yield _Piece(start, at, read[0], _gzipped if packed else zlib.compress)
            elif (failed := self._failures + 1) > _MOST_FAILURES:
                raise _PackedError
            else:
                self._failures = failed

    def _base64(self, sign: re.Match[bytes]) -> Iterator[_Piece]:
        # The beginning of a JWT, and of whatever else is JSON.
        if sign["base64"].startswith(b"eyJ"):
            return
        # A version or a name may stand right before it.
        skipped = max(0, sign["base64"].find(_BASE64_GZIP))
        written = sign["base64"][skipped:]
        standard = _ESCAPED.sub(_unescaped, written).translate(_TO_STANDARD).rstrip(b"=")
        # One character too many is not part of it.
        standard = standard[: len(standard) - (len(standard) % 4 == 1)]
        packed = base64.b64decode(standard + b"=" * (-len(standard) % 4))
        if skipped and _HEADER.match(packed) is None:
            return
        if (found := self.whole(packed)) is not None:
            start = sign.start() + skipped
            yield _Piece(start, sign.end(), found.plain, lambda plain: _as_written(found.pack(plain), written))

    def _gzip(self, data: bytes, start: int) -> tuple[bytes, int, bool] | None:
        """Read a gzip file, all its members; raises _PackedError where it is one, and broken."""
        members: list[bytes] = []
        at, complete = start, True
        while data.startswith(_MAGIC, at):
            read = self._read(data, at, _GZIP)
            # In base64, a password that was drawn may begin so.
            if read is None and (members or _HEADER.match(data, at)):
                raise _PackedError
            if read is None:
                return None
            plain, at, complete = read
            members.append(plain)
        return b"".join(members), at, complete

    def _read(self, data: bytes, start: int, window: int) -> tuple[bytes, int, bool] | None:
        """Read one stream: what it gives, where it ends, and whether it was whole; None where it is none."""
        stream = zlib.decompressobj(window)
        pieces: list[bytes] = []
        at, bite = start, _BITE
        try:
            while at < len(data) and not stream.eof:
                pieces.append(stream.decompress(data[at : at + bite], self._left + 1))
                self._left -= len(pieces[-1])
                if self._left < 0:
                    raise _PackedError
                at, bite = min(at + bite, len(data)), bite * 2
        except zlib.error:
            return None
        return b"".join(pieces), at - len(stream.unused_data), stream.eof


def _gzipped(plain: bytes) -> bytes:
    return gzip.compress(plain, mtime=0)


def _deflated(plain: bytes) -> bytes:
    stream = zlib.compressobj(wbits=_RAW)
    return stream.compress(plain) + stream.flush()


def _unescaped(match: re.Match[bytes]) -> bytes:
    return {b"B": b"+", b"F": b"/", b"/": b"/", b"D": b"="}.get(match[0][-1:].upper(), b"")


def _as_written(packed: bytes, written: bytes) -> bytes:
    """Give base64 in the alphabet and with the escapes of what stood there."""
    text = base64.b64encode(packed)
    if b"-" in written or b"_" in written:
        text = text.translate(_TO_URL_SAFE)
    if b"%" in written:
        return text.replace(b"+", b"%2B").replace(b"/", b"%2F").replace(b"=", b"%3D")
    return text
