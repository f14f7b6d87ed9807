"""`blastiq verify`: a bundle judged again."""

from pathlib import Path

from blastiq_conformance.bundle import write_bundle
from tests.judge.cli.shell import called as blastiq
from tests.judge.judged import AUDIENCE, GOOD, report
from tests.judge.tampering import of_another_version, sealed, unzipped


def test_a_bundle_that_says_the_same_is_0(tmp_path: Path) -> None:
    """Though its report says that the integration violates: that is another question."""
    path = tmp_path / "b.zip"
    write_bundle(path, [report(GOOD, AUDIENCE)])
    done = blastiq("verify", str(path))
    assert done.returncode == 0, done.stdout
    assert "default: violates" in done.stdout
    assert "The digests are right" in done.stdout


def test_a_changed_bundle_is_1(tmp_path: Path) -> None:
    """And the file is named."""
    path = tmp_path / "b.zip"
    write_bundle(path, [report(GOOD, AUDIENCE)])
    path.write_bytes(path.read_bytes().replace(b"grant_type=password", b"grant_type=passw0rd", 1))
    done = blastiq("verify", str(path))
    assert done.returncode == 1
    assert "differs: evidence/1/0001.jsonl was changed" in done.stdout


def test_a_bundle_of_another_version_is_4(tmp_path: Path) -> None:
    """What was forged in it as well is shown, and not vouched for; a terminal is not steered by what stands there."""
    path = tmp_path / "b.zip"
    write_bundle(path, [report(GOOD, AUDIENCE)])
    found = of_another_version(unzipped(path))
    found["report.json"] = found["report.json"].replace(b'"title": "no audience"', b'"title": "\\u001b[2J"')
    path.write_bytes(sealed(found))
    done = blastiq("verify", str(path))
    assert (done.returncode, done.stderr, "\x1b" in done.stdout) == (4, "", False)
    assert 'note: version "9' in done.stdout
    assert ", the results of 2 of 2 rules.\n" in done.stdout
    assert "not vouched for: report.headlines[0].title is" in done.stdout


def test_of_many_differences_some_are_shown(tmp_path: Path) -> None:
    """And the others counted."""
    path = tmp_path / "b.zip"
    write_bundle(path, [report(GOOD, ids=())])
    found = unzipped(path)
    found["report.json"] = found["report.json"].replace(b'"level": "MUST', b'"level": "SHOULD')
    path.write_bytes(sealed(found))
    done = blastiq("verify", str(path))
    lines = [line for line in done.stdout.splitlines() if line.startswith("differs: ")]
    assert (done.returncode, len(lines)) == (1, 21)
    assert lines[-1].endswith(" more places")


def test_what_is_no_bundle_is_2(tmp_path: Path) -> None:
    """With the reason."""
    path = tmp_path / "b.zip"
    path.write_text("nothing")
    done = blastiq("verify", str(path))
    assert done.returncode == 2
    assert "no zip that can be read" in done.stderr
