"""What a report is about: files, folders and git checkouts, identified by digests that anybody can recompute."""

import os
import subprocess
from collections.abc import Collection, Iterable, Iterator
from hashlib import file_digest, sha256
from pathlib import Path

from blastiq_conformance import given_file
from blastiq_conformance.report.shape import SubjectShape

UNBOUND = "not bound to a build"
_GIT = "git:"
_LARGEST = 4096 * given_file.MEBIBYTE


class SubjectError(Exception):
    """Nothing of that name has a digest; the text says why and what to do."""


def examine(given: str, apart: Collection[Path] = ()) -> SubjectShape:
    """Give the digest of a file, a folder or, as git:FOLDER, a checkout; raises SubjectError.

    The paths `apart`, such as the reports that the command itself writes, do not belong to a folder or a checkout.
    """
    path, others = Path(given.removeprefix(_GIT) or "."), frozenset(each.resolve() for each in apart)
    try:
        if given.startswith(_GIT):
            return _checkout(given, path, others)
        folder = given_file.is_folder(path)
        digest = _tree(path, _walk(path), others) if folder else _file(path)
    except OSError as error:
        place = f": {error.filename}" if error.filename and error.filename != str(path) else ""
        raise SubjectError(f"{given} cannot be read: {error.strerror or error}{place}") from None
    return {
        "name": given,
        "kind": "folder" if folder else "file",
        "digest": {"sha256": digest},
        "commit": "",
        "dirty": False,
    }


def told(subject: SubjectShape, length: int | None = None) -> str:
    """Describe it in words, with its digest cut to so many characters."""
    (name, digest), *_ = subject["digest"].items()
    more = f", changed since commit {subject['commit'][:length]}" if subject["dirty"] else ""
    return f"{subject['name']} ({name} {digest[:length]}{more})"


def listed(subjects: Iterable[SubjectShape], length: int | None = None) -> str:
    """Name all of them, or say that there are none."""
    return ", ".join(told(subject, length) for subject in subjects) or UNBOUND


def unmatched(given: SubjectShape, reported: Collection[SubjectShape]) -> str:
    """Say that something given is not what a report is about; empty if it is, whatever its name."""
    if any(each["digest"] == given["digest"] for each in reported):
        return ""
    return f"{told(given)} is not what the report is about: {listed(reported)}"


def _file(path: Path) -> str:
    with given_file.opened(path, _LARGEST) as file:
        return file_digest(file, "sha256").hexdigest()


def _walk(folder: Path) -> Iterator[str]:
    def refuse(error: OSError) -> None:
        raise error

    for place, folders, files in os.walk(folder, onerror=refuse):
        links = [name for name in folders if Path(place, name).is_symlink()]
        yield from (Path(place, name).relative_to(folder).as_posix() for name in (*files, *links))


def _tree(top: Path, names: Iterable[str], apart: Collection[Path]) -> str:
    """Digest sorted lines of digest and name, as sha256sum writes them; a link counts as its target's path."""
    lines = sorted(
        (os.fsencode(name), path) for name in names if (path := top / name).parent.resolve() / path.name not in apart
    )
    if not lines:
        raise SubjectError(f"{top} holds no file, so there is nothing to have a digest; name what was built")
    digest = sha256()
    for name, path in lines:
        if b"\n" in name:
            raise SubjectError(f"{top} holds a file with a new line in its name, {path.name!r}; rename it")
        link = path.is_symlink()
        of = sha256(os.fsencode(path.readlink())).hexdigest() if link else _file(path)
        digest.update(f"{of} {'@' if link else ' '}".encode() + name + b"\n")
    return digest.hexdigest()


def _checkout(given: str, folder: Path, apart: Collection[Path]) -> SubjectShape:
    """Give the commit; if files differ from it, or are neither tracked nor ignored, give the digest of all files."""
    top = Path(_git(given, folder, "rev-parse", "--show-toplevel")[0])
    commit = _git(given, top, "rev-parse", "--verify", "HEAD")[0]
    listed = ("ls-files", "-z", "--cached", "--others", "--exclude-standard")
    changed = _git(given, top, "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all")
    dirty = any((top / line[3:]).resolve() not in apart for line in changed)
    digest = {"gitCommit": commit}
    if dirty:
        there = (name for name in dict.fromkeys(_git(given, top, *listed)) if os.path.lexists(top / name))
        digest = {"sha256": _tree(top, (each for name in there for each in _inside(top, name)), apart)}
    return {"name": given, "kind": "git", "digest": digest, "commit": commit, "dirty": dirty}


def _inside(top: Path, name: str) -> Iterator[str]:
    """Give a file as it is; for a nested repository, give its files."""
    path = top / name
    if path.is_symlink() or not path.is_dir():
        yield name
    else:
        yield from (f"{name.rstrip('/')}/{each}" for each in _walk(path) if not each.startswith(".git/"))


def _git(given: str, folder: Path, *words: str) -> list[str]:
    # Take no lock that another git may want, and start no program that a repository names.
    command = ("git", "--no-optional-locks", "-c", "core.fsmonitor=false", "-C", str(folder), *words)
    try:
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - never through a shell
    except OSError as error:
        raise SubjectError(f"{given} needs git, which cannot be started: {error.strerror or error}") from None
    if done.returncode:
        lines = os.fsdecode(done.stderr).strip().splitlines() or [f"git ended with {done.returncode}"]
        raise SubjectError(f"{given} is not a checkout with a commit that git can read: {lines[0]}")
    separator = "\0" if "-z" in words else "\n"
    return [line for line in os.fsdecode(done.stdout).split(separator) if line]
