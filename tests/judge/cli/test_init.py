"""`blastiq init`: what it guesses, asks, writes, and leaves alone."""

import re
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from blastiq_conformance.cli.init import init
from blastiq_conformance.config import read
from blastiq_conformance.config.draft import draft, guess
from blastiq_conformance.editions import CURRENT


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "my shop"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


def call(*args: str, answers: str = "") -> Result:
    return CliRunner().invoke(init, args, input=answers)


@pytest.mark.parametrize(
    ("files", "command"),
    [
        ({"package.json": '{"main": "lib/app.js"}'}, ["node", "lib/app.js"]),
        ({"package.json": '{"scripts": {"start": "x"}}'}, ["npm", "start", "--silent"]),
        ({"package.json": "{", "app.js": ""}, ["node", "app.js"]),
        ({"package.json": "[]"}, ["node", "index.js"]),
        ({"go.mod": "", "package.json": "{}", "Makefile": ""}, ["go", "run", "."]),
        ({"Cargo.toml": ""}, ["cargo", "run", "--quiet"]),
        ({"pom.xml": ""}, ["mvn", "-q", "compile", "exec:java"]),
        ({"build.gradle": ""}, ["gradle", "-q", "run"]),
        ({"build.gradle.kts": "", "gradlew": ""}, ["./gradlew", "-q", "run"]),
        ({"shop.csproj": ""}, ["dotnet", "run"]),
        ({"composer.json": "", "index.php": ""}, ["php", "index.php"]),
        ({"Gemfile": "", "app.rb": ""}, ["bundle", "exec", "ruby", "app.rb"]),
        ({"pyproject.toml": "", "Makefile": ""}, ["python", "main.py"]),
        ({"setup.py": "", "app.py": ""}, ["python", "app.py"]),
        ({"Makefile": ""}, ["make", "-s", "run"]),
        ({}, ["./my-integration"]),
    ],
    ids="+".join,
)
def test_the_folder_suggests_a_command(folder: Path, files: dict[str, str], command: list[str]) -> None:
    """By the files that its tools leave; what stands beside other languages comes last."""
    for name, text in files.items():
        (folder / name).write_text(text)
    assert list(guess(folder).command) == command


def test_flags_ask_nothing(folder: Path) -> None:
    """--yes takes what the folder suggests; the file reads back."""
    (folder / "go.mod").touch()
    done = call("--yes")
    assert (done.exit_code, done.output.splitlines()) == (
        0,
        [
            "go.mod: this looks like Go.",
            "Wrote blastiq.toml: it starts go run .. Read it through, then: blastiq run",
        ],
    )
    (declared,) = read(folder / "blastiq.toml").targets
    assert (declared.target.name, declared.target.command) == ("my-shop", ("go", "run", "."))
    assert (declared.target.client_id, declared.target.quiet) == ("external.customer", None)


def test_a_command_is_split_into_words(folder: Path) -> None:
    """As a shell would, once; no shell is there later."""
    assert call("--yes", "--command", "node 'my app.js' {authority}").exit_code == 0
    assert read(folder / "blastiq.toml").targets[0].target.command == ("node", "my app.js", "{authority}")
    for line, said in (("node 'x", "cannot be split"), ("", "the command is empty")):
        done = call("--yes", "--command", line)
        assert (done.exit_code, said in done.output) == (2, True)


def test_questions_have_defaults_and_answers_are_checked(folder: Path) -> None:
    """Name, command, client id, and whether it stays up; a name that cannot be one is asked for again."""
    assert call(answers="a b\nshop\n./run 'x y'\nacme.own\ny\n").exit_code == 0
    (declared,) = read(folder / "blastiq.toml").targets
    assert (declared.target.name, declared.target.command) == ("shop", ("./run", "x y"))
    assert (declared.target.client_id, declared.target.quiet) == ("acme.own", 5.0)


def test_a_command_that_was_given_is_not_asked_for(folder: Path) -> None:
    """The other questions stay."""
    assert call("--command", "./run", answers="\n\n\n").exit_code == 0
    assert read(folder / "blastiq.toml").targets[0].target.command == ("./run",)


def test_a_misspelt_placeholder_is_refused_or_asked_again(folder: Path) -> None:
    """By a flag it is a usage error, in an answer the question comes once more; nothing wrong is written."""
    done = call("--yes", "--command", "app {authorty}")
    assert (done.exit_code, list(folder.iterdir())) == (2, [])
    assert "did you mean {authority}?" in done.output
    done = call(answers="shop\napp {authorty}\napp {authority}\n\n\n")
    assert done.exit_code == 0, done.output
    assert "did you mean {authority}?" in done.output
    assert read(folder / "blastiq.toml").targets[0].target.command == ("app", "{authority}")


@pytest.mark.parametrize("answers", ["n\n", ""], ids=["no", "nobody-there"])
def test_nothing_is_overwritten_unasked(folder: Path, answers: str) -> None:
    """A file that exists stays as it is, and exit 2 says so."""
    file = folder / "blastiq.toml"
    file.write_text("mine")
    done = call(answers=answers)
    assert (done.exit_code, file.read_text()) == (2, "mine")
    assert "exists, and was left as it is; --yes overwrites it" in done.output


@pytest.mark.parametrize(("args", "answers"), [(("--yes",), ""), ((), "y\n\n\n\n\n")], ids=["flag", "answer"])
def test_it_is_overwritten_where_that_is_wanted(folder: Path, args: tuple[str, ...], answers: str) -> None:
    """By --yes, or by the answer."""
    (folder / "blastiq.toml").write_text("mine")
    assert call(*args, answers=answers).exit_code == 0
    assert read(folder / "blastiq.toml").targets


def test_questions_left_open_write_nothing(folder: Path) -> None:
    """Where nobody answers, --yes is named."""
    done = call(answers="shop\n")
    assert (done.exit_code, list(folder.iterdir())) == (2, [])
    assert "--yes asks none" in done.output


def test_a_folder_that_cannot_be_written_is_a_fault_of_usage(folder: Path) -> None:
    """The system's reason is given."""
    (folder / "blastiq.toml").mkdir()
    done = call("--yes")
    assert (done.exit_code, "cannot be written here" in done.output) == (2, True)


def test_every_comment_is_true(folder: Path) -> None:
    """Each key that is commented out can be used as it stands there."""
    text = draft(name="x", command=["x"], client_id="external.customer", service=False)
    text = re.sub(r"(?m)^# (?=[a-z_]+ = |\[\[)", "", text)
    file = folder / "blastiq.toml"
    file.write_text(text)
    (declared,) = read(file).targets
    assert (declared.target.users, declared.target.concurrency, declared.waivers[0].rule) == (2, 4, "BIQ211")


@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), min_size=1), st.booleans())
def test_any_command_comes_back_as_it_was(command: list[str], service: bool) -> None:
    """Whatever characters it has."""
    (target,) = tomllib.loads(draft(name="x", command=command, client_id="y", service=service))["target"]
    assert target == {"name": "x", "command": command, "client_id": "y", "edition": CURRENT} | (
        {"quiet": 5} if service else {}
    )
