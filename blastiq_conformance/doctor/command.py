"""Whether a command can be started, found out without starting it."""

import errno
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from blastiq_conformance.doctor.check import Check, problem
from blastiq_conformance.given_file import is_file, is_there
from blastiq_conformance.runner.not_run import could_not_start

_FIRST = 256
_NAME = "command"
_ADVICE = "Correct the command that stands after `--`, or in blastiq.toml."


def check_command(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> Check:
    """Resolve the program and the interpreter that its first line names, as the system would."""
    word = command[0]
    found = _find(word, environment, folder)
    if found is None and not _is_path(word) and is_file(folder / word):
        return _problem(f"{word} stands in {folder}, but commands are looked for on PATH. Write ./{word} instead.")
    if found is None:
        return _problem(could_not_start((word,), folder, OSError(errno.ENOENT, "")).text)
    if error := _refusal(found):
        return _problem(could_not_start((str(found),), None, OSError(error, "")).text)
    interpreter = _interpreter(found)
    if interpreter and not is_file(Path(interpreter[0])):
        return _problem(could_not_start((str(found),), None, OSError(errno.ENOENT, "")).text)
    asked = _asked_of_env(interpreter)
    if asked and _find(asked, environment, folder) is None:
        return _problem(f"The first line of {found} asks for {asked!r}, and there is no such command on PATH.")
    return Check(name=_NAME, found=f"{word} is {found}" if word != str(found) else f"{word} can be started")


def _problem(text: str) -> Check:
    return problem(_NAME, text, _ADVICE)


def _find(word: str, environment: Mapping[str, str], folder: Path) -> Path | None:
    """Give the file that would be started; if none is executable, the first of that name."""
    if _is_path(word):
        path = Path(shutil.which(folder / word) or folder / word)
        return path if is_there(path) else None
    search = environment.get("PATH", os.defpath)
    executable = shutil.which(word, path=search)
    if executable:
        return Path(executable)
    candidates = (Path(place or ".", word) for place in search.split(os.pathsep))
    return next((path for path in candidates if is_file(path)), None)


def _is_path(word: str) -> bool:
    return Path(word).name != word


def _refusal(path: Path) -> int | None:
    if path.is_dir() or not os.access(path, os.X_OK):
        return errno.EACCES
    head = _head(path)
    # A text without an interpreter line; a binary may have any format that the system knows.
    is_text = head is not None and b"\0" not in head and not head.startswith(b"#!")
    return errno.ENOEXEC if os.name == "posix" and is_text else None


def _head(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(_FIRST)
    except OSError:
        # It may be executable but not readable.
        return None


def _interpreter(path: Path) -> list[str]:
    head = _head(path) or b""
    if not head.startswith(b"#!"):
        return []
    return head[2:].partition(b"\n")[0].decode("utf-8", "replace").split()


def _asked_of_env(interpreter: Sequence[str]) -> str:
    """Give the program that `#!/usr/bin/env` is to start; empty for another interpreter."""
    if not interpreter or Path(interpreter[0]).name != "env":
        return ""
    return next((word for word in interpreter[1:] if not word.startswith("-") and "=" not in word), "")
