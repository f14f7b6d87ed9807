"""What is made once by all who share a folder."""

import threading
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from blastiq_conformance.plugin.collector import shared_folder
from blastiq_conformance.plugin.once import Once
from blastiq_conformance.plugin.pytest_plugin import pytest_configure_node
from blastiq_conformance.runner.not_run import NotRun


def test_one_makes_it_and_the_others_wait(tmp_path: Path) -> None:
    """Each process has a memory of its own; it is private, for it holds what was seen."""
    made, begun, go_on = list[int](), threading.Event(), threading.Event()
    found: list[object] = []

    def make() -> NotRun:
        begun.set()
        go_on.wait()
        made.append(1)
        return NotRun("never-called", "why")

    def ask() -> None:
        found.append(Once(tmp_path).get(("a", "b"), make))

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    begun.wait()
    go_on.set()
    for thread in threads:
        thread.join()
    assert made == [1]
    assert [(each.kind, each.text) for each in found if isinstance(each, NotRun)] == [("never-called", "why")] * 2
    assert {path.stat().st_mode & 0o077 for path in tmp_path.iterdir()} == {0}


@pytest.mark.parametrize(
    ("dist", "base", "folder"),
    [("load", "/base/popen-gw0", "/base"), ("loadscope", None, None), ("each", "/base/popen-gw0", None)],
)
def test_workers_share_the_base_folder_of_their_run(dist: str, base: str | None, folder: str | None) -> None:
    """But where each is to do everything, and where one is on another machine; a run without workers has none."""
    distributor = SimpleNamespace(workerinput={}, config=SimpleNamespace(getoption={"dist": dist}.get))
    pytest_configure_node(distributor)
    worker = SimpleNamespace(workerinput=distributor.workerinput, getoption={"basetemp": base}.get)
    assert shared_folder(cast("pytest.Config", worker)) == (folder and Path(folder))
    del worker.workerinput
    assert shared_folder(cast("pytest.Config", worker)) is None


@pytest.mark.parametrize("shared", [True, False])
def test_what_failed_is_made_again(tmp_path: Path, shared: bool) -> None:
    """A fault is not a result; what was made is remembered by its key."""
    once = Once(tmp_path if shared else None)
    with pytest.raises(ZeroDivisionError):
        once.get(("a",), lambda: 1 / 0)
    assert [once.get((key,), lambda key=key: key) for key in ("a", "b", "a")] == ["a", "b", "a"]  # type: ignore[misc]  # mypy infers no lambda with a default
    assert once.get(("a",), lambda: "other") == "a"
