"""The content of a file: bounded in size, unpacked from gzip, read whole or in pieces."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import IO, cast

from blastiq_conformance import given_file
from blastiq_conformance.sources.source_error import READABLE, SourceError

_GZIP = b"\x1f\x8b"
# A larger file is read in pieces, where its kind allows that; otherwise it is not a recording of a sign-in.
LARGE = given_file.LARGEST
_HEAD = 64 * 1024


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a file for reading, unpacked where it is gzip; raises SourceError, also for errors while it is read."""
    try:
        with given_file.opened(path, given_file.LARGEST_RECORDING) as file:
            if file.peek(2)[:2] == _GZIP:
                yield cast("IO[bytes]", gzip.GzipFile(fileobj=file))
            else:
                yield file
    except (OSError, EOFError, zlib.error) as error:
        packed = isinstance(error, gzip.BadGzipFile | EOFError | zlib.error)
        reason = getattr(error, "strerror", None) or (str(error) if packed else type(error).__name__)
        what = f"broken gzip ({reason})" if packed else f"cannot be read ({reason})"
        raise SourceError(str(path), "", what, f"give {READABLE}") from None


def head(path: Path) -> str:
    """Give the beginning of the content, enough to recognise its kind, without leading white space."""
    if given_file.is_folder(path):
        raise SourceError(str(path), "", "a directory", "name it on the command line of `blastiq check`")
    with opened(path) as file:
        return file.read(_HEAD).decode("utf-8-sig", "replace").lstrip()


def lines(file: str, stream: IO[bytes]) -> Iterator[str]:
    """Give the lines of a text that is too large for memory; raises SourceError where one or all exceed a bound."""
    octets = 0
    while line := stream.readline(given_file.LARGEST + 1):
        octets += len(line)
        if len(line) > given_file.LARGEST or octets > given_file.LARGEST_RECORDING:
            raise SourceError(file, "", "a line larger than 64 MiB, or 2 GiB of lines", f"give {READABLE}")
        yield decoded(file, line)


def text(path: Path) -> str | None:
    """Give the content, None where it is too large for memory; raises SourceError where it is not UTF-8."""
    with opened(path) as file:
        # The size of packed content is only known after unpacking.
        plain = isinstance(file, BufferedReader)
        content = None if plain and path.stat().st_size > LARGE else file.read(LARGE + 1)
    return None if content is None or len(content) > LARGE else decoded(str(path), content)


def decoded(file: str, content: bytes) -> str:
    """Decode UTF-8, with or without a byte order mark."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(
            file, f"byte {error.start}", "not UTF-8 text", f"save it as UTF-8, or give {READABLE}"
        ) from None
