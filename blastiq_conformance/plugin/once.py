"""Making things once, however many processes ask for them: the workers of pytest-xdist share a folder."""

import pickle
import sqlite3
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import TypeVar, cast

T = TypeVar("T")
# Seconds; longer than any run takes.
_PATIENCE = 7 * 86_400.0


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
    # A database for each key, for its lock is held while something is made; a process that is killed releases it.
    file = folder / ("blastiq-" + sha256("\0".join(key).encode(errors="surrogateescape")).hexdigest())
    file.touch(mode=0o600)
    with closing(sqlite3.connect(file, timeout=_PATIENCE, isolation_level=None)) as database:
        try:
            database.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            # On a file system without locks, something may be made twice, which does no harm.
            return make()
        database.execute("CREATE TABLE IF NOT EXISTS made (pickled BLOB)")
        (made,) = database.execute("SELECT pickled FROM made").fetchone() or (None,)
        if made is None:
            made = pickle.dumps(make())
            database.execute("INSERT INTO made VALUES (?)", (made,))
            database.execute("COMMIT")
    # Written by a process of the same session, into a folder that only its user may enter.
    return cast("T", pickle.loads(made))  # noqa: S301 - as said above
