"""Making things once, however many processes ask for them: the workers of pytest-xdist share a folder."""

import os
import pickle
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import TypeVar, cast

from fake_idp.system.whole_file import write_whole

T = TypeVar("T")

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        while True:
            # It gives up after ten seconds.
            with suppress(OSError):
                msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
                return

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        # Not POSIX's kind, which SQLite uses: it ends as soon as this process closes any descriptor of the file, as it
        # does when it looks through files that a child may have written.
        # On a file system without locks, something may be made twice, which does no harm.
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)


class Once:
    """Makes things and remembers them by their keys; with a folder, for all processes that share it."""

    def __init__(self, folder: Path | None) -> None:
        """Start empty."""
        self._folder = folder
        self._made: dict[tuple[str, ...], object] = {}

    def get(self, key: tuple[str, ...], make: Callable[[], T]) -> T:
        """Give what was made under a key; a caller that comes while it is being made waits."""
        if key not in self._made:
            self._made[key] = make() if self._folder is None else _shared(self._folder, key, make)
        return cast("T", self._made[key])


def _shared(folder: Path, key: tuple[str, ...], make: Callable[[], T]) -> T:
    name = "blastiq-" + sha256("\0".join(key).encode(errors="surrogateescape")).hexdigest()
    file = folder / name
    with locked(folder / f"{name}.lock"):
        if not file.exists():
            write_whole(file, pickle.dumps(make()), private=True)
        # Written by a process of the same session, into a folder that only its user may enter.
        return cast("T", pickle.loads(file.read_bytes()))  # noqa: S301 - as said above


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold this lock exclusively; a process that is killed releases it."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(descriptor)
        yield
    finally:
        os.close(descriptor)
