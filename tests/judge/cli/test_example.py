"""`blastiq example`: the programs that are shipped are those that are played."""

from pathlib import Path

import pytest

from blastiq_conformance.programs import EXAMPLES, PROGRAMS
from tests.clients.launch import program
from tests.clients.programs import GOOD
from tests.judge.cli.shell import called

PLAYED = {program(client.file): client for client in GOOD}


@pytest.mark.parametrize("language", PROGRAMS)
def test_an_example_is_a_client_that_is_played(language: str, tmp_path: Path) -> None:
    """To a clean verdict; printed and written as it is."""
    client = PLAYED[EXAMPLES / PROGRAMS[language]]
    assert (client.errors, client.warnings, client.options) == ("", "", ())
    text = (EXAMPLES / PROGRAMS[language]).read_text(encoding="utf-8")
    assert called("example", language).stdout == text
    file = tmp_path / "new" / PROGRAMS[language]
    assert called("example", "--into", str(file.parent), language).stdout == f"Wrote {file}.\n"
    assert file.read_text(encoding="utf-8") == text


def test_every_shipped_program_is_an_example() -> None:
    """None lies there that cannot be asked for."""
    assert {path.name for path in EXAMPLES.iterdir() if path.is_file()} == {*PROGRAMS.values()}


def test_a_file_that_is_there_is_left(tmp_path: Path) -> None:
    """It may be somebody's work."""
    (tmp_path / "curl.sh").write_text("mine")
    done = called("example", "--into", str(tmp_path), "curl")
    assert (done.returncode, done.stdout) == (2, "")
    assert (tmp_path / "curl.sh").read_text() == "mine"


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """The reason is told."""
    (tmp_path / "file").write_text("")
    done = called("example", "--into", str(tmp_path / "file/x"), "go")
    assert done.returncode == 2
    assert "cannot be written" in done.stderr or "is a file" in done.stderr
