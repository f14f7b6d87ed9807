"""Turns a client's file into the command that starts it, or skips with a word where its tool chain is missing."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CLIENTS = Path(__file__).parent
ROOT = CLIENTS.parent.parent
# Where Debian's golang-…-dev packages lay their sources; without modules Go finds them there.
_GOPATH = {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode"}


def command(client: str, needs: tuple[str, ...], workshop: Path) -> list[str]:
    """Give the command for a file such as `good/curl.sh`; what must be built for it is built in the workshop, once.

    `needs` are modules, gems, extensions or programs besides the language's own; what one is depends on the language.
    """
    path = CLIENTS / client
    match path.suffix:
        case ".py":
            _demand(*(f"the module {name}" for name in needs if not importlib.util.find_spec(name)))
            return [sys.executable, str(path)]
        case ".mjs":
            return [_program("node"), str(_node_home(workshop) / path.name)]
        case ".sh":
            _demand(*(name for name in needs if not shutil.which(name)))
            return ["sh", str(path)]
        case ".pl":
            return [*_with_modules("perl", "-M{}", needs), str(path)]
        case ".rb":
            return [*_with_modules("ruby", "-r{}", needs), str(path)]
        case ".php":
            return _php(path, needs)
        case ".java":
            return _java(path, workshop)
        case ".go":
            return _built(path, workshop, [_program("go"), "build", "-o", "{out}", str(path)], _GOPATH if needs else {})
        case _:
            return _built(path, workshop, [_program("cc"), str(path), "-o", "{out}", *(f"-l{name}" for name in needs)])


def mutant(name: str) -> list[str]:
    """Give the command of the parametrised client with this flaw, or with none."""
    return [sys.executable, "-m", "tests.clients.flawed.mutant", *([name] if name else [])]


def _demand(*missing: str) -> None:
    if missing:
        pytest.skip(f"missing here: {', '.join(missing)}")


def _program(name: str) -> str:
    found = shutil.which(name)
    if not found:
        pytest.skip(f"missing here: {name}")
    return found


def _with_modules(language: str, option: str, needs: tuple[str, ...]) -> list[str]:
    program = _program(language)
    for name in needs:
        probe = subprocess.run([program, option.format(name), "-e", "1"], capture_output=True, check=False)
        _demand(*([f"{name} for {language}"] if probe.returncode else []))
    return [program]


def _php(path: Path, needs: tuple[str, ...]) -> list[str]:
    program = _program("php")
    loaded = subprocess.run([program, "-m"], capture_output=True, check=True, text=True).stdout.lower().split()
    _demand(*(f"{name} for php" for name in needs if name not in loaded))
    return [program, str(path)]


def _java(path: Path, workshop: Path) -> list[str]:
    compiler, program = _program("javac"), _program("java")
    if not (workshop / f"{path.stem}.class").exists():
        subprocess.run([compiler, "-d", str(workshop), str(path)], check=True)
    return [program, "-cp", str(workshop), path.stem]


def _built(path: Path, workshop: Path, build: list[str], environment: dict[str, str] | None = None) -> list[str]:
    out = workshop / path.stem
    if not out.exists():
        words = [word.format(out=out) for word in build]
        done = subprocess.run(
            words, env={**os.environ, **(environment or {})}, capture_output=True, check=False, text=True
        )
        if done.returncode:
            pytest.skip(f"cannot be built here: {done.stderr.strip().splitlines()[-1]}")
    return [str(out)]


def _node_home(workshop: Path) -> Path:
    """Install what package.json names; programs must stand beside their node_modules to find them."""
    home = workshop / "node"
    if not home.exists():
        npm = _program("npm")
        making = workshop / f"node-{os.getpid()}"
        making.mkdir()
        for source in (CLIENTS / "package.json", *CLIENTS.glob("*/*.mjs")):
            shutil.copy(source, making)
        install = [npm, "install", "--no-package-lock", "--no-audit", "--no-fund"]
        done = subprocess.run(install, cwd=making, capture_output=True, check=False, text=True)
        if done.returncode:
            pytest.skip("npm cannot install the libraries here")
        making.rename(home)
    return home
