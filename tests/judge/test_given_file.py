"""Files that a person names: regular ones, none too large, and no name brings anything down."""

import os
from pathlib import Path

import pytest

from blastiq_conformance import given_file
from blastiq_conformance.given_file import MEBIBYTE, is_file, is_folder, is_there, opened, read_bytes

LONG = Path("n" * 300)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are others there")
def test_what_is_no_regular_file_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    """A pipe would keep a reader for ever, a device has no end."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path, what in ((pipe, "a pipe"), (Path("/dev/zero"), "a device"), (tmp_path, "a folder")):
        with pytest.raises(OSError, match=f"{what}; expected a regular file"):
            read_bytes(path)


def test_what_is_too_large_is_refused_without_being_read(tmp_path: Path) -> None:
    """A sparse file takes no room on the disk, and would take all of the memory."""
    path = tmp_path / "sparse"
    path.touch()
    os.truncate(path, 65 * MEBIBYTE)
    with pytest.raises(OSError, match="larger than 64 MiB"):
        read_bytes(path)
    with opened(path, given_file.LARGEST_RECORDING) as file:
        assert file.read(1) == b"\0"
    os.truncate(path, 2048 * MEBIBYTE + 1)
    with pytest.raises(OSError, match="larger than 2048 MiB"), opened(path, given_file.LARGEST_RECORDING):
        pass


def test_a_file_that_does_not_tell_its_size_is_bounded_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that grows, or one of the system's own that claims to be empty."""
    path = tmp_path / "file"
    path.write_bytes(b"x" * 10)
    real = Path.stat

    def stat(self: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        found = list(real(self, follow_symlinks=follow_symlinks))
        found[6] = 0
        return os.stat_result(found)

    monkeypatch.setattr(Path, "stat", stat)
    with pytest.raises(OSError, match="larger than"):
        read_bytes(path, 9)


def test_a_name_that_no_file_can_have_is_that_of_none() -> None:
    """Longer than any name, or with a NUL in it."""
    for path in (LONG, Path("a\0b")):
        assert [is_folder(path), is_file(path), is_there(path)] == [False] * 3
        with pytest.raises(OSError, match=r"too long|null"):
            read_bytes(path)
