"""`blastiq check`: recordings from the command line."""

import json
from pathlib import Path

from tests.judge.cli.shell import blastiq

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


def test_json_of_a_check(tmp_path: Path) -> None:
    """The same model as a run's."""
    model = json.loads(blastiq("check", "--format", "json", str(har(tmp_path / "x"))).stdout)
    assert (model["schema"], model["verdict"]) == ("blastiq-report/1", "conforms")
