"""`blastiq verify`: a bundle judged again."""

from dataclasses import replace
from pathlib import Path

from blastiq_conformance.bundle import write_bundle
from blastiq_conformance.report.subjects import examine
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


def test_it_recomputes_the_build(tmp_path: Path) -> None:
    """One flipped byte is another build; a report that names none vouches for none."""
    build, path, unbound = tmp_path / "app.whl", tmp_path / "b.zip", tmp_path / "c.zip"
    build.write_bytes(b"built")
    write_bundle(path, [replace(report(GOOD), subjects=(examine(str(build)),))])
    write_bundle(unbound, [report(GOOD)])
    right = blastiq("verify", "--subject", str(build), str(path))
    assert (right.returncode, f"subject: {build} (sha256 " in right.stdout) == (0, True)
    none = blastiq("verify", "--subject", str(build), str(unbound))
    assert (none.returncode, "subject: not bound to a build" in none.stdout) == (1, True)
    build.write_bytes(b"buiLt")
    wrong = blastiq("verify", "--subject", str(build), str(path))
    assert (wrong.returncode, "is not what the report is about: " in wrong.stdout) == (1, True)
    gone = blastiq("verify", "--subject", str(tmp_path / "gone"), str(path))
    assert (gone.returncode, "cannot be read: No such file" in gone.stderr) == (2, True)


def test_what_is_no_bundle_is_2(tmp_path: Path) -> None:
    """With the reason."""
    path = tmp_path / "b.zip"
    path.write_text("nothing")
    done = blastiq("verify", str(path))
    assert done.returncode == 2
    assert "not a zip that can be read" in done.stderr
