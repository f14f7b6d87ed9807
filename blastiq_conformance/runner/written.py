"""Files that a child wrote or changed: in its working directory, its TMPDIR and its private HOME; bounded."""

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from blastiq_conformance.evidence import WrittenFile
from fake_idp.redact import Search, Secret

_MOST_ENTRIES = 3_000
_MOST_FILES = 32
_MOST_BYTES = 64 * 1024
# Large, and never where an integration keeps a token.
_SKIPPED = frozenset({".git", "node_modules", "__pycache__", ".venv", "venv", ".tox"})
# File systems keep times coarsely.
_TOLERANCE = 0.01


def written(roots: Sequence[Path], since: float) -> tuple[WrittenFile, ...]:
    """Read what was modified below the roots since then, seconds since the epoch; links are not followed."""
    files: list[WrittenFile] = []
    for root in roots:
        for entry in _entries(root):
            if len(files) == _MOST_FILES:
                return tuple(files)
            # Gone or unreadable by now: not ours to judge.
            with suppress(OSError):
                status = entry.stat(follow_symlinks=False)
                if status.st_mtime >= since - _TOLERANCE:
                    files.append(WrittenFile(path=entry.path, content=_read(entry.path), mode=_mode(status.st_mode)))
    return tuple(files)


def holding(files: Sequence[WrittenFile], secrets: Iterable[Secret]) -> tuple[WrittenFile, ...]:
    """Keep the files that hold one of the secrets whole: a working directory is shared with other scenarios.

    The beginning alone proves nothing there: all tokens begin alike.
    """
    search = Search(secrets)
    return tuple(file for file in files if any(leak.whole for leak in search.find(file.content)))


def _entries(root: Path) -> Iterator[os.DirEntry[str]]:
    # Breadth first: what lies at the top counts, should there be too many.
    folders, seen, device = deque([str(root)]), 0, _device(str(root))
    while folders:
        with suppress(OSError), os.scandir(folders.popleft()) as entries:
            for entry in entries:
                seen += 1
                if seen > _MOST_ENTRIES:
                    return
                if entry.is_dir(follow_symlinks=False):
                    # Started in /, as in many containers: to read all of /proc and /sys may take for ever.
                    if entry.name not in _SKIPPED and _device(entry.path) == device:
                        folders.append(entry.path)
                elif entry.is_file(follow_symlinks=False):
                    yield entry


def _device(path: str) -> int | None:
    with suppress(OSError):
        return os.lstat(path).st_dev
    return None


def _read(path: str) -> bytes:
    with Path(path).open("rb") as file:
        return file.read(_MOST_BYTES)


def _mode(mode: int) -> int | None:
    return mode & 0o7777 if os.name == "posix" else None
