"""The browser that is laid out for an attended integration: found by whatever name it is asked for."""

import os
import subprocess
from pathlib import Path

import pytest

from blastiq_conformance.runner.browsing import lay_out_browser

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", ["blastiq-browser", "xdg-open", "sensible-browser", "x-www-browser"])
def test_programs_that_open_browsers_open_ours(tmp_path: Path, name: str) -> None:
    """The folder comes first in PATH, and each program hands its arguments on."""
    variables = lay_out_browser(tmp_path / "a folder's browser", {"PATH": os.environ["PATH"]})
    done = subprocess.run([name, "ftp://x"], env=variables, capture_output=True, text=True, check=False)
    assert done.stderr == "browser: expected an address that begins with http:// or https://\n"
    assert variables["PATH"].endswith(os.pathsep + os.environ["PATH"])


def test_browser_is_a_program_and_nothing_else(tmp_path: Path) -> None:
    """Some split BROWSER into words, others do not: it is one word, and nobody else may change the program."""
    variables = lay_out_browser(tmp_path / "browser", {})
    program = Path(variables["BROWSER"])
    assert variables["BLASTIQ_BROWSER"] == variables["BROWSER"] == str(tmp_path / "browser" / "blastiq-browser")
    assert program.stat().st_mode & 0o777 == 0o700
    assert "--reload" not in program.read_text()


def test_it_may_load_twice(tmp_path: Path) -> None:
    """Where the scenario has it so."""
    variables = lay_out_browser(tmp_path / "browser", {}, reloads=True)
    assert '--reload "$@"' in Path(variables["BROWSER"]).read_text()


def test_where_there_is_no_shell_it_is_a_batch_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the quotes of that system."""
    monkeypatch.setattr("blastiq_conformance.runner.browsing.sys.executable", r"C:\Program Files\python.exe")
    folder = tmp_path / "browser"
    monkeypatch.setattr("blastiq_conformance.runner.browsing.WINDOWS", True)
    variables = lay_out_browser(folder, {})
    assert variables["BROWSER"].endswith("blastiq-browser.cmd")
    assert (folder / "blastiq-browser.cmd").read_text().startswith(r'@"C:\Program Files\python.exe" -I ')
