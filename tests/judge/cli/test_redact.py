"""`blastiq redact`: a recording that can be shared."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from blastiq_conformance.cli import blastiq as command_line
from tests.judge.cli.shell import called as blastiq
from tests.judge.cli.test_check import har


def test_a_redacted_recording_is_judged_alike(tmp_path: Path) -> None:
    """No secret is left, and `check` says the same of it."""
    before, after = har(tmp_path / "old.har", "&audience=x"), tmp_path / "new.har"
    done = blastiq("redact", str(before), "-o", str(after))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not any(secret in after.read_text() for secret in ("p9X2mK4vQ7wZ", "u%40mine", "abcdefghijklmnop"))
    first, second = blastiq("check", str(before)), blastiq("check", str(after))
    assert first.returncode == second.returncode == 1
    assert first.stdout.replace("old.har", "new.har") == second.stdout


def test_the_recording_itself_is_never_overwritten(tmp_path: Path) -> None:
    """Under whatever name it is given."""
    path = har(tmp_path / "in.har")
    content = path.read_bytes()
    (tmp_path / "link").symlink_to(path)
    for output in (path, tmp_path / "link"):
        done = blastiq("redact", str(path), "-o", str(output))
        assert done.returncode == 2
        assert "name another file" in done.stderr
    assert path.read_bytes() == content


def test_what_cannot_be_read_or_written_is_2(tmp_path: Path) -> None:
    """The text says which file and where; nothing is written."""
    broken, out = tmp_path / "x.har", tmp_path / "out.har"
    broken.write_text('{"log": {')
    done = blastiq("redact", str(broken), "-o", str(out))
    assert done.returncode == 2
    assert "x.har, line 1" in done.stderr
    assert not out.exists()
    done = blastiq("redact", str(har(tmp_path / "in.har")), "-o", str(tmp_path / "none" / "out.har"))
    assert done.returncode == 2
    assert "cannot be written" in done.stderr


def test_a_full_disk_costs_nothing_that_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What would have been replaced is as it was."""

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    (out := tmp_path / "out.har").write_text("before")
    done = CliRunner().invoke(command_line, ["redact", str(har(tmp_path / "in.har")), "-o", str(out)])
    assert (done.exit_code, out.read_text()) == (2, "before")
    assert "out.har cannot be written: No space left on device" in done.stderr


def test_an_environment_is_named_after_its_collection(tmp_path: Path) -> None:
    """It is written into the new file; what is not an environment is refused, for one recording has one new file."""
    real = Path(__file__).parent.parent / "sources" / "real"
    collection, environment = real / "postman-wrong.json", real / "postman-environment.json"
    out = tmp_path / "out.json"
    done = blastiq("redact", str(collection), str(environment), "-o", str(out))
    assert (done.returncode, done.stderr) == (0, "")
    assert "S001Y001N001" in out.read_text()
    first, second = blastiq("check", str(collection), str(environment)), blastiq("check", str(out))
    assert first.returncode == second.returncode == 1
    done = blastiq("redact", str(collection), str(collection), "-o", str(tmp_path / "none"))
    assert done.returncode == 2
    assert "is not an environment of Postman" in done.stderr
    assert not (tmp_path / "none").exists()
