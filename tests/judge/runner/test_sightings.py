"""What is seen of a child's processes while they run."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from blastiq_conformance.runner.contract import MARKER
from blastiq_conformance.runner.process import is_marked
from blastiq_conformance.runner.sightings import Sightings
from blastiq_conformance.runner.spotter import Spotter

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="only /proc shows processes"),
]

MARK = "0123456789abcdef-test"
MARKED = os.environ | {MARKER: MARK}


@contextmanager
def running(code: str, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program with the mark, which goes on once it is told to, and ends when it is told so again."""
    argv = [sys.executable, "-S", "-c", f"{code}\nprint('.', flush=True)\ninput()", *words]
    with subprocess.Popen(argv, env=MARKED, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.stdin.close()


def seen(sightings: Sightings, word: str) -> bool:
    return any(word in words for words in sightings.arguments)


def test_whose_a_process_is_tells_the_marker() -> None:
    """It is inherited by whatever a child starts, and no other process has it; nor has one that is gone."""
    with running("") as process:
        assert is_marked(process.pid, MARK)
        assert not is_marked(process.pid, "another")
    assert not is_marked(process.pid, MARK)


def test_arguments_are_kept_once() -> None:
    """A process that is looked at again and again is one; one that has become another program is two."""
    sightings = Sightings(MARK)
    code = "import os, sys\nif 'again' not in sys.argv: os.execv(sys.executable, [*sys.orig_argv, 'again'])"
    with running("", "one") as process:
        sightings.see((process.pid,))
        sightings.look()
        assert [words[4:] for words in sightings.arguments] == [("one",)]
    sightings.look()
    with running(code, "two") as process:
        sightings.see((process.pid,))
    assert [words[4:] for words in sightings.arguments] == [("one",), ("two", "again")]


def test_a_process_is_looked_at_once_more_until_it_is_gone() -> None:
    """A shell that becomes curl is the same process, with other arguments."""
    sightings = Sightings(MARK)
    code = "import sys; sys.stdin.readline()"
    code = f"import os, sys\nif 'late' not in sys.argv:\n {code}\n os.execv(sys.executable, [*sys.orig_argv, 'late'])"
    argv = [sys.executable, "-S", "-c", f"{code}\nprint('.', flush=True)\nsys.stdin.readline()"]
    with subprocess.Popen(argv, env=MARKED, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        sightings.see((process.pid,))
        process.stdin.write(b"\n")
        process.stdout.readline()
        assert not seen(sightings, "late")
        sightings.look()
        assert seen(sightings, "late")
        process.stdin.write(b"\n")


def test_number_is_bounded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A child that starts many processes, or opens many files, does not fill our memory."""
    for name in ("_MOST_PROCESSES", "_MOST_ARGUMENTS", "_MOST_FILES"):
        monkeypatch.setattr(f"blastiq_conformance.runner.sightings.{name}", 1)
    sightings = Sightings(MARK)
    code = f"files = [open(r'{tmp_path}/%d' % number, 'w') for number in range(3)]"
    with running(code, "one") as one, running(code, "two") as two:
        sightings.see((one.pid, two.pid))
        sightings.look(at_files=True)
    assert (len(sightings.arguments), len(sightings.files)) == (1, 1)


def test_files_that_are_open_to_write_are_seen(tmp_path: Path) -> None:
    """A log that is kept open, wherever it is; no file that is read alone, none that is gone, no pipe, no device."""
    sightings = Sightings(MARK)
    (tmp_path / "read").touch()
    code = f"""
import os
kept = [open(r'{tmp_path}/log', 'a'), open(r'{tmp_path}/both', 'w+'), open(r'{tmp_path}/read'),
        open(r'{tmp_path}/gone', 'w'), open('/dev/null', 'w'), os.pipe()]
os.unlink(r'{tmp_path}/gone')
"""
    with running(code) as process:
        sightings.see((process.pid,))
        sightings.look(at_files=True)
    assert sorted(map(os.path.basename, sightings.files)) == ["both", "log"]


def test_a_glance_sees_who_was_started_since() -> None:
    """Also a process that has left its parent: the mark is in its environment."""
    spotter, sightings = Spotter(), Sightings(MARK)
    code = "import subprocess, sys; subprocess.Popen(['sleep', '1.01'], start_new_session=True)"
    with spotter.follow(sightings), running(code, "newcomer"):
        deadline = time.monotonic() + 10
        # On a busy machine it takes a while to start another one.
        while not seen(sightings, "1.01") and time.monotonic() < deadline:
            spotter.glance_at(sightings)
            time.sleep(0.002)
        assert seen(sightings, "newcomer")
        assert seen(sightings, "1.01")


def test_a_process_of_milliseconds_is_seen(tmp_path: Path) -> None:
    """What helpers are told on their command line is shown to all, however short they live: BIQ703."""
    spotter, sightings, other = Spotter(), Sightings(MARK), Sightings("another")
    with spotter.follow(other), spotter.follow(sightings):
        for number in range(5):
            subprocess.run(["sh", "-c", "sleep 0.03; true", f"secret-{number}"], env=MARKED, check=True)
        with running(f"log = open(r'{tmp_path}/log', 'w')") as process:
            deadline = time.monotonic() + 10
            while not sightings.files and time.monotonic() < deadline:
                time.sleep(0.01)
            assert process.poll() is None
    assert [number for number in range(5) if not seen(sightings, f"secret-{number}")] == []
    assert [os.path.basename(path) for path in sightings.files] == ["log"]  # noqa: PTH119 - a text
    assert other.arguments == ()


def test_the_thread_ends_with_its_children() -> None:
    """Nothing runs on where nobody is followed, and it begins again with the next."""
    spotter = Spotter()
    for _ in range(2):
        with spotter.follow(Sightings(MARK)):
            thread = spotter._thread
            assert thread is not None
            assert thread.is_alive()
        thread.join(10)
        assert not thread.is_alive()


@pytest.mark.parametrize("told", [None, "no number", ""])
def test_where_the_system_does_not_tell_nothing_is_done(
    told: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The slow walk through the tree is left (macOS, containers with a /proc of their own)."""
    if told is not None:
        (tmp_path / "newest").write_text(told)
    monkeypatch.setattr("blastiq_conformance.runner.spotter._NEWEST", str(tmp_path / "newest"))
    spotter, sightings = Spotter(), Sightings(MARK)
    with spotter.follow(sightings), running("") as process:
        assert spotter._thread is None
        sightings.see((process.pid,))
        spotter.glance_at(sightings)
    assert len(sightings.arguments) == 1


@pytest.mark.parametrize(
    ("last", "newest", "born"),
    [
        pytest.param(7, 7, [], id="nothing"),
        pytest.param(7, 9, [8, 9], id="two"),
        pytest.param(7, 1000, list(range(745, 1001)), id="a burst"),
        pytest.param(32767, 3, [1, 2, 3], id="begun anew"),
    ],
)
def test_the_new_ones_are_between(last: int, newest: int, born: list[int]) -> None:
    """From the last glance on, and not too many."""
    from blastiq_conformance.runner.spotter import _between

    assert list(_between(last, newest)) == born
