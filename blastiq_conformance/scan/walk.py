"""All files below a path and in packages, read in memory: nothing is written to disk."""

import io
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from blastiq_conformance.given_file import is_folder, opened
from blastiq_conformance.scan.limits import MEBIBYTE, Limits, Read, SpentError, TooLargeError
from blastiq_conformance.scan.packages import BLOCK, BROKEN, Open, package, unpacked_zip


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that could not be searched, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes of a file from `offset` on; `whole` if they are all of it."""

    path: str
    offset: int
    data: bytes = field(repr=False)
    whole: bool


def walk(root: Path, limits: Limits, overlap: int) -> Iterator[Piece | Unread]:
    """Give a file, or every file of a folder by name; links are not followed; pieces of one file overlap."""
    if not is_folder(root):
        yield from _Walk(limits, overlap).file(root, root.name)
        return
    unread: list[Unread] = []

    def refuse(error: OSError) -> None:
        path = Path(error.filename).relative_to(root).as_posix()
        unread.append(Unread(path, error.strerror or "it cannot be read"))

    for folder, folders, files in os.walk(root, onerror=refuse):
        folders.sort()
        for path in (Path(folder, name) for name in sorted(files)):
            if path.is_file() and not path.is_symlink():
                yield from _Walk(limits, overlap).file(path, path.relative_to(root).as_posix())
    yield from unread


class _Walk:
    """Walks through one file and the packages in it."""

    def __init__(self, limits: Limits, overlap: int) -> None:
        self._limits, self._overlap = limits, overlap
        # What may still come out of the file.
        self._octets, self._members = limits.total, limits.members

    def file(self, path: Path, name: str) -> Iterator[Piece | Unread]:
        """Give its pieces, or those of the files in it."""
        try:
            with opened(path, self._limits.total) as stream:
                yield from self._look(name, stream, path.stat().st_size, 0)
        except SpentError as error:
            yield Unread(name, f"{error}; what came after that was not searched")
        except OSError as error:
            yield Unread(name, error.strerror or str(error))

    def _look(self, name: str, stream: IO[bytes], size: int, depth: int) -> Iterator[Piece | Unread]:
        opened = package(stream.read(BLOCK))
        if isinstance(opened, str):
            yield Unread(name, f"it is {opened}, which this kit cannot open: unpack it first")
            return
        if opened is None:
            yield from self._pieces(name, stream)
            # A self-extracting program or a Python zipapp has a zip after something else.
            if not zipfile.is_zipfile(stream):
                return
        stream.seek(0)
        try:
            yield from self._inside(name, opened or unpacked_zip, stream, size, depth)
        except (TooLargeError, *BROKEN) as error:
            if opened is None:
                yield Unread(name, f"the zip at its end cannot be unpacked: {error}")
            elif isinstance(error, TooLargeError):
                yield Unread(name, f"{error}; what came after that was not searched")
            else:
                yield Unread(name, f"it cannot be unpacked, so it was searched as it is: {error}")
                yield from self._pieces(name, stream)

    def _inside(self, name: str, opened: Open, stream: IO[bytes], size: int, depth: int) -> Iterator[Piece | Unread]:
        if depth >= self._limits.depth:
            raise TooLargeError(f"packages are nested more than {self._limits.depth} deep")
        for inner, read in opened(stream, size, self._limits):
            path = f"{name}!/{inner}"
            if isinstance(read, str):
                yield Unread(path, read)
                continue
            try:
                data = self._read(read)
            except TooLargeError as error:
                yield Unread(path, str(error))
            except BROKEN as error:
                yield Unread(path, f"it cannot be unpacked: {error}")
            else:
                yield from self._look(path, io.BytesIO(data), len(data), depth + 1)

    def _read(self, read: Read) -> bytes:
        """Read a member to its end; raises TooLargeError, or SpentError if nothing more may come."""
        self._members -= 1
        if self._members < 0:
            raise SpentError(f"it holds more than {self._limits.members} files")
        data = bytearray()
        while piece := read(MEBIBYTE):
            data += piece
            self._octets -= len(piece)
            if self._octets < 0:
                raise SpentError(f"more than {self._limits.total} bytes would come out of it")
            if len(data) > self._limits.member:
                raise TooLargeError(f"it is larger than {self._limits.member} bytes")
        return bytes(data)

    def _pieces(self, name: str, stream: IO[bytes]) -> Iterator[Piece]:
        stream.seek(0)
        offset, data = 0, stream.read(self._limits.piece)
        yield Piece(name, offset, data, whole=len(data) < self._limits.piece)
        while len(data) >= self._limits.piece and (more := stream.read(self._limits.piece)):
            offset += len(data) - self._overlap
            data = data[-self._overlap :] + more
            yield Piece(name, offset, data, whole=False)
