"""Turns a right but odd client into the command that starts it; what must be built is built in the workshop, once."""

import hashlib
import importlib.util
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.clients import launch
from tests.clients.strangers.right import Right

HERE = Path(__file__).parent / "right_core"
_FILES = {"perl": "client.pl", "php": "client.php", "ruby": "client.rb", "shell": "client.sh"}


def command(client: Right, workshop: Path) -> list[str]:
    """Give the command, or skip with a word where the tool chain is missing; PYTHONPATH must hold the repository."""
    folder, needs = HERE / client.language, client.needs.split()
    match client.language:
        case "python":
            if missing := [name for name in needs if not importlib.util.find_spec(name)]:
                pytest.skip(f"missing here: {', '.join(missing)}")
            words = [sys.executable, "-m", "tests.clients.strangers.right_core.python"]
        case "node":
            words = _node(folder, workshop)
        case "go":
            words = [
                _built(
                    folder,
                    ".go",
                    ["go", "build", *launch.GO_QUICKLY, "-o", "OUT"],
                    workshop,
                    **launch.GO,
                    GO111MODULE="off",
                )
            ]
        case "java":
            classes = _built(folder, ".java", ["javac", *launch.JAVAC, "-d", "OUT"], workshop)
            words = ["java", *launch.JVM, "-cp", classes, "Main"]
        case "csharp":
            compiler = ["mcs", "-nologo", "-r:System.Net.Http", "-r:System.Web", "-r:System.Web.Extensions", "-out:OUT"]
            words = ["mono", _built(folder, ".cs", compiler, workshop)]
        case language:
            words = launch.command(str((folder / _FILES[language]).relative_to(launch.CLIENTS)), needs, workshop)
    return [*words, client.name.partition("/")[2]]


def _node(folder: Path, workshop: Path) -> list[str]:
    words = launch.command(str((folder / "right_oddities.mjs").relative_to(launch.CLIENTS)), (), workshop)
    # A program finds its libraries, and its other half, in the folder that it stands in.
    for path in folder.glob("*.mjs"):
        launch.place(path, Path(words[1]).parent)
    return words


def _built(folder: Path, suffix: str, words: Sequence[str], workshop: Path, **environment: str) -> str:
    """Compile all sources of the folder into one thing; the word OUT stands for its place."""
    sources = sorted(folder.glob(f"*{suffix}"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]
    out = workshop / f"right-{folder.name}-{digest}"
    if not shutil.which(words[0]):
        pytest.skip(f"missing here: {words[0]}")
    launch.build([*words, *map(str, sources)], out, **environment)
    return str(out)
