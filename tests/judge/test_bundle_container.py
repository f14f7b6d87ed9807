"""The zip of a bundle: refused where it is anything else, before anything in it is used."""

import io
import stat
import warnings
import zipfile
from pathlib import Path

import pytest

from blastiq_conformance.bundle import BundleError
from blastiq_conformance.bundle.container import pack, unpack
from blastiq_conformance.bundle.verification import verify


def _zip(*members: tuple[zipfile.ZipInfo, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it knows that a name stands twice
        for info, data in members:
            archive.writestr(info, data, compress_type=compression)
    return buffer.getvalue()


def _info(name: str, mode: int = stat.S_IFREG | 0o600) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"no zip", "not a zip that can be read"),
        (_zip((_info("../report.json"), b"{}")), "has a file '../report.json'"),
        (_zip((_info("/etc/passwd"), b"x")), "has a file '/etc/passwd'"),
        (_zip((_info("evidence/1/"), b"")), "has a file 'evidence/1/'"),
        (_zip((_info("evidence\\1\\0001.jsonl"), b"")), "has a file"),
        (_zip((_info("extra.txt"), b"")), "has a file 'extra.txt'"),
        (_zip((_info("report.json"), b"{}"), (_info("report.json"), b"[]")), "'report.json' twice"),
        (_zip((_info("report.json", stat.S_IFLNK | 0o777), b"/etc/passwd")), "a link"),
        (_zip((_info("report.json"), b"0" * 10_000_000), compression=zipfile.ZIP_DEFLATED), "is compressed"),
        (_zip((_info("report.json"), b"{}")), "no manifest.json"),
        (_zip((_info("manifest.json"), b"{"), (_info("report.json"), b"{}")), "is not JSON"),
        (_zip((_info("manifest.json"), b"{}"), (_info("report.json"), b"{}")), "of another version"),
        (
            _zip((_info("manifest.json"), b'{"schema":"blastiq-bundle/1"}'), (_info("report.json"), b"{}")),
            "manifest.json is not whole: manifest lacks tool",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_bundle_is_refused(tmp_path: Path, data: bytes, text: str) -> None:
    """Names that lead elsewhere, links, doubles, bombs and strangers: before anything is unpacked."""
    path = tmp_path / "b.zip"
    path.write_bytes(data)
    with pytest.raises(BundleError, match=text.replace("\\", "\\\\")):
        verify(path)


def test_sizes_that_lie_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that overlap claim more than the zip holds, and one too large is not even opened."""
    data = pack({"report.json": b"x" * 100, "manifest.json": b"y"})
    monkeypatch.setattr("blastiq_conformance.bundle.container.LARGEST", len(data) - 1)
    with pytest.raises(BundleError, match="larger than"):
        unpack(data)
    monkeypatch.undo()
    monkeypatch.setattr("blastiq_conformance.bundle.container._MOST_FILES", 1)
    with pytest.raises(BundleError, match="so many"):
        unpack(data)


def test_a_missing_file_is_a_bundle_error(tmp_path: Path) -> None:
    """With the reason."""
    with pytest.raises(BundleError, match="cannot be read"):
        verify(tmp_path / "none.zip")
