"""What tool chains keep in the user's HOME is found from another."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from blastiq_conformance.runner.tool_homes import kept, link
from tests.clients.launch import JVM

pytestmark = pytest.mark.slow


def make(home: Path, *names: str) -> None:
    for name in names:
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).mkdir() if not name.endswith("rc") else (home / name).touch()


def test_what_is_there_is_named(tmp_path: Path) -> None:
    """By the tool's own variable; nothing is named that is not there."""
    make(tmp_path, "go", ".cache/go-build", ".npmrc", ".cargo", ".local/lib", ".nuget/packages")
    assert kept({"HOME": str(tmp_path)}) == {
        "GOPATH": str(tmp_path / "go"),
        "GOCACHE": str(tmp_path / ".cache/go-build"),
        "npm_config_userconfig": str(tmp_path / ".npmrc"),
        "NUGET_PACKAGES": str(tmp_path / ".nuget/packages"),
        "DOTNET_CLI_HOME": str(tmp_path),
        "CARGO_HOME": str(tmp_path / ".cargo"),
        "PYTHONUSERBASE": str(tmp_path / ".local"),
    }


def test_what_the_user_says_counts(tmp_path: Path) -> None:
    """A variable that is set stays, also where npm's is in upper case; an empty one says nothing."""
    make(tmp_path, "go", ".npm", ".cargo")
    given = {"HOME": str(tmp_path), "GOPATH": "/mine", "NPM_CONFIG_CACHE": "/mine", "CARGO_HOME": ""}
    assert kept(given) == {"CARGO_HOME": str(tmp_path / ".cargo")}


def test_the_bases_of_xdg_are_asked(tmp_path: Path) -> None:
    """Who moved the caches of all programs has those of the tools there; the first place that exists counts."""
    make(tmp_path, "caches/go-build", ".cache/go-build", ".nvm")
    given = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "caches")}
    assert kept(given) == {"GOCACHE": str(tmp_path / "caches/go-build"), "NVM_DIR": str(tmp_path / ".nvm")}
    make(tmp_path, ".config/nvm")
    assert kept(given)["NVM_DIR"] == str(tmp_path / ".config/nvm")


@pytest.mark.parametrize("given", [{}, {"HOME": ""}, {"HOME": "relative"}])
def test_without_a_home_there_is_nothing(
    given: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is looked for in the folder that the kit was started in."""
    make(tmp_path, "go", ".m2", "relative/go")
    monkeypatch.chdir(tmp_path)
    assert kept(given) == {}
    home = tmp_path / "home"
    home.mkdir()
    link(given, home)
    assert list(home.iterdir()) == []


def test_what_no_variable_names_is_linked(tmp_path: Path) -> None:
    """Maven's repository and settings, gems: the HOME is empty but for them, and they stay the user's."""
    real, home = tmp_path / "real", tmp_path / "home"
    home.mkdir()
    make(real, ".m2", "data/gem", ".cargo")
    link({"HOME": str(real), "XDG_DATA_HOME": str(real / "data")}, home)
    (home / ".m2" / "settings.xml").write_text("")
    assert (real / ".m2" / "settings.xml").exists()
    assert (home / ".local/share/gem").resolve() == real / "data/gem"
    assert sorted(path.name for path in home.iterdir()) == [".local", ".m2"]


def test_where_links_are_not_allowed_there_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tool then does without."""

    def refuse(*_: object) -> None:
        raise OSError

    make(tmp_path, ".m2")
    monkeypatch.setattr(Path, "symlink_to", refuse)
    (tmp_path / "home").mkdir()
    link({"HOME": str(tmp_path)}, tmp_path / "home")
    assert list((tmp_path / "home").iterdir()) == []


def asking(folder: str, *words: str) -> object:
    missing = pytest.mark.skipif(shutil.which(words[0]) is None, reason=f"{words[0]} is not installed")
    return pytest.param(words, folder, id=words[0], marks=missing)


@pytest.mark.parametrize(
    ("words", "folder"),
    [
        asking("go", "go", "env", "GOPATH"),
        asking(".npm", "npm", "config", "get", "cache"),
        asking(".local", "python3", "-m", "site", "--user-base"),
        asking(".gem", "ruby", "-e", "puts Gem.user_dir.split('/ruby')[0]"),
        # Offline it finds no plugin, but it tells where it looks.
        asking(".m2", "mvn", "-o", "-X", "help:help"),
    ],
)
def test_the_tools_understand_it(words: tuple[str, ...], folder: str, tmp_path: Path) -> None:
    """Those that are installed say themselves where they would look."""
    real, home = tmp_path / "real", tmp_path / "home"
    home.mkdir()
    make(real, folder, ".local/lib")
    inherited = {"HOME": str(real), "PATH": os.environ["PATH"]}
    link(inherited, home)
    environment = (
        inherited | {"HOME": str(home), "JAVA_TOOL_OPTIONS": " ".join((*JVM, f"-Duser.home={home}"))} | kept(inherited)
    )
    done = subprocess.run(words, env=environment, capture_output=True, check=False, text=True)
    place = home if folder in {".gem", ".m2"} else real
    assert str(place / folder) in done.stdout
    assert (place / folder).resolve() == real / folder
