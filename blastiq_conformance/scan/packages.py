"""The packages that are opened: zip and its kind (jar, war, nupkg, wheel, apk), tar, gzip, bzip2, xz, asar."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import IO

from blastiq_conformance.scan.asar import is_asar, unpacked_asar
from blastiq_conformance.scan.limits import MEBIBYTE, Limits, Read, TooLargeError

Inflate = Callable[[IO[bytes]], AbstractContextManager[io.BufferedIOBase | IO[bytes]]]
# Gives the name of each file, and how to read it or why it cannot be read; raises TooLargeError.
Open = Callable[[IO[bytes], int, Limits], Iterator[tuple[str, Read | str]]]

BLOCK = tarfile.BLOCKSIZE
# What the libraries raise for a package that is broken, encrypted or packed in an unknown way.
BROKEN = (zipfile.BadZipFile, tarfile.TarError, lzma.LZMAError, zlib.error, EOFError, OSError, ValueError, RuntimeError)

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_ZIP_END, _ZIP_END_SIZE = b"PK\x05\x06", 22 + 65535 + 76
_WIDE_END, _WIDE_END_SIZE = b"PK\x06\x06", 76  # with its locator
_COMPRESSED: dict[bytes, Inflate] = {
    b"\x1f\x8b\x08": lambda stream: gzip.GzipFile(fileobj=stream),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\0": lzma.LZMAFile,
}
# Packages that no library here can open, by their first bytes.
_CLOSED = {
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!\x1a\x07": "a RAR archive",
    b"\x28\xb5\x2f\xfd": "compressed by zstd",
    b"MSCF\0\0\0\0": "a cabinet",
    b"\xed\xab\xee\xdb": "an RPM package",
    b"!<arch>\ndebian-binary": "a Debian package",
    b"hsqs": "a squashfs image",
}


class Inflated(io.RawIOBase):
    """What comes out of `packed` bytes, counted; raises TooLargeError if that is too much.

    It only goes forwards, which is enough for tarfile.
    """

    def __init__(self, source: Read, packed: int, limits: Limits) -> None:
        """Start at the beginning."""
        self._source = source
        self._limits = limits
        self._most = min(limits.total, limits.free + limits.ratio * packed)
        self._at = 0

    def tell(self) -> int:
        """Give how much was read or skipped."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Skip to a place further on."""
        if whence != io.SEEK_SET or offset < self._at:
            raise io.UnsupportedOperation("it is read forwards only")
        while self._at < offset and self.read(min(MEBIBYTE, offset - self._at)):
            pass
        return self._at

    def read(self, size: int = -1, /) -> bytes:
        """Read so many bytes, no more than any file may have."""
        longest = max(MEBIBYTE, self._limits.member)
        if not 0 <= size <= longest:
            raise TooLargeError(f"one of its headers claims more than {longest} bytes")
        data = self._source(size)
        self._at += len(data)
        if self._at > self._most:
            raise TooLargeError(f"it swells to more than {self._limits.ratio} times its size")
        return data


def package(head: bytes) -> Open | str | None:
    """Give what opens a package that begins like this, or what it is where nothing here can; None for other files."""
    for begin, what in _CLOSED.items():
        if head.startswith(begin):
            return what
    for begin, inflate in _COMPRESSED.items():
        if head.startswith(begin):
            return partial(_unpacked_stream, inflate)
    if head.startswith(_ZIP):
        return unpacked_zip
    if is_asar(head):
        return unpacked_asar
    return partial(_unpacked_stream, nullcontext) if _begins_a_tar(head) else None


def unpacked_zip(stream: IO[bytes], size: int, limits: Limits) -> Iterator[tuple[str, Read | str]]:
    """Give the files of a zip whose directory is not too large."""
    if _directory_size(stream, size) > limits.directory:
        raise TooLargeError(f"its directory is larger than {limits.directory} bytes")
    with zipfile.ZipFile(stream) as archive:
        for info in archive.infolist():
            # Not `is_dir`, which fails on an empty name.
            if info.filename.endswith("/"):
                continue
            if info.flag_bits & 1:
                yield info.filename, "it is encrypted"
                continue
            try:
                with archive.open(info) as member:
                    yield info.filename, Inflated(member.read, info.compress_size, limits).read
            except BROKEN as error:
                yield info.filename, f"it cannot be unpacked: {error}"


def _directory_size(stream: IO[bytes], size: int) -> int:
    # zipfile reads it whole, so the size is looked up where zipfile does, the 64-bit one first.
    stream.seek(max(0, size - _ZIP_END_SIZE))
    tail = stream.read(_ZIP_END_SIZE)
    end = tail.rfind(_ZIP_END)
    wide = end - _WIDE_END_SIZE
    if wide >= 0 and tail.startswith(_WIDE_END, wide):
        return int.from_bytes(tail[wide + 40 : wide + 48], "little")
    return int.from_bytes(tail[end + 12 : end + 16], "little") if end >= 0 else 0


def _unpacked_stream(
    inflate: Inflate, stream: IO[bytes], size: int, limits: Limits
) -> Iterator[tuple[str, Read | str]]:
    with inflate(stream) as source:
        is_tar = _begins_a_tar(source.read(BLOCK))
    stream.seek(0)
    with inflate(stream) as source, Inflated(source.read, size, limits) as counted:
        if not is_tar:
            yield "content", counted.read
            return
        with tarfile.open(fileobj=counted, mode="r:") as archive:
            while (info := archive.next()) is not None:
                archive.members = []  # type: ignore[attr-defined]  # it would remember them all
                if info.isreg() and (member := archive.extractfile(info)) is not None:
                    yield info.name, member.read


def _begins_a_tar(head: bytes) -> bool:
    if len(head) < BLOCK or not any(head):
        return False
    try:
        tarfile.TarInfo.frombuf(head, "utf-8", "replace")  # it has a checksum
    except tarfile.HeaderError:
        return False
    return True
