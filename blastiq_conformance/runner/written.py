"""Files that a child wrote or changed and that hold one of its secrets, in all places where it may write; bounded."""

import os
import stat
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from blastiq_conformance.evidence import WrittenFile
from blastiq_conformance.runner.tool_homes import BASES
from fake_idp.content_coding import inflate
from fake_idp.secrets.search import Search, Secret

_MOST_ENTRIES = 3_000
_MOST_READ = 200
_MOST_FILES = 32
# Of each end of a file: a long log grows at its end.
_MOST_BYTES = 64 * 1024
_LEFT_OUT = b"\n[...]\n"
# Large, and never where an integration keeps a token.
_SKIPPED = frozenset({".git", "node_modules", "__pycache__", ".venv", "venv", ".tox"})
# File systems keep times coarsely.
_TOLERANCE = 0.01
# Where programs write that ignore TMPDIR.
_FOR_ALL = ("/tmp", "/var/tmp")  # noqa: S108 - looked through, never written to


@dataclass(frozen=True, slots=True)
class Place:
    """A folder to search. `shown` replaces its name in reports, where that means nothing.

    A `shared` folder holds files of others too: there, only a whole secret in a file that was modified since the child
    was started counts as the child's. `depth`: how many levels of folders are searched.
    """

    folder: Path
    shown: str = ""
    shared: bool = True
    depth: int | None = None


# Of the files that the child was seen to write.
_ANYWHERE = Place(Path("/"))


def places_of_all(cwd: Path, environment: Mapping[str, str]) -> tuple[Place, ...]:
    """Give the shared folders where a child may write: its working folder, its user's folders, and those for all."""
    home = environment.get("HOME") or environment.get("USERPROFILE", "")
    # The bases first, each by itself: a large HOME is not searched completely.
    bases = [environment.get(name) or (os.path.join(home, below) if home else "") for name, below in BASES.items()]  # noqa: PTH118 - a name of the environment may be any text
    own = [folder for folder in (*bases, environment.get("XDG_RUNTIME_DIR", ""), home) if os.path.isabs(folder)]  # noqa: PTH117 - as above
    return (
        Place(cwd),
        *(Place(Path(folder)) for folder in dict.fromkeys(own)),
        *(Place(Path(folder), depth=2) for folder in _FOR_ALL),
    )


def written(
    places: Iterable[Place], files: Iterable[str], secrets: Iterable[Secret], since: float
) -> tuple[WrittenFile, ...]:
    """Read what was modified since then (seconds since the epoch) and holds one of the secrets; links are not followed.

    `files` are some that the child was seen to write, wherever they are.
    """
    candidates: dict[str, Place] = {}
    for place in places:
        modified = (path for path in _paths(place) if path not in candidates and _is_modified(path, place, since))
        candidates |= dict.fromkeys(islice(modified, _MOST_READ), place)
    for file in files:
        if file not in candidates and _is_modified(file, _ANYWHERE, since):
            candidates[file] = _ANYWHERE
    search = Search(secrets)
    found = (_with_a_secret(path, place, search) for path, place in candidates.items())
    return tuple(islice(filter(None, found), _MOST_FILES))


def _is_modified(path: str, place: Place, since: float) -> bool:
    with suppress(OSError):
        status = os.lstat(path)
        return stat.S_ISREG(status.st_mode) and (not place.shared or status.st_mtime >= since - _TOLERANCE)
    return False


def _with_a_secret(path: str, place: Place, search: Search) -> WrittenFile | None:
    """Read a file that may hold a secret; one that is gone or unreadable by now is ignored."""
    with suppress(OSError):
        status = os.lstat(path)
        content = _told(_read(path, status.st_size))
        # A beginning alone proves nothing in a shared folder: all tokens begin alike.
        if any(leak.whole or not place.shared for leak in search.find(content)):
            shown = path.replace(str(place.folder), place.shown, 1) if place.shown else path
            mode = status.st_mode & 0o7777 if os.name == "posix" else None
            return WrittenFile(path=shown, content=content, mode=mode)
    return None


def _paths(place: Place) -> Iterator[str]:
    # Breadth first: where there are too many, those at the top count.
    root = str(place.folder)
    folders, seen, device = deque([(root, 1)]), 0, _device(root)
    while folders:
        folder, level = folders.popleft()
        with suppress(OSError), os.scandir(folder) as entries:
            # Sorted, so that findings have a stable order.
            for entry in sorted(islice(entries, _MOST_ENTRIES), key=lambda entry: entry.name):
                seen += 1
                if seen > _MOST_ENTRIES:
                    return
                if entry.is_dir(follow_symlinks=False):
                    # Where the child was started in /, as in many containers, reading /proc and /sys may take forever.
                    deeper = place.depth is None or level < place.depth
                    if deeper and entry.name not in _SKIPPED and _device(entry.path) == device:
                        folders.append((entry.path, level + 1))
                elif entry.is_file(follow_symlinks=False):
                    yield entry.path


def _device(path: str) -> int | None:
    with suppress(OSError):
        return os.lstat(path).st_dev
    return None


def _read(path: str, size: int) -> bytes:
    with Path(path).open("rb") as file:
        head = file.read(_MOST_BYTES)
        if size <= _MOST_BYTES:
            return head
        file.seek(max(size - _MOST_BYTES, _MOST_BYTES))
        tail = file.read(_MOST_BYTES)
    return head + (_LEFT_OUT if size > 2 * _MOST_BYTES else b"") + tail


def _told(content: bytes) -> bytes:
    """Give what a file tells its reader: unpacked, and in UTF-8 where its mark says UTF-16, as .NET's logs do."""
    plain = inflate(content)
    if plain.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        plain = plain.decode("utf-16", "replace").encode()
    if plain == content or len(plain) <= 2 * _MOST_BYTES:
        return plain
    return plain[:_MOST_BYTES] + _LEFT_OUT + plain[-_MOST_BYTES:]
