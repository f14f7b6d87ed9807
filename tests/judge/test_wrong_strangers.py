"""What was stated of the wrong strangers is whole, and their programs are right where they are given no flaw."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.launch import command, program
from tests.clients.strangers.wrong import WRONG

pytestmark = pytest.mark.slow

_PROGRAMS = {stranger.file: stranger.needs for stranger in WRONG}


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Give what a child process finds in its environment where nothing is odd."""
    ready = tmp_path_factory.mktemp("fake") / "ready.json"
    fake = subprocess.Popen([sys.executable, "-m", "fake_idp", "--ready-file", str(ready)], stdout=subprocess.DEVNULL)
    while not ready.exists():
        assert fake.poll() is None
        time.sleep(0.05)
    facts = json.loads(ready.read_text(encoding="utf-8"))
    yield {
        "BLASTIQ_AUTHORITY": facts["authority"],
        "BLASTIQ_API_URL": facts["api_url"],
        "BLASTIQ_USERNAME": facts["username"],
        "BLASTIQ_PASSWORD": facts["password"],
        "BLASTIQ_CLIENT_ID": "external.customer",
        "BLASTIQ_API_CALLS": "2",
    }
    fake.terminate()
    fake.wait(10)


@pytest.mark.parametrize("file", _PROGRAMS)
def test_right_without_flaw(file: str, authority: dict[str, str], tmp_path: Path, workshop: Path) -> None:
    """A program without a flaw signs in, makes its calls, says nothing and ends with 0."""
    words = command(file, _PROGRAMS[file].split(), workshop)
    environment = {**os.environ, **authority, "TMPDIR": str(tmp_path)}
    done = subprocess.run(words, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("file", _PROGRAMS)
def test_nothing_sent_without_credentials(file: str, authority: dict[str, str], workshop: Path) -> None:
    """A program without a flaw that finds no credentials says so before it asks anybody anything."""
    words = command(file, _PROGRAMS[file].split(), workshop)
    nobody = {"BLASTIQ_AUTHORITY": "http://127.0.0.1:9/identity", "BLASTIQ_USERNAME": "", "BLASTIQ_PASSWORD": ""}
    environment = {**os.environ, **authority, **nobody}
    done = subprocess.run(words, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False, text=True)
    assert (done.returncode, done.stderr) == (1, "BlastIQ: set BLASTIQ_USERNAME and BLASTIQ_PASSWORD\n")


def test_flaws_are_there() -> None:
    """Each flaw is one of its program's, and is stated once."""
    assert [name for name, times in Counter(stranger.name for stranger in WRONG).items() if times > 1] == []
    programs = {file: program(file).read_text(encoding="utf-8") for file in _PROGRAMS}
    assert [stranger.name for stranger in WRONG if stranger.flaw not in programs[stranger.file]] == []


def test_enough_of_each() -> None:
    """Eight languages and more with five flaws each, half of them from what others did, and 45 rules and more."""
    assert min(Counter(stranger.file for stranger in WRONG).values()) >= 5
    assert len(_PROGRAMS) >= 8
    assert 2 * sum(not stranger.origin.startswith("ours") for stranger in WRONG) >= len(WRONG)
    assert len({rule for stranger in WRONG for rule in (stranger.errors + " " + stranger.warnings).split()}) >= 45
