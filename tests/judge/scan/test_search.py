"""`scan`: files, folders and packages in packages, where a finding lies, and what cannot be read."""

import bz2
import gzip
import lzma
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from blastiq_conformance.scan import scan
from blastiq_conformance.scan.known import Known
from blastiq_conformance.scan.limits import Limits
from fake_idp.secrets.search import Secret
from tests.judge.scan.parcels import asar, asar_of, asar_of_text, tarred, zipped

PASSWORD = "k7Fq2vN9xW4mZ8tR1pLs"
KNOWN = Known((Secret("known", PASSWORD),))
SETTINGS = f"first\nsecond {PASSWORD}\n".encode()
FILES = {"lib/settings.json": SETTINGS}


@pytest.mark.parametrize(
    ("data", "inside"),
    [
        pytest.param(SETTINGS, "", id="plain"),
        pytest.param(zipped(FILES), "!/lib/settings.json", id="zip, jar, war, nupkg, wheel, apk"),
        pytest.param(zipped(FILES, zipfile.ZIP_LZMA), "!/lib/settings.json", id="zip by lzma"),
        pytest.param(tarred(FILES), "!/lib/settings.json", id="tar"),
        pytest.param(gzip.compress(tarred(FILES)), "!/lib/settings.json", id="tar.gz"),
        pytest.param(bz2.compress(tarred(FILES)), "!/lib/settings.json", id="tar.bz2"),
        pytest.param(lzma.compress(tarred(FILES)), "!/lib/settings.json", id="tar.xz"),
        pytest.param(gzip.compress(SETTINGS), "!/content", id="gz"),
        pytest.param(asar({"main.js": b"ok", "settings.json": SETTINGS}), "!/app/settings.json", id="asar"),
        pytest.param(
            zipped({"a.jar": gzip.compress(zipped(FILES))}), "!/a.jar!/content!/lib/settings.json", id="nested"
        ),
        pytest.param(b"#!/usr/bin/env python\n" + zipped(FILES), "!/lib/settings.json", id="behind a program"),
        pytest.param(zipped({"app.asar": asar({"a.js": SETTINGS})}), "!/app.asar!/app/a.js", id="asar in zip"),
    ],
)
def test_a_value_is_found_wherever_it_is_packed(tmp_path: Path, data: bytes, inside: str) -> None:
    """The path leads into each package, and the place is that in the innermost file."""
    (tmp_path / "shipped.bin").write_bytes(data)
    result = scan(tmp_path, KNOWN)
    assert [(one.path, one.line, one.column, one.offset) for one in result.found] == [
        (f"shipped.bin{inside}", 2, 8, 13)
    ]
    assert result.unread == ()
    assert PASSWORD not in str(result)


def test_a_folder_is_searched_in_order_and_links_are_not_followed(tmp_path: Path) -> None:
    """The same folder gives the same report; a link leads to what is searched by itself, or is not shipped."""
    for name in ("z", "b/y", "b/a", "c"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(SETTINGS)
    (tmp_path / "out").write_bytes(SETTINGS)
    (tmp_path / "in" / "link").symlink_to(tmp_path / "out")
    (tmp_path / "in" / "b" / "loop").symlink_to(tmp_path / "in")
    result = scan(tmp_path / "in", KNOWN)
    assert [one.path for one in result.found] == ["c", "z", "b/a", "b/y"]
    assert (result.files, result.octets) == (4, 4 * len(SETTINGS))
    assert [one.path for one in scan(tmp_path / "out", KNOWN).found] == ["out"]


def test_a_large_file_is_searched_in_pieces(tmp_path: Path) -> None:
    """What lies across the border of two pieces is found once, at its place in the file."""
    secret = PASSWORD.encode()
    limits = Limits(piece=100_000)
    places = [0, 99_990, 150_000, 199_999, 290_000]
    data = bytearray(b"." * 300_000)
    for place in places:
        data[place : place + len(secret)] = secret
    (tmp_path / "big").write_bytes(data)
    result = scan(tmp_path / "big", KNOWN, limits)
    assert [one.offset for one in result.found] == places
    assert {one.line for one in result.found} == {None}
    assert (result.files, result.octets) == (1, 300_000)


def test_a_program_has_no_lines(tmp_path: Path) -> None:
    """A place in a file with zero bytes is a byte."""
    (tmp_path / "app.exe").write_bytes(b"MZ\0\0" + SETTINGS)
    (found,) = scan(tmp_path, KNOWN).found
    assert (found.offset, found.line, found.column) == (17, None, None)


def test_the_name_of_a_file_is_redacted(tmp_path: Path) -> None:
    """A report holds no value of the list, not even where a path does."""
    (tmp_path / f"{PASSWORD}.txt").write_bytes(SETTINGS)
    (found,) = scan(tmp_path, KNOWN).found
    assert found.path == "<known:1>.txt"


def encrypted(data: bytes) -> bytes:
    """Set the flag that says so in both headers."""
    mark = bytearray(data)
    for begin, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        mark[mark.index(begin) + place] |= 1
    return bytes(mark)


def odd_method(data: bytes) -> bytes:
    """Name a compression that nobody knows."""
    mark = bytearray(data)
    for begin, place in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        mark[mark.index(begin) + place] = 77
    return bytes(mark)


def damaged(data: bytes) -> bytes:
    """Change a byte of what is packed."""
    hurt = bytearray(data)
    hurt[len(hurt) // 3] ^= 255
    return bytes(hurt)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(zipped(FILES)[:-30], "searched as it is", id="zip cut short"),
        pytest.param(encrypted(zipped(FILES)), "it is encrypted", id="encrypted"),
        pytest.param(odd_method(zipped(FILES)), "cannot be unpacked", id="unknown compression"),
        pytest.param(b"PK\3\4 and no more", "searched as it is", id="zip without directory"),
        pytest.param(damaged(zipped({"a": bytes(range(256)) * 99})), "cannot be unpacked", id="damaged member"),
        pytest.param(gzip.compress(b"x" * 999)[:-9], "it cannot be unpacked", id="gzip cut short"),
        pytest.param(tarred(FILES)[:1600], "cannot be unpacked", id="tar cut short"),
        pytest.param(b"7z\xbc\xaf\x27\x1c\0\4", "a 7z archive", id="7z"),
        pytest.param(asar_of({"files": {"a": {}}}), "does not say where a lies", id="asar without place"),
        pytest.param(
            asar_of({"files": {"a": {"size": 9, "offset": "9"}}}), "a lies beyond its end", id="asar too short"
        ),
        pytest.param(asar_of_text(b'{"files":' * 99999), "nested too deep", id="asar too deep"),
        pytest.param(asar_of({"files": 1}), "does not say where anything lies", id="asar without files"),
        pytest.param(
            b"x" + zipped(FILES)[:-40] + zipped({})[-22:-10] + b"\xff" * 10, "the zip at its end", id="appended"
        ),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path: Path, data: bytes, reason: str) -> None:
    """Nothing is passed over in silence."""
    (tmp_path / "shipped").write_bytes(data)
    result = scan(tmp_path, Known())
    assert [reason in one.reason for one in result.unread] == [True], result.unread


def test_a_broken_package_is_searched_as_it_is(tmp_path: Path) -> None:
    """What is stored in it without compression is still seen."""
    (tmp_path / "a.zip").write_bytes(zipped(FILES, zipfile.ZIP_STORED)[:-30])
    result = scan(tmp_path, KNOWN)
    assert ([one.path for one in result.found], len(result.unread)) == (["a.zip"], 1)


def test_what_lies_beside_an_asar_is_no_fault_of_it(tmp_path: Path) -> None:
    """Electron leaves native modules unpacked: they are files of their own."""
    (tmp_path / "app.asar").write_bytes(asar({}, native={"size": 3, "unpacked": True}, link={"link": "app"}))
    assert scan(tmp_path, KNOWN).unread == ()


def test_a_folder_that_may_not_be_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may hold anything."""

    def listed(top: Path, onerror: Callable[[OSError], None]) -> list[tuple[str, list[str], list[str]]]:
        onerror(PermissionError(13, "Permission denied", str(top / "private")))
        return []

    monkeypatch.setattr("os.walk", listed)
    assert [(one.path, one.reason) for one in scan(tmp_path, KNOWN).unread] == [("private", "Permission denied")]


def test_a_file_that_may_not_be_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So may a file."""
    (tmp_path / "a").write_bytes(SETTINGS)

    def refuse(self: Path, *_: object) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", refuse)
    assert [(one.path, one.reason) for one in scan(tmp_path, KNOWN).unread] == [("a", "Permission denied")]
