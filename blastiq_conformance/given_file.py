"""Files that a person names: only regular ones, up to a size that suits their purpose.

A refusal is an OSError like the system's own, so that callers report both alike.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

MEBIBYTE = 1024 * 1024
# What is read whole.
LARGEST = 64 * MEBIBYTE
# Recordings, which are read in pieces where they are long.
LARGEST_RECORDING = 2048 * MEBIBYTE

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


@contextmanager
def opened(path: Path, most: int = LARGEST) -> Iterator[BufferedReader]:
    """Open a regular file of at most so many bytes; raises OSError if it is something else, or cannot be read."""
    try:
        # Before opening: a pipe without a writer would block.
        found = path.stat()
    except ValueError as error:
        raise OSError(errno.EINVAL, str(error)) from None
    if not stat.S_ISREG(found.st_mode):
        kind = next((words for is_one, words in _KINDS if is_one(found.st_mode)), "something else")
        raise OSError(errno.EINVAL, f"it is {kind}; expected a regular file")
    if found.st_size > most:
        raise too_large(most)
    with path.open("rb") as file:
        yield file


def read_bytes(path: Path, most: int = LARGEST) -> bytes:
    """Read a file whole; raises OSError."""
    with opened(path, most) as file:
        # It may have grown, and some files do not state their size.
        data = file.read(most + 1)
    if len(data) > most:
        raise too_large(most)
    return data


def read_text(path: Path, most: int = LARGEST) -> str:
    """Read a text in UTF-8, with or without a byte order mark; raises OSError and UnicodeDecodeError."""
    return read_bytes(path, most).decode("utf-8-sig")


def too_large(most: int) -> OSError:
    """Give the error for a file that is too large."""
    return OSError(errno.EFBIG, f"it is larger than {most // MEBIBYTE} MiB")


# Whether there is such a folder, such a regular file, or anything of that name: where Path's methods raise, as for a
# name that no file can have, these say no.
is_folder, is_file, is_there = os.path.isdir, os.path.isfile, os.path.exists
