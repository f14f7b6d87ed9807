"""`blastiq check`: recordings from the command line."""

import errno
import gzip
import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from blastiq_conformance.catalogue import catalogue
from blastiq_conformance.cli import blastiq as command_line
from blastiq_conformance.sources import recording
from tests.judge.cli.shell import called as blastiq
from tests.judge.example import read_example
from tests.judge.recorded import by_har

ENTRY = {
    "request": {
        "method": "POST",
        "url": "https://www.blastiq.com/identity/connect/token",
        "headers": [{"name": "Content-Type", "value": "application/x-www-form-urlencoded"}],
        "postData": {
            "mimeType": "application/x-www-form-urlencoded",
            "text": "grant_type=password&username=u%40mine.example&password=p9X2mK4vQ7wZ&client_id=external.customer",
        },
    },
    "response": {
        "status": 200,
        "headers": [{"name": "Content-Type", "value": "application/json"}],
        "content": {"text": '{"access_token":"abcdefghijklmnopqrstuvwxyz","expires_in":3600,"token_type":"Bearer"}'},
    },
    "startedDateTime": "2026-01-01T00:00:00.000Z",
    "time": 12,
}


def har(path: Path, more: str = "") -> Path:
    entry = json.loads(json.dumps(ENTRY))
    entry["request"]["postData"]["text"] += more
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": [entry]}}))
    return path


def test_a_good_recording_is_0(tmp_path: Path) -> None:
    """A token request was judged and no error found; no secret of it is shown."""
    done = blastiq("check", str(har(tmp_path / "trace")))
    assert done.returncode == 0, done.stdout
    assert "p9X2mK4vQ7wZ" not in done.stdout


def test_a_flawed_one_is_1_and_names_its_place(tmp_path: Path) -> None:
    """The finding says where in the file, and its parts hold no secret."""
    done = blastiq("check", str(har(tmp_path / "trace.har", "&audience=x")))
    assert done.returncode == 1
    assert "trace.har#1" in done.stdout
    assert "p9X2mK4vQ7wZ" not in done.stdout


def test_the_recording_of_a_person_who_signs_in_is_judged_as_one(tmp_path: Path) -> None:
    """Nothing in it tells: a Service User must not sign in that way, and a finding says how to judge it again."""
    rule = catalogue()["BIQ906"]
    for name, words in (("good", rule.good), ("bad", rule.bad)):
        by_har(read_example(words), tmp_path)
        (tmp_path / "run.har").rename(tmp_path / name)
    assert blastiq("check", "--attended", "--allow-untested", str(tmp_path / "good")).returncode == 0
    assert blastiq("check", "--allow-untested", str(tmp_path / "good")).returncode == 1
    done = blastiq("check", "--attended", str(tmp_path / "bad"))
    assert done.returncode == 1
    assert "blastiq check --attended" in done.stdout


def test_nothing_to_judge_is_4(tmp_path: Path) -> None:
    """A recording without a token request is not green."""
    path = tmp_path / "empty.har"
    path.write_text('{"log": {"version": "1.2", "entries": []}}')
    assert blastiq("check", str(path)).returncode == 4


def test_an_unreadable_file_is_2_and_the_others_are_judged(tmp_path: Path) -> None:
    """The broken one is named with its place, the good one has its verdict."""
    broken = tmp_path / "broken.har"
    broken.write_text('{"log": {')
    done = blastiq("check", str(broken), str(har(tmp_path / "good.har", "&audience=x")))
    assert done.returncode == 2
    assert "broken.har, line 1" in done.stderr
    assert "BIQ211" in done.stdout
    assert blastiq("check", str(broken)).returncode == 2


@pytest.mark.parametrize("url", ["blastiq", "ftp://x/identity", "https://", "https://[x"])
def test_an_authority_that_is_no_address_is_a_usage_error(tmp_path: Path, url: str) -> None:
    """Else every discovery would be blamed."""
    done = blastiq("check", "--authority", url, str(har(tmp_path / "x")))
    assert (done.returncode, "expected an address such as https://" in done.stderr) == (2, True)


def test_which_kinds_there_are_is_said_once(tmp_path: Path) -> None:
    """Of three files that are none each has its line, and what would be one follows."""
    files = [tmp_path / name for name in ("a", "b", "c")]
    for file, text in zip(files, ("", "{}", "[1]"), strict=True):
        file.write_text(text)
    done = blastiq("check", *map(str, files))
    assert done.returncode == 2
    said = done.stderr.splitlines()
    assert [file.name in line and "a recording" in line for file, line in zip(files, said, strict=False)] == [True] * 3
    assert len(said) == 4
    assert said[3].startswith("blastiq check: a recording is a journal of")


def test_json_of_a_check(tmp_path: Path) -> None:
    """The same model as a run's."""
    model = json.loads(blastiq("check", "--format", "json", str(har(tmp_path / "x"))).stdout)
    assert (model["schema"], model["verdict"]) == ("blastiq-report/1", "conforms")


def test_the_build_is_named_and_verified(tmp_path: Path) -> None:
    """Also where the bundle is written into the folder that it is about; what has no digest is wrong usage."""
    trace, build = har(tmp_path / "x"), tmp_path / "dist"
    build.mkdir()
    (build / "app.js").write_text("built")
    bundle = str(build / "evidence.zip")
    done = blastiq("check", "--subject", str(build), "--bundle", bundle, str(trace))
    assert (done.returncode, "\nsubject     " in done.stdout) == (0, True), done.stdout
    verified = blastiq("verify", "--subject", str(build), bundle)
    assert (verified.returncode, "The digests are right" in verified.stdout) == (0, True), verified.stdout
    gone = blastiq("check", "--subject", str(tmp_path / "gone"), str(trace))
    assert (gone.returncode, "--subject" in gone.stderr) == (2, True)


def test_a_directory_means_every_recording_in_it(tmp_path: Path) -> None:
    """In order of their names, below it too; what is not a recording is passed over."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "README.md").write_text("# not a recording\n")
    har(tmp_path / "b.har", "&audience=x")
    har(tmp_path / "deep" / "a.har", "&audience=y")
    model = json.loads(blastiq("check", "--format", "json", str(tmp_path)).stdout)
    assert model["files"] == [str(tmp_path / "b.har"), str(tmp_path / "deep" / "a.har")]
    assert model["exit_code"] == 1


def test_a_pattern_means_what_it_matches(tmp_path: Path) -> None:
    """Where no shell has put in the names; one that matches nothing is named."""
    har(tmp_path / "b.har")
    har(tmp_path / "a.har")
    model = json.loads(blastiq("check", "--format", "json", str(tmp_path / "*.har")).stdout)
    assert model["files"] == [str(tmp_path / "a.har"), str(tmp_path / "b.har")]
    done = blastiq("check", str(tmp_path / "*.yaml"))
    assert done.returncode == 2
    assert "*.yaml: cannot be read" in done.stderr


def test_an_empty_directory_is_named(tmp_path: Path) -> None:
    """Nothing to judge at all is a mistake on the command line."""
    done = blastiq("check", str(tmp_path))
    assert (done.returncode, "no recording in" in done.stderr) == (2, True)


def test_what_cannot_be_read_in_a_directory_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be what violates: a file, a folder, what is packed and cut off. A link to nowhere hides nothing."""
    har(tmp_path / "good.har")
    har(tmp_path / "shut.har", "&audience=x")
    (tmp_path / "cut.gz").write_bytes(gzip.compress(b"GET")[:-8])
    (tmp_path / "link").symlink_to("nowhere")
    (tmp_path / "closed").mkdir()
    os.mkfifo(tmp_path / "pipe")
    # Root may read everything, and tests may be run by it.
    refuse(monkeypatch, os, "scandir", "closed")
    refuse(monkeypatch, Path, "open", "shut.har")
    done = CliRunner().invoke(command_line, ["check", str(tmp_path)])
    assert done.exit_code == 2
    said = done.stderr.splitlines()
    assert [line.partition(str(tmp_path))[2].split(":")[0] for line in said[:3]] == ["/closed", "/cut.gz", "/shut.har"]
    assert all("cannot be read (Permission denied)" in line for line in (said[0], said[2]))
    assert "good.har" in done.stdout


def refuse(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, called: str) -> None:
    """Let a function that takes a path refuse those of one name."""
    real = getattr(owner, name)

    def guarded(path: object, *args: object, **more: object) -> object:
        if str(path).endswith(called):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return real(path, *args, **more)

    monkeypatch.setattr(owner, name, guarded)


def test_a_journal_that_breaks_off_is_judged_up_to_there(tmp_path: Path) -> None:
    """The report says where; and so it does of the same journal without its secrets."""
    rule = catalogue()["BIQ211"]
    path, clean = tmp_path / "j.jsonl", tmp_path / "clean.jsonl"
    path.write_text(recording.write(read_example(rule.bad)) + '{"exchange":9,"kind":"tok')
    assert CliRunner().invoke(command_line, ["redact", str(path), "-o", str(clean)]).exit_code == 0
    for file in (path, clean):
        done = CliRunner().invoke(command_line, ["check", "--format", "json", str(file)])
        assert done.exit_code == 1
        line = len(file.read_text().splitlines())
        assert any(
            note.startswith(f"{file}, line {line}: the journal breaks off") for note in json.loads(done.stdout)["notes"]
        )


def test_nothing_is_not_the_folder_that_one_stands_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable of a shell that is not set names no recording."""
    har(tmp_path / "good.har")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(command_line, ["check", "good.har", ""])
    assert (done.exit_code, done.stdout) == (2, "")
    assert "it is empty" in done.stderr


@pytest.mark.slow
def test_jobs_change_neither_order_nor_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many files on several cores give the same report as one after the other, errors in between too."""
    # So that small files are worth a process.
    monkeypatch.setattr("blastiq_conformance.trial.recordings._WORTH_A_PROCESS", 1)
    for index in range(6):
        har(tmp_path / f"{index}.har", f"&audience={index}")
    (tmp_path / "3.har").write_text('{"log": {"entries": [')
    files = [str(tmp_path / f"{index}.har") for index in range(6)]
    one, two = (blastiq("check", "--format", "json", "--jobs", jobs, *files) for jobs in ("1", "2"))
    assert one.stdout == two.stdout
    assert one.stderr == two.stderr
    assert (one.returncode, two.returncode) == (2, 2)


def test_an_environment_fills_in_a_collection(tmp_path: Path) -> None:
    """It is told by its content, wherever it stands among the files."""
    field = {"key": "client_id", "value": "{{client}}"}
    body = {"mode": "urlencoded", "urlencoded": [{"key": "grant_type", "value": "password"}, field]}
    request = {"method": "POST", "url": "https://www.blastiq.com/identity/connect/token", "body": body}
    collection = tmp_path / "collection"
    collection.write_text(json.dumps({"info": {"name": "c"}, "item": [{"request": request}]}))
    environment = tmp_path / "environment"
    values = [{"key": "client", "value": "external.customer"}]
    environment.write_text(json.dumps({"name": "e", "values": values, "_postman_variable_scope": "environment"}))
    assert "BIQ221" in blastiq("check", str(collection)).stdout
    assert "FAIL  BIQ221" not in blastiq("check", str(environment), str(collection)).stdout
