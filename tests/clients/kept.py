"""What clients did is kept, and judged again where only what judges has changed: the judge is pure.

It only ever saves time: where nothing is kept, or anything else has changed, the client is played.
"""

import gzip
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import distributions
from pathlib import Path

from tests.clients.launch import CLIENTS, ROOT

# What only judges what was seen, or says so; everything else of the kit decides what is seen, or how it is written.
_JUDGES = frozenset(
    {"catalogue", "control", "doctor", "fidelity", "judge", "plugin", "report", "rules", "trial", "writers"}
)
_TOOLS = ("curl", "jq", "sh", "wget")
_PACKAGES = "/var/lib/dpkg/status"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The place of one bundle, which is held to be good as long as `key` is the same."""

    file: Path
    key: bytes

    def read(self) -> bytes | None:
        """Give the bundle, where there is a good one."""
        held = self.file.read_bytes() if self.file.exists() else b""
        return gzip.decompress(held.removeprefix(self.key)) if held.startswith(self.key) else None

    def write(self, bundle: bytes) -> None:
        """Keep it instead of the one before, at once: another worker may read it."""
        self.file.parent.mkdir(exist_ok=True)
        making = self.file.with_suffix(f".{os.getpid()}")
        making.write_bytes(self.key + gzip.compress(bundle, 1, mtime=0))
        making.replace(self.file)


def place(words: Sequence[str], told: Iterable[object], workshop: Path) -> Kept:
    """Give the place for what a command does that is started with all that it is told."""
    who = repr((*words, *told)).encode()
    key = sha256(_surroundings() + who)
    for word in words:
        key.update(_content(Path(word)))
    return Kept(file=workshop / "evidence" / sha256(who).hexdigest()[:32], key=key.digest())


def _content(path: Path) -> bytes:
    """Tell a file of ours by its bytes, a program of the machine's by its size and age."""
    if not path.is_file():
        return b""
    return path.read_bytes() if ROOT in path.parents and not path.is_symlink() else _age(path)


@cache
def _surroundings() -> bytes:
    digest = sha256(sys.version.encode())
    for path in _sources():
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    for package in sorted(f"{package.name} {package.version}" for package in distributions()):
        digest.update(package.encode())
    for program in (*map(shutil.which, _TOOLS), _PACKAGES):
        digest.update(_age(Path(program or "")))
    return digest.digest()


def _sources() -> Iterator[Path]:
    yield from sorted((ROOT / "fake_idp").rglob("*.py"))
    for path in sorted((ROOT / "blastiq_conformance").rglob("*.py")):
        if path.relative_to(ROOT).parts[1] not in _JUDGES:
            yield path
    yield from sorted((CLIENTS / "flawed").rglob("*.py"))


def _age(path: Path) -> bytes:
    return repr((path.stat().st_size, path.stat().st_mtime_ns)).encode() if path.exists() else b""
