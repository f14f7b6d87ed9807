"""`blastiq verify`: a bundle judged again."""

from pathlib import Path

from blastiq_conformance.bundle import write_bundle
from tests.judge.cli.shell import blastiq
from tests.judge.judged import AUDIENCE, GOOD, report


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


def test_what_is_no_bundle_is_2(tmp_path: Path) -> None:
    """With the reason."""
    path = tmp_path / "b.zip"
    path.write_text("nothing")
    done = blastiq("verify", str(path))
    assert done.returncode == 2
    assert "no zip that can be read" in done.stderr
