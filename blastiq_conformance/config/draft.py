"""A first blastiq.toml: a command guessed from a folder's content, and the file with its comments."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from blastiq_conformance import given_file
from blastiq_conformance.config.toml_file import quoted
from blastiq_conformance.editions import CURRENT
from blastiq_conformance.runner.target import Target

_UNKNOWN = ("./my-integration",)
_TEMPLATE = Path(__file__).with_name("blastiq.toml.template")


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """What a folder seems to hold; `sign` is the file that shows it, empty where none does."""

    language: str
    command: tuple[str, ...]
    sign: str = ""


def guess(folder: Path) -> Guess:
    """Guess the language of a folder, and how its program is started."""
    for pattern, language, start in _SIGNS:
        sign = next((path for path in sorted(folder.glob(pattern)) if path.is_file()), None)
        if sign is not None:
            return Guess(language=language, command=start(folder), sign=sign.name)
    return Guess(language="", command=_UNKNOWN)


def _first(folder: Path, *names: str) -> str:
    return next((name for name in names if (folder / name).is_file()), names[0])


def _node(folder: Path) -> tuple[str, ...]:
    try:
        package = json.loads(given_file.read_text(folder / "package.json"))
    except (OSError, ValueError, RecursionError):
        package = {}
    main = package.get("main") if isinstance(package, dict) else None
    scripts = package.get("scripts") if isinstance(package, dict) else None
    if isinstance(main, str) and main:
        return ("node", main)
    if isinstance(scripts, dict) and "start" in scripts:
        return ("npm", "start", "--silent")
    return ("node", _first(folder, "index.js", "app.js", "main.js"))


def _gradle(folder: Path) -> tuple[str, ...]:
    return ("./gradlew" if (folder / "gradlew").is_file() else "gradle", "-q", "run")


def _python(folder: Path) -> tuple[str, ...]:
    return ("python", _first(folder, "main.py", "app.py"))


# In this order: a package.json often stands beside another language for its tools, a Makefile beside any.
_SIGNS: tuple[tuple[str, str, Callable[[Path], tuple[str, ...]]], ...] = (
    ("go.mod", "Go", lambda _: ("go", "run", ".")),
    ("Cargo.toml", "Rust", lambda _: ("cargo", "run", "--quiet")),
    ("pom.xml", "Java (Maven)", lambda _: ("mvn", "-q", "compile", "exec:java")),
    ("build.gradle", "Java (Gradle)", _gradle),
    ("build.gradle.kts", "Java (Gradle)", _gradle),
    ("*.csproj", "C#", lambda _: ("dotnet", "run")),
    ("composer.json", "PHP", lambda folder: ("php", _first(folder, "main.php", "app.php", "index.php"))),
    ("Gemfile", "Ruby", lambda folder: ("bundle", "exec", "ruby", _first(folder, "main.rb", "app.rb"))),
    ("pyproject.toml", "Python", _python),
    ("setup.py", "Python", _python),
    ("package.json", "JavaScript", _node),
    ("Makefile", "a Makefile", lambda _: ("make", "-s", "run")),
)


def draft(*, name: str, command: Sequence[str], client_id: str, service: bool) -> str:
    """Write the text of a blastiq.toml; `service`: the program stays up."""
    usual = client_id == Target(command=("",)).client_id
    return given_file.read_text(_TEMPLATE).format(
        name=quoted(name),
        command=f"[{', '.join(map(quoted, command))}]",
        client_id=f"{'# ' if usual else ''}client_id = {quoted(client_id)}",
        edition=CURRENT,
        quiet=f"{'' if service else '# '}quiet = 5",
    )
