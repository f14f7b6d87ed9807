"""Files that are written whole, or not at all."""

import errno
import os
import stat
from pathlib import Path

import pytest

from fake_idp.system.whole_file import write_whole


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A file with content."""
    path = tmp_path / "kept"
    path.write_bytes(b"before")
    return path


def refuse(number: int) -> OSError:
    return OSError(number, os.strerror(number))


def test_a_failure_leaves_what_was_there(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk, told at the last moment: the old content stays, and nothing else is left in the folder."""
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(refuse(errno.ENOSPC)))
    for path in (kept, kept.with_name("new")):
        with pytest.raises(OSError, match="No space left"):
            write_whole(path, b"after")
    assert [(path.name, path.read_bytes()) for path in kept.parent.iterdir()] == [("kept", b"before")]


@pytest.mark.skipif(os.name != "posix", reason="links and permissions are others there")
def test_links_and_permissions_stay(kept: Path) -> None:
    """A new file has those of any new file; a name that is as long as a name can be is no obstacle."""
    kept.chmod(0o640)
    (link := kept.with_name("link")).symlink_to(kept.name)
    write_whole(link, b"after")
    assert (link.is_symlink(), kept.read_bytes(), stat.S_IMODE(kept.stat().st_mode)) == (True, b"after", 0o640)
    new, plain = kept.with_name("n" * 255), kept.with_name("plain")
    write_whole(new, b"")
    plain.touch()
    assert new.stat().st_mode == plain.stat().st_mode


@pytest.mark.skipif(os.name != "posix", reason="links and permissions are others there")
def test_what_is_private_is_its_owners_whatever_was_there(kept: Path) -> None:
    """Not by a link either: whoever removes the file would leave the secret behind."""
    kept.chmod(0o644)
    (link := kept.with_name("link")).symlink_to(kept.name)
    for path in (kept, link):
        write_whole(path, b"secret", private=True)
        assert (path.is_symlink(), stat.S_IMODE(path.stat().st_mode)) == (False, 0o600)


def test_a_folder_that_lets_nobody_rename_is_written_in_place(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A single file that is mounted into a container."""
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(refuse(errno.EBUSY)))
    write_whole(kept, b"after")
    assert [(path.name, path.read_bytes()) for path in kept.parent.iterdir()] == [("kept", b"after")]


def test_a_file_that_may_not_be_written_is_not_replaced(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though its folder could be."""
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(PermissionError):
        write_whole(kept, b"after")
    assert kept.read_bytes() == b"before"


@pytest.mark.skipif(os.name != "posix", reason="needs /dev/null")
def test_a_device_stays_one() -> None:
    """There is nothing to replace."""
    before = Path("/dev/null").stat()
    write_whole(Path("/dev/null"), b"x")
    assert Path("/dev/null").stat().st_ino == before.st_ino
