"""Files that a child wrote or changed."""

import os
import time
from pathlib import Path

import pytest

from blastiq_conformance.evidence import WrittenFile
from blastiq_conformance.runner.written import holding, written
from fake_idp.redact import Secret


def test_only_what_is_new_is_read(tmp_path: Path) -> None:
    """A file that stood there before is none of the child's, unless it changed."""
    old, changed = tmp_path / "old", tmp_path / "changed"
    for path in (old, changed):
        path.write_text("before")
        os.utime(path, (1, 1))
    since = time.time()
    changed.write_text("after")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "token.json").write_text("{}")
    files = {Path(file.path).name: file.content for file in written((tmp_path,), since)}
    assert files == {"changed": b"after", "token.json": b"{}"}


@pytest.mark.skipif(os.name != "posix", reason="modes say nothing here")
def test_permissions_are_kept(tmp_path: Path) -> None:
    """Who may read a file is what BIQ705 asks."""
    path = tmp_path / "token.json"
    path.write_text("{}")
    path.chmod(0o640)
    assert [file.mode for file in written((tmp_path,), 0)] == [0o640]


def test_a_shared_folder_shows_only_what_is_surely_ours() -> None:
    """Tokens of other scenarios begin as ours do: only the whole value proves whose a file is."""
    ours, theirs = ("eyJhbGciOiJSUzI1NiJ9.eyJuYmYiOjE3." + letter * 40 for letter in "AB")
    files = [WrittenFile(path=name, content=name.encode()) for name in (ours, theirs, "nothing")]
    assert [file.path for file in holding(files, [Secret("access_token", ours)])] == [ours]


def test_number_and_size_are_bounded(tmp_path: Path) -> None:
    """A child that writes much does not fill our memory."""
    for number in range(40):
        (tmp_path / f"{number}").write_bytes(b"x" * 70_000)
    files = written((tmp_path,), 0)
    assert len(files) == 32
    assert {len(file.content) for file in files} == {65_536}


def test_large_folders_are_not_walked_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies at the top is seen, the rest only as far as the bound goes; packages never."""
    monkeypatch.setattr("blastiq_conformance.runner.written._MOST_ENTRIES", 5)
    for folder in ("node_modules", "deep"):
        (tmp_path / folder).mkdir()
        for number in range(10):
            (tmp_path / folder / f"{number}").write_text("")
    (tmp_path / "top").write_text("")
    names = [file.path for file in written((tmp_path,), 0)]
    assert str(tmp_path / "top") in names
    assert len(names) == 3
    assert not any("node_modules" in name for name in names)


def test_links_and_what_is_gone_are_left_alone(tmp_path: Path) -> None:
    """A link may lead anywhere; a folder that is gone is no error."""
    (tmp_path / "link").symlink_to("/etc/hostname")
    assert written((tmp_path, tmp_path / "gone"), 0) == ()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="there is no other file system that is always there")
def test_other_file_systems_are_left_alone() -> None:
    """An integration that is started in / is not one that wrote all of /proc, some of which blocks who reads it."""
    assert not [file.path for file in written((Path("/"),), time.time()) if file.path.startswith("/proc/")]
