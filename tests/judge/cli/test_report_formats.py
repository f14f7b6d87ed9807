"""`--report FORMAT=FILE` for every format, and what GitHub Actions is given."""

import hashlib
import json
from pathlib import Path

import pytest

from blastiq_conformance.writers import FORMATS
from tests.judge.cli.shell import blastiq, called
from tests.judge.cli.test_check import har


@pytest.mark.parametrize("command", ["check", "run"])
def test_every_format_is_written_at_once(command: str, tmp_path: Path) -> None:
    """From a recording as from a run; the digest on the pages is that of the JSON file beside them."""
    what = ["run", "--demo", "--quick"] if command == "run" else ["check", str(har(tmp_path / "trace", "&audience=x"))]
    files = {name: tmp_path / f"out.{name}" for name in FORMATS}
    reports = [word for name, file in files.items() for word in ("--report", f"{name}={file}")]
    done = blastiq(what[0], *reports, *what[1:], GITHUB_STEP_SUMMARY="")
    assert done.returncode == (0 if command == "run" else 1), done.stderr
    assert all(file.read_bytes().endswith(b"\n") for file in files.values())
    assert not [name for name, file in files.items() if b"p9X2mK4vQ7wZ" in file.read_bytes()]
    digest = hashlib.sha256(files["json"].read_bytes()).hexdigest()
    for name in ("html", "statement", "statement-html", "intoto", "sarif", "ctrf"):
        assert digest in files[name].read_text(encoding="utf-8")


def test_github_gets_annotations_and_a_summary(tmp_path: Path) -> None:
    """A dash is standard output; the summary is added to what other steps wrote."""
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    trace = har(tmp_path / "trace", "&audience=x")
    files = ("--report", f"json={tmp_path / 'r.json'}", "--report", "github=-")
    done = called("check", *files, str(trace), GITHUB_STEP_SUMMARY=str(summary))
    assert done.stdout.startswith("::error title=BlastIQ violates")
    assert summary.read_text(encoding="utf-8").startswith("before\n## ❌ BlastIQ: violates (1 recording)\n")
    again = called("report", "--to", "github", str(tmp_path / "r.json"), GITHUB_STEP_SUMMARY="")
    assert done.stdout.startswith(again.stdout)


def test_one_format_is_made_of_another_file(tmp_path: Path) -> None:
    """`report --to` prints what `--report` writes."""
    made, page = tmp_path / "r.json", tmp_path / "r.sarif"
    called("check", "--report", f"json={made}", "--report", f"sarif={page}", str(har(tmp_path / "trace")))
    done = called("report", "--to", "sarif", str(made))
    assert done.stdout == page.read_text(encoding="utf-8")
    assert json.loads(done.stdout)["version"] == "2.1.0"


def test_a_summary_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """With the file and the reason."""
    place = str(tmp_path / "none" / "summary.md")
    done = called("check", "--report", "github=-", str(har(tmp_path / "trace")), GITHUB_STEP_SUMMARY=place)
    assert done.returncode == 2
    assert f"the summary to {place} could not be written: No such file or directory" in done.stderr
