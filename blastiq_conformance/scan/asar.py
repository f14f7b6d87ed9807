"""Electron's app.asar: a JSON directory, then the files one after the other."""

import io
import json
import struct
from collections.abc import Iterator
from typing import IO

from blastiq_conformance.scan.limits import Limits, Read, TooLargeError

_HEAD = struct.Struct("<4I")
_BEGIN = b'{"files"'


def is_asar(head: bytes) -> bool:
    """Whether a file begins like one: four consistent numbers, then the directory."""
    if len(head) < _HEAD.size + len(_BEGIN):
        return False
    width, size, inner, length = _HEAD.unpack_from(head)
    return width == 4 and size >= inner >= length and head[_HEAD.size :].startswith(_BEGIN)


def unpacked_asar(stream: IO[bytes], size: int, limits: Limits) -> Iterator[tuple[str, Read]]:
    """Give the files of a package; raises ValueError if its directory is invalid."""
    _, header, _, length = _HEAD.unpack(stream.read(_HEAD.size))
    if length > limits.directory:
        raise TooLargeError(f"its directory is larger than {limits.directory} bytes")
    for name, place, octets in _entries(stream.read(length)):
        start = 8 + header + place
        if start + octets > size:
            raise ValueError(f"{name} lies beyond its end")
        if octets > limits.member:
            raise TooLargeError(f"{name} is larger than {limits.member} bytes")
        stream.seek(start)
        yield name, io.BytesIO(stream.read(octets)).read


def _entries(directory: bytes) -> Iterator[tuple[str, int, int]]:
    try:
        waiting: list[tuple[str, object]] = [("", json.loads(directory))]
    except RecursionError:
        raise ValueError("its directory is nested too deep") from None
    while waiting:
        path, node = waiting.pop()
        match node:
            case {"files": dict(held)}:
                waiting += [(f"{path}/{name}" if path else name, entry) for name, entry in reversed(held.items())]
            case {"size": int(octets), "offset": str(place)} if place.isdecimal() and octets >= 0:
                yield path, int(place), octets
            case {"unpacked": True} | {"link": _}:
                pass  # it lies beside the package and is read there
            case _:
                raise ValueError(f"its directory does not say where {path or 'anything'} lies")
