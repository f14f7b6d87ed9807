"""Turns a client's file into the command that starts it, or skips with a word where its tool chain is missing."""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from blastiq_conformance.plugin.once import locked
from blastiq_conformance.programs import EXAMPLES

CLIENTS = Path(__file__).parent
ROOT = CLIENTS.parent.parent
# Without the compiler of C, which half of the network package would ask for.
GO = {"CGO_ENABLED": "0", "GOGC": "off"}
# They run for a moment: to optimise the standard library takes half as long again as to compile it.
GO_QUICKLY = ("-gcflags=all=-N -l", "-ldflags=-s -w")
# Where Debian's golang-…-dev packages lay their sources; with modules off Go finds them there.
_GO_PACKAGES = {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode"}

# They live for a second or two: what the second compiler would make faster is over by then.
JVM = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
JAVAC = tuple(f"-J{option}" for option in JVM)


# What a Python client needs that shows what 3.13 mended.
OLD = "python<3.13"


def command(client: str, needs: Sequence[str], workshop: Path) -> list[str]:
    """Give the command for a file such as `good/curl.sh`; what must be built for it is built in the workshop, once.

    `needs` are what it uses besides its language: Python modules, programs for sh, Perl modules, gems, extensions of
    PHP, packages of Go, C libraries, assemblies of .NET.
    """
    path = program(client)
    return _LAUNCHERS[path.suffix](path, needs, workshop)


def program(client: str) -> Path:
    """Give the file of a client: here, or where the kit ships it as an example."""
    path = CLIENTS / client
    return path if path.exists() else EXAMPLES / path.name


def mutant(flaw: str) -> list[str]:
    """Give the command of the parametrised client with this flaw, or with none."""
    # It needs no package, and the site is half of what it takes to start.
    return [sys.executable, "-S", "-m", "tests.clients.flawed.mutant", *([flaw] if flaw else [])]


def _demand(missing: Sequence[str], why: str = "missing here") -> None:
    if missing:
        pytest.skip(f"{why}: {', '.join(missing)}")


def _program(name: str) -> str:
    found = shutil.which(name)
    _demand([] if found else [name])
    return str(found)


def _python(path: Path, needs: Sequence[str], _: Path) -> list[str]:
    _demand(
        [name for name in needs if not (sys.version_info < (3, 13) if name == OLD else importlib.util.find_spec(name))]
    )
    return [sys.executable, str(path)]


def _shell(path: Path, needs: Sequence[str], _: Path) -> list[str]:
    _demand([name for name in needs if not shutil.which(name)])
    return [_program("sh"), str(path)]


def _fails(words: Sequence[str]) -> bool:
    return subprocess.run(words, capture_output=True, check=False).returncode != 0


def _with_modules(language: str, option: str) -> Callable[[Path, Sequence[str], Path], list[str]]:
    def launch(path: Path, needs: Sequence[str], _: Path) -> list[str]:
        program = _program(language)
        probes = {name: [program, option + name, "-e", "1"] for name in needs}
        _demand([name for name, probe in probes.items() if _fails(probe)])
        return [program, str(path)]

    return launch


def _php(path: Path, needs: Sequence[str], _: Path) -> list[str]:
    program = _program("php")
    loaded = subprocess.run([program, "-m"], capture_output=True, check=True, text=True).stdout.lower().split()
    _demand([f"php-{name}" for name in needs if name not in loaded])
    return [program, str(path)]


def _java(path: Path, _: Sequence[str], workshop: Path) -> list[str]:
    classes = workshop / f"{path.stem}-{_digest(path)}"
    build([_program("javac"), *JAVAC, "-d", "OUT", str(path)], classes)
    return [_program("java"), *JVM, "-cp", str(classes), path.stem]


def _go(path: Path, needs: Sequence[str], workshop: Path) -> list[str]:
    out = workshop / f"{path.stem}-{_digest(path)}"
    build([_program("go"), "build", *GO_QUICKLY, "-o", "OUT", str(path)], out, **GO, **(_GO_PACKAGES if needs else {}))
    return [str(out)]


def _c(path: Path, needs: Sequence[str], workshop: Path) -> list[str]:
    out = workshop / f"{path.stem}-{_digest(path)}"
    build([_program("cc"), str(path), "-o", "OUT", *(f"-l{name}" for name in needs)], out)
    return [str(out)]


def _csharp(path: Path, needs: Sequence[str], workshop: Path) -> list[str]:
    out = workshop / f"{path.stem}-{_digest(path)}.exe"
    build([_program("mcs"), "-out:OUT", *(f"-r:{name}" for name in needs), str(path)], out)
    return [_program("mono"), str(out)]


def _node(path: Path, needs: Sequence[str], workshop: Path) -> list[str]:
    _demand([name for name in needs if not shutil.which(name)])
    program, home = _program("node"), workshop / f"node-{_digest(CLIENTS / 'package.json')}"
    with locked(workshop / "npm.lock"):
        if not home.exists():
            making = home.with_suffix(".new")
            shutil.rmtree(making, ignore_errors=True)
            making.mkdir()
            shutil.copy(CLIENTS / "package.json", making)
            install = [_program("npm"), "install", "--no-package-lock", "--no-audit", "--no-fund"]
            done = subprocess.run(install, cwd=making, capture_output=True, check=False)
            _demand(["what package.json names"] if done.returncode else [], "npm cannot install here")
            making.rename(home)
    # A program finds its libraries beside it, and another of its name may be running: each version has its own folder.
    folder = home / _digest(path)
    folder.mkdir(exist_ok=True)
    with suppress(FileExistsError):
        (folder / "node_modules").symlink_to(home / "node_modules")
    return [program, str(place(path, folder))]


def place(path: Path, folder: Path) -> Path:
    """Put a file into a folder, at once and only where it is not there yet: another worker may just be running it."""
    there = folder / path.name
    if not there.exists() or there.read_bytes() != path.read_bytes():
        making = there.with_suffix(f".{os.getpid()}")
        shutil.copy(path, making)
        making.replace(there)
    return there


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def build(words: Sequence[str], out: Path, **environment: str) -> None:
    """Build it unless it is there; OUT in a word is its place."""
    # Several at once would each compile the whole standard library.
    with locked(out.parent / f"{Path(words[0]).name}.lock"):
        if out.exists():
            return
        making = out.with_name(f"new-{out.name}")
        line = [word.replace("OUT", str(making)) for word in words]
        done = subprocess.run(line, env={**os.environ, **environment}, capture_output=True, check=False, text=True)
        said = (done.stderr or done.stdout).strip().splitlines()[-1:]
        _demand(said if done.returncode else [], "cannot be built here")
        making.rename(out)


_LAUNCHERS: dict[str, Callable[[Path, Sequence[str], Path], list[str]]] = {
    ".py": _python,
    ".sh": _shell,
    ".mjs": _node,
    ".java": _java,
    ".go": _go,
    ".c": _c,
    ".cs": _csharp,
    ".pl": _with_modules("perl", "-M"),
    ".rb": _with_modules("ruby", "-r"),
    ".php": _php,
}
