"""Bundles: written the same from the same, verified byte by byte, and safe to open."""

import io
import json
import stat
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from blastiq_conformance.bundle import BundleError, digest, manifest_bytes, write_bundle
from blastiq_conformance.bundle.container import pack, unpack
from blastiq_conformance.bundle.verification import Verification, verify
from blastiq_conformance.report import Report, not_run
from tests.judge.judged import AUDIENCE, GOOD, SECRET, report

HANDMADE = "s3cr3t-of-another-system"


def written(path: Path, *reports: Report) -> Path:
    write_bundle(path, reports or (report(GOOD, AUDIENCE, SECRET, ids=("BIQ208", "BIQ209", "BIQ211")),))
    return path


def files(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_it_holds_manifest_report_evidence_and_nothing_else(tmp_path: Path) -> None:
    """One evidence file for each play; what the kit issued is raw, what the client made up is not."""
    found = files(written(tmp_path / "b.zip"))
    evidence = [f"evidence/1/000{n}.jsonl" for n in (1, 2, 3)]
    assert list(found) == ["manifest.json", *evidence, "report.json"]
    assert b"k7Fq2vN9xW4mZ8tR1pLs" in found["evidence/1/0001.jsonl"]
    assert HANDMADE.encode() not in b"".join(found.values())
    assert b"%3Cclient_secret%3A1%3E" in found["evidence/1/0003.jsonl"]
    assert b"k7Fq2vN9xW4mZ8tR1pLs" not in found["report.json"] + found["manifest.json"]


def test_the_report_in_it_says_what_the_report_said(tmp_path: Path) -> None:
    """The same rules fail, with the same places."""
    original = report(GOOD, AUDIENCE, SECRET, ids=("BIQ208", "BIQ209", "BIQ211"))
    model = json.loads(files(written(tmp_path / "b.zip", original))["report.json"])
    assert (model["verdict"], model["exit_code"]) == (original.verdict, original.exit_code)
    outcomes = [(x["rule"], x["outcome"], len(x["findings"])) for x in model["results"]]
    assert outcomes == [(x.rule, x.outcome, len(x.findings)) for x in original.results]


def test_the_same_reports_give_the_same_bytes(tmp_path: Path) -> None:
    """No time, no order of chance, no library's compression."""
    assert written(tmp_path / "a.zip").read_bytes() == written(tmp_path / "b.zip").read_bytes()


def test_what_was_written_is_verified(tmp_path: Path) -> None:
    """One target or several."""
    one, two = report(GOOD, ids=("BIQ211",)), replace(report(AUDIENCE, ids=("BIQ211",)), target="other")
    results = [verify(path) for path in (written(tmp_path / "a.zip"), written(tmp_path / "b.zip", one, two))]
    assert [(result.differences, result.notes) for result in results] == [((), ())] * 2
    assert [model["target"] for model in results[1].reports] == ["default", "other"]


def test_an_interrupted_run_is_verified_as_one(tmp_path: Path) -> None:
    """Judged again it is as incomplete as it was."""
    path = written(tmp_path / "b.zip", replace(report(AUDIENCE, ids=("BIQ211",)), interrupted=True))
    result = verify(path)
    assert (result.differences, result.reports[0]["exit_code"]) == ((), 130)


def test_a_changed_byte_anywhere_is_found(tmp_path: Path) -> None:
    """In every file, in what stands between them, and behind them: each byte of the zip is flipped once."""
    path = written(tmp_path / "b.zip", report(GOOD, ids=("BIQ211",)))
    data = bytearray(path.read_bytes())
    silent = []
    # Every byte of small parts, every seventh of the large ones.
    for place in (*range(0, len(data), 7), *range(max(0, len(data) - 800), len(data))):
        data[place] ^= 1
        path.write_bytes(data)
        if not _noticed(path):
            silent.append(place)
        data[place] ^= 1
    assert silent == []


def test_each_file_is_named_when_a_byte_of_it_changes(tmp_path: Path) -> None:
    """Also where the checksums of the zip were made right again."""
    path = written(tmp_path / "b.zip")
    whole = files(path)
    for name, data in whole.items():
        for place in (0, len(data) // 2, len(data) - 2):
            changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
            path.write_bytes(pack(whole | {name: changed}))
            assert _noticed(path), (name, place)
    path.write_bytes(pack(whole | {"evidence/1/0002.jsonl": whole["evidence/1/0001.jsonl"]}))
    assert verify(path).differences == (
        "evidence/1/0002.jsonl was changed: it has another digest than the manifest says",
    )


def _noticed(path: Path) -> bool:
    try:
        return bool(verify(path).differences)
    except BundleError:
        return True


def forged(path: Path, change: Callable[[dict[str, bytes]], None]) -> Verification:
    """Change files, and make every digest right again: only judging anew can tell."""
    found = files(path)
    change(found)
    manifest = json.loads(found.pop("manifest.json"))
    manifest["files"] = {name: sha256(data).hexdigest() for name, data in sorted(found.items())}
    manifest["digest"] = digest(manifest)
    path.write_bytes(pack(found | {"manifest.json": manifest_bytes(manifest)}))
    return verify(path)


def test_a_report_that_was_made_better_is_named(tmp_path: Path) -> None:
    """A forger who mends every digest still cannot make the evidence say it."""

    def better(found: dict[str, bytes]) -> None:
        found["report.json"] = found["report.json"].replace(b'"failed"', b'"passed"').replace(b"violates", b"conforms")

    differences = forged(written(tmp_path / "b.zip"), better).differences
    assert "default: BIQ211 is passed (error) in the report; the evidence gives failed (error)" in differences
    assert "default: verdict is 'conforms' in the report; the evidence gives 'violates'" in differences


def test_evidence_that_was_made_better_is_named(tmp_path: Path) -> None:
    """The report then claims more than is there."""

    def better(found: dict[str, bytes]) -> None:
        found["evidence/1/0002.jsonl"] = found["evidence/1/0001.jsonl"]

    (first, *_) = forged(written(tmp_path / "b.zip"), better).differences
    assert first == "default: BIQ211 is failed (error) in the report; the evidence gives passed (error)"


def test_other_rules_are_explained(tmp_path: Path) -> None:
    """A bundle of another version is judged all the same, and the reader is told."""

    def older(found: dict[str, bytes]) -> None:
        found["report.json"] = found["report.json"].replace(b'"digest": "sha256:', b'"digest": "sha256:0', 1)

    result = forged(written(tmp_path / "b.zip"), older)
    assert result.differences == ()
    assert "a difference may be one of the rules" in result.notes[0]


def test_nothing_judged_makes_no_bundle(tmp_path: Path) -> None:
    """There is no evidence then."""
    with pytest.raises(BundleError, match="no evidence"):
        write_bundle(tmp_path / "b.zip", [not_run("it never called")])


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
        (b"no zip", "no zip that can be read"),
        (_zip((_info("../report.json"), b"{}")), "has a file '../report.json'"),
        (_zip((_info("/etc/passwd"), b"x")), "has a file '/etc/passwd'"),
        (_zip((_info("evidence/1/"), b"")), "has a file 'evidence/1/'"),
        (_zip((_info("evidence\\1\\0001.jsonl"), b"")), "has a file"),
        (_zip((_info("extra.txt"), b"")), "has a file 'extra.txt'"),
        (_zip((_info("report.json"), b"{}"), (_info("report.json"), b"[]")), "'report.json' twice"),
        (_zip((_info("report.json", stat.S_IFLNK | 0o777), b"/etc/passwd")), "a link"),
        (_zip((_info("report.json"), b"0" * 10_000_000), compression=zipfile.ZIP_DEFLATED), "is compressed"),
        (_zip((_info("report.json"), b"{}")), "no manifest.json"),
        (_zip((_info("manifest.json"), b"{"), (_info("report.json"), b"{}")), "no JSON"),
        (_zip((_info("manifest.json"), b"{}"), (_info("report.json"), b"{}")), "of another version"),
        (
            _zip((_info("manifest.json"), b'{"schema":"blastiq-bundle/1"}'), (_info("report.json"), b"{}")),
            "no right files and no right reports",
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
