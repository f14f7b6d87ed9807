"""Files that a person names: regular ones only, and none larger than what it is given for may be.

What is refused is an OSError as the system's own refusals are: whoever tells of those tells of these.
"""

import errno
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
    """Open a regular file of so many bytes at most; raises OSError where it is another, or cannot be read."""
    try:
        # Before it is opened: a pipe that nobody writes to would keep us waiting.
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
        # It may have grown, and some do not tell how large they are.
        data = file.read(most + 1)
    if len(data) > most:
        raise too_large(most)
    return data


def read_text(path: Path, most: int = LARGEST) -> str:
    """Read a text in UTF-8, with or without a mark; raises OSError and UnicodeDecodeError."""
    return read_bytes(path, most).decode("utf-8-sig")


def too_large(most: int) -> OSError:
    """Give the refusal of what is larger than it may be."""
    return OSError(errno.EFBIG, f"it is larger than {most // MEBIBYTE} MiB")


def is_folder(path: Path) -> bool:
    """Whether there is such a folder; a name that no file can have is none of one."""
    with suppress(OSError, ValueError):
        return path.is_dir()
    return False


def is_file(path: Path) -> bool:
    """Whether there is such a regular file, so."""
    with suppress(OSError, ValueError):
        return path.is_file()
    return False


def is_there(path: Path) -> bool:
    """Whether there is anything of that name, so."""
    with suppress(OSError, ValueError):
        return path.exists()
    return False
