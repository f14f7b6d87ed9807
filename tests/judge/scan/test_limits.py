"""Packages made to fill memory or time: each is given up in time, and said to be."""

import gzip
import io
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest

from blastiq_conformance.scan import scan
from blastiq_conformance.scan.known import Known
from blastiq_conformance.scan.limits import Limits
from tests.judge.scan.parcels import asar, tarred, zipped

ZEROS = b"\0" * 200_000
SMALL = Limits(member=100_000, total=400_000, members=20, depth=3, ratio=50, free=1000, directory=4000)


def nested(levels: int) -> bytes:
    data = b"innermost"
    for _ in range(levels):
        data = zipped({"a.zip": data})
    return data


def long_name(octets: int) -> bytes:
    """A tar whose header says that the name of the next file is so long."""
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, octets
    return info.tobuf(tarfile.GNU_FORMAT) + b"a" * 2048


def overlapping(copies: int) -> bytes:
    """A zip whose directory names the same bytes over and over."""
    data = zipped({"a": ZEROS[:90_000]}, zipfile.ZIP_STORED)
    start, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    entry = data[start:end]
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, copies, copies, len(entry) * copies, start, 0)
    return data[:start] + entry * copies + tail


def wide(data: bytes, size: int) -> bytes:
    """The same zip with an end of 64 bits, which claims a directory of this size."""
    end = data.index(b"PK\x05\x06")
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, size, 0)
    return data[:end] + record + struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1) + data[end:]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(zipped({"a": ZEROS}), "swells to more than 50 times", id="zip bomb"),
        pytest.param(gzip.compress(ZEROS), "swells to more than 50 times", id="gzip bomb"),
        pytest.param(gzip.compress(tarred({"a": ZEROS})), "swells to more than 50 times", id="tar.gz bomb"),
        pytest.param(zipped({"a": ZEROS}, zipfile.ZIP_STORED), "larger than 100000 bytes", id="large member"),
        pytest.param(tarred({"a": ZEROS}), "larger than 100000 bytes", id="large member of a tar"),
        pytest.param(asar({"a": ZEROS}), "a is larger than 100000 bytes", id="large member of an asar"),
        pytest.param(nested(5), "nested more than 3 deep", id="nested"),
        pytest.param(zipped({str(number): b"" for number in range(30)}), "more than 20 files", id="many files"),
        pytest.param(
            zipped({"a.zip": zipped({str(n): b"" for n in range(30)})}), "more than 20 files", id="many deeper"
        ),
        pytest.param(zipped({"a" * 5000: b""}), "directory is larger than 4000 bytes", id="directory of a zip"),
        pytest.param(wide(zipped({"a": b""}), 1 << 40), "directory is larger than 4000 bytes", id="64 bit directory"),
        pytest.param(asar({"a" * 5000: b""}), "directory is larger than 4000 bytes", id="directory of an asar"),
        pytest.param(long_name(1 << 33), "one of its headers claims more", id="header of a tar"),
        pytest.param(overlapping(6), "", id="overlapping"),
    ],
)
def test_a_bomb_is_given_up_and_said_to_be(tmp_path: Path, data: bytes, reason: str) -> None:
    """It costs no more than the limits, and counts as not searched."""
    (tmp_path / "bomb").write_bytes(data)
    result = scan(tmp_path, Known(), SMALL)
    assert result.unread
    assert reason in result.unread[0].reason
    assert result.octets <= SMALL.total


def test_the_budget_is_that_of_one_file(tmp_path: Path) -> None:
    """Many honest packages are searched all, whatever they come to together."""
    for number in range(9):
        (tmp_path / f"{number}.zip").write_bytes(zipped({"a": ZEROS[:90_000]}, zipfile.ZIP_STORED))
    result = scan(tmp_path, Known(), SMALL)
    assert (result.files, result.unread) == (9, ())


def test_no_name_leads_out_of_a_package(tmp_path: Path) -> None:
    """Nothing is written, so a name with .. or of an absolute path is only a name."""
    names = ("../../up", "/absolute", "C:\\windows\\up")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "slip.zip").write_bytes(zipped(dict.fromkeys(names, b"x")))
    (tmp_path / "in" / "slip.tar").write_bytes(tarred(dict.fromkeys(names, b"x")))
    assert scan(tmp_path / "in", Known()).files == 6
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["in", "slip.tar", "slip.zip"]


def test_a_tar_of_honest_size_is_read_through_its_stream(tmp_path: Path) -> None:
    """Members that are skipped do not stop it: it is sought forwards."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for number in range(10):
            info = tarfile.TarInfo(f"{number}")
            info.size = 3000
            archive.addfile(info, io.BytesIO(bytes(range(250)) * 12))
    (tmp_path / "a.tgz").write_bytes(out.getvalue())
    assert scan(tmp_path, Known()).octets == 30_000
