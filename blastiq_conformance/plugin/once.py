"""What is made once, however many processes ask for it: the workers of one run of pytest-xdist share a folder."""

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
        # Where the file system has no locks, something may be made twice, and that is all.
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)


class Once:
    """Makes things and remembers them by their keys; with a folder, for all processes that were given the same."""

    def __init__(self, folder: Path | None) -> None:
        """Know of nothing yet."""
        self._folder = folder
        self._made: dict[tuple[str, ...], object] = {}

    def get(self, key: tuple[str, ...], make: Callable[[], T]) -> T:
        """Give what was made under a key; who comes while it is being made waits for it."""
        if key not in self._made:
            self._made[key] = make() if self._folder is None else _shared(self._folder, key, make)
        return cast("T", self._made[key])


def _shared(folder: Path, key: tuple[str, ...], make: Callable[[], T]) -> T:
    name = "blastiq-" + sha256("\0".join(key).encode(errors="surrogateescape")).hexdigest()
    file = folder / name
    with locked(folder / f"{name}.lock"):
        if not file.exists():
            write_whole(file, pickle.dumps(make()), private=True)
        # Written by a process of the same run, into a folder that none but its user may enter.
        return cast("T", pickle.loads(file.read_bytes()))  # noqa: S301 - as said above


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Be the only one that holds this lock; a process that is killed gives it back."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(descriptor)
        yield
    finally:
        os.close(descriptor)
