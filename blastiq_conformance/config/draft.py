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
    return _TEXT.format(
        name=quoted(name),
        command=f"[{', '.join(map(quoted, command))}]",
        client_id=f"{'# ' if usual else ''}client_id = {quoted(client_id)}",
        edition=CURRENT,
        quiet=f"{'' if service else '# '}quiet = 5",
    )


_TEXT = """\
# What the BlastIQ conformance kit judges.
#   blastiq run               runs every scenario against a fake BlastIQ, offline
#   pytest blastiq.toml       the same as tests: one for each target, scenario and rule

# pytest = true               # collected by a bare `pytest` as well

[[target]]
name = {name}

# Started once for each scenario, here, without a shell. Braces are filled in: authority, discovery_url, token_url,
# username, password, client_id, api_url, api_calls. The same values stand in the environment, as BLASTIQ_AUTHORITY
# and so on.
command = {command}

# The names by which the program itself knows them.
# env = {{ MYAPP_USER = "{{username}}", MYAPP_PASSWORD = "{{password}}" }}

# The client id that Support gave you, where it is another.
{client_id}

# A service that stays up is stopped after so many seconds without traffic.
{quiet}

# version = "7.1"             # which release of the program this is, for the statement
# Newer rules inform, and turn nothing red, until this is raised.
edition = "{edition}"

# profile = "strict"          # warnings become errors; "lenient" lowers what servers forgive
# timeout = 120               # seconds for each scenario
# client_timeout = 60         # how long the program itself may wait for an answer
# cwd = "."                   # where it is started, relative to this file
# home = "inherit"            # your own HOME, not an empty one for each run; what it writes there is searched
# scenarios = ["sign-in"]     # only these; `blastiq scenarios` lists them
# rules = ["BIQ211"]          # only these; `blastiq rules` lists them
# users = 2                   # it can serve two Service Users: BLASTIQ_USERNAME_2, BLASTIQ_PASSWORD_2
# concurrency = 4             # it can make parallel calls: BLASTIQ_CONCURRENCY
# verbose = ["--debug"]       # its debug switch
# intercept = ["www.blastiq.com"]  # names that it calls whatever it is told: they are led to the fake, over TLS
# skips = [403]               # what the API may answer without its work having failed

# A failure that is known, and accepted for a time; it is shown as waived.
# [[target.waivers]]
# rule = "BIQ211"
# reason = "fixed in release 7"
# owner = "who answers for it"
# expires = 2027-01-31
"""
