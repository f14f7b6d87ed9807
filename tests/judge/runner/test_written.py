"""Files that a child wrote or changed."""

import gzip
import os
import time
from codecs import BOM_UTF16_BE
from pathlib import Path

import pytest

from blastiq_conformance.evidence import WrittenFile
from blastiq_conformance.rules.secrets.log_files import is_log
from blastiq_conformance.runner.written import Place, places_of_all, written
from fake_idp.secrets.search import Secret

PASSWORD = "k7Fq2vN9xW4mZ8tR1pLs"
SECRETS = (Secret("password", PASSWORD),)


def found(*places: Place, files: tuple[str, ...] = (), since: float = 0) -> tuple[WrittenFile, ...]:
    return written(places, files, SECRETS, since)


def names(files: tuple[WrittenFile, ...]) -> list[str]:
    return sorted(Path(file.path).name for file in files)


def test_only_what_is_new_is_read(tmp_path: Path) -> None:
    """A file that stood there before is none of the child's, unless it changed."""
    old, changed = tmp_path / "old", tmp_path / "changed"
    for path in (old, changed):
        path.write_text(PASSWORD)
        os.utime(path, (1, 1))
    since = time.time()
    changed.write_text(f"after: {PASSWORD}")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "token.json").write_text(PASSWORD)
    (tmp_path / "nothing").write_text("no secret")
    assert names(found(Place(tmp_path), since=since)) == ["changed", "token.json"]


def test_in_a_folder_of_its_own_age_says_nothing(tmp_path: Path) -> None:
    """What a child unpacked there keeps the time at which it was packed."""
    (tmp_path / "old").write_text(PASSWORD)
    os.utime(tmp_path / "old", (1, 1))
    files = found(Place(tmp_path, "~", shared=False), since=time.time())
    assert [file.path for file in files] == [f"~{os.sep}old"]


@pytest.mark.skipif(os.name != "posix", reason="modes say nothing here")
def test_permissions_are_kept(tmp_path: Path) -> None:
    """Who may read a file is what BIQ705 asks."""
    path = tmp_path / "token.json"
    path.write_text(PASSWORD)
    path.chmod(0o640)
    assert [file.mode for file in found(Place(tmp_path))] == [0o640]


def test_a_shared_folder_shows_only_what_is_surely_ours(tmp_path: Path) -> None:
    """Tokens of other scenarios begin as ours do: only the whole value proves whose a file is."""
    ours, theirs = ("eyJhbGciOiJSUzI1NiJ9.eyJuYmYiOjE3." + letter * 40 for letter in "AB")
    for name, text in (("ours", ours), ("theirs", theirs), ("nothing", "nothing")):
        (tmp_path / name).write_text(text)
    secrets = [Secret("access_token", ours)]
    assert names(written((Place(tmp_path),), (), secrets, 0)) == ["ours"]
    assert names(written((Place(tmp_path, shared=False),), (), secrets, 0)) == ["ours", "theirs"]


def test_number_and_size_are_bounded(tmp_path: Path) -> None:
    """A child that writes much does not fill our memory."""
    for number in range(40):
        (tmp_path / f"{number}").write_text(PASSWORD + "x" * 200_000)
    files = found(Place(tmp_path))
    assert len(files) == 32
    assert {len(file.content) for file in files} == {2 * 65_536 + len(b"\n[...]\n")}


@pytest.mark.parametrize("size", [65_536, 65_537, 131_072, 131_073, 1_000_000])
def test_a_long_log_is_read_at_both_ends(tmp_path: Path, size: int) -> None:
    """What was written last stands at its end; nothing of a file is read twice."""
    (tmp_path / "app.log").write_text("head" + "-" * (size - 4 - len(PASSWORD)) + PASSWORD)
    (file,) = found(Place(tmp_path))
    assert file.content.startswith(b"head")
    assert file.content.endswith(PASSWORD.encode())
    assert file.content.count(b"-") == min(size, 131_072) - 4 - len(PASSWORD)


_LINE = f"12:00:00 signed in, ä, with {PASSWORD}\n"


@pytest.mark.parametrize(
    "content",
    [
        gzip.compress(b"12:00:00 started\n") + gzip.compress(_LINE.encode()),
        gzip.compress(b"12:00:00 started\n") + gzip.compress(_LINE.encode(), mtime=0)[:-8],
        _LINE.encode("utf-16"),
        BOM_UTF16_BE + _LINE.encode("utf-16-be"),
        gzip.compress(_LINE.encode("utf-16")),
    ],
    ids=["gzip", "gzip-open", "utf-16-le", "utf-16-be", "both"],
)
def test_a_log_that_is_packed_or_in_utf_16_is_read(tmp_path: Path, content: bytes) -> None:
    """It tells its reader as much as any other, and is kept so that a rule can read it."""
    (tmp_path / "app.log.gz").write_bytes(content)
    (file,) = found(Place(tmp_path))
    assert file.content.decode().endswith(_LINE)
    assert is_log(file)


def test_a_packed_log_is_kept_no_longer_than_another(tmp_path: Path) -> None:
    """A few bytes may hold gigabytes."""
    (tmp_path / "app.log.gz").write_bytes(gzip.compress(b"-" * 1_000_000 + PASSWORD.encode()))
    (file,) = found(Place(tmp_path))
    assert len(file.content) == 2 * 65_536 + len(b"\n[...]\n")


def test_what_holds_nothing_takes_no_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that writes many files hides no token behind them; and yet not all of them are read."""
    for number in range(40):
        (tmp_path / f"{number}").write_text("nothing")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "token.json").write_text(PASSWORD)
    assert names(found(Place(tmp_path))) == ["token.json"]
    monkeypatch.setattr("blastiq_conformance.runner.written._MOST_READ", 40)
    assert found(Place(tmp_path)) == ()


def test_large_folders_are_not_walked_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies at the top is seen, the rest only as far as the bound goes; packages never."""
    monkeypatch.setattr("blastiq_conformance.runner.written._MOST_ENTRIES", 5)
    for folder in ("node_modules", "deep"):
        (tmp_path / folder).mkdir()
        for number in range(10):
            (tmp_path / folder / f"{number}").write_text(PASSWORD)
    (tmp_path / "top").write_text(PASSWORD)
    paths = [file.path for file in found(Place(tmp_path))]
    assert str(tmp_path / "top") in paths
    assert len(paths) == 3
    assert not any("node_modules" in path for path in paths)


def test_of_some_folders_only_the_upper_levels_are_looked_at(tmp_path: Path) -> None:
    """A folder for all may hold the files of all."""
    (tmp_path / "one" / "two").mkdir(parents=True)
    for folder in (tmp_path, tmp_path / "one", tmp_path / "one" / "two"):
        (folder / f"in-{folder.name}").write_text(PASSWORD)
    assert names(found(Place(tmp_path, depth=2))) == sorted([f"in-{tmp_path.name}", "in-one"])


def test_a_file_that_was_seen_open_is_read_wherever_it_is(tmp_path: Path) -> None:
    """A log that a process held open may lie in a folder that nobody would look through; none is read twice."""
    elsewhere, inside = tmp_path / "elsewhere.log", tmp_path / "place" / "inside.log"
    inside.parent.mkdir()
    for path in (elsewhere, inside):
        path.write_text(PASSWORD)
    files = found(Place(inside.parent), files=(str(inside), str(elsewhere), str(tmp_path / "gone")))
    assert names(files) == ["elsewhere.log", "inside.log"]
    many = tuple(str(tmp_path / f"{number}") for number in range(40))
    for name in many:
        Path(name).write_text(PASSWORD)
    assert len(found(files=many)) == 32


def test_links_and_what_is_gone_are_left_alone(tmp_path: Path) -> None:
    """A link may lead anywhere; a folder that is gone is not an error."""
    (tmp_path / "target").write_text(PASSWORD)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "link").symlink_to(tmp_path / "target")
    assert found(Place(tmp_path / "folder"), Place(tmp_path / "gone")) == ()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="there is no other file system that is always there")
def test_other_file_systems_are_left_alone() -> None:
    """An integration that is started in / is not one that wrote all of /proc, some of which blocks who reads it."""
    assert not [file for file in found(Place(Path("/"))) if file.path.startswith("/proc/")]


def test_the_places_are_those_where_programs_write(tmp_path: Path) -> None:
    """Working folder, the bases of XDG by themselves, HOME, and what is there for all."""
    home = str(tmp_path)
    given = {"HOME": home, "XDG_CACHE_HOME": "/cache", "XDG_RUNTIME_DIR": "relative"}
    folders = [str(place.folder) for place in places_of_all(Path("/work"), given)]
    own = [f"{home}/.config", "/cache", f"{home}/.local/share", f"{home}/.local/state", home]
    for_all = ["/tmp", "/var/tmp"]  # noqa: S108 - compared, not used
    assert folders == ["/work", *own, *for_all]
    assert [str(place.folder) for place in places_of_all(Path("/work"), {})] == ["/work", *for_all]
