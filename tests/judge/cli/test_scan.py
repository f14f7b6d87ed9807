"""`blastiq scan`: what it prints, and its exit code."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.judge.cli.shell import called as blastiq
from tests.judge.scan.parcels import zipped

PASSWORD = "k7Fq2vN9xW4mZ8tR1pLs"
SETTINGS = f'{{"client_id": "external.customer",\n"password": "{PASSWORD}"}}'.encode()


def with_input(data: bytes, *args: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "blastiq_conformance", "scan", *args]
    return subprocess.run(command, input=data, capture_output=True, check=False, timeout=60)


def test_nothing_found(tmp_path: Path) -> None:
    """Exit code 0, and how much was searched."""
    (tmp_path / "app.js").write_text("ok")
    done = blastiq("scan", str(tmp_path))
    assert (done.returncode, done.stdout, done.stderr) == (0, "0 found in 1 file, 2 bytes\n", "")


def test_a_finding_says_where_and_what_to_do(tmp_path: Path) -> None:
    """Exit code 1; the path in the package, line and column, no secret."""
    (tmp_path / "a.jar").write_bytes(zipped({"conf/\x1b[2Jé.json": SETTINGS}))
    done = blastiq("scan", str(tmp_path / "a.jar"))
    assert done.returncode == 1
    first, second, *rest = done.stdout.splitlines()
    assert first == "FOUND  a.jar!/conf/\\x1b[2Jé.json, line 2, column 14: a password stands beside external.customer"
    assert second == "       password <password>"
    assert "MUST NOT (BIQ707, article A3)" in "\n".join(rest)
    assert PASSWORD not in done.stdout + done.stderr


def test_known_values_come_from_standard_input(tmp_path: Path) -> None:
    """Never from the arguments, which everybody on the machine can read."""
    (tmp_path / "app.exe").write_bytes(b"MZ\0\1" + PASSWORD.encode("utf-16-le"))
    done = with_input(f"svc.user\r\n\r\n{PASSWORD}\r\n".encode("utf-8-sig"), str(tmp_path), "--known", "-")
    assert done.returncode == 1
    assert b"FOUND  app.exe, byte 4: a value of the given list is shipped" in done.stdout
    assert b"<known:2>" in done.stdout
    assert PASSWORD.encode() not in done.stdout + done.stderr


def test_known_values_come_from_a_file_and_json_goes_out(tmp_path: Path) -> None:
    """With --format json nothing but the report is on standard output."""
    (tmp_path / "known").write_text(PASSWORD)
    (tmp_path / "app.json").write_bytes(SETTINGS)
    done = blastiq("scan", str(tmp_path / "app.json"), "--known", str(tmp_path / "known"), "--format", "json")
    assert done.returncode == 1
    model = json.loads(done.stdout)
    assert (model["schema"], model["rule"], model["files"], model["bytes"]) == ("blastiq-scan/1", "BIQ707", 1, 70)
    (found,) = model["findings"]
    assert (found["kind"], found["path"], found["line"]) == ("known-value", "app.json", 2)
    assert PASSWORD not in done.stdout


def test_what_cannot_be_read_is_exit_code_2(tmp_path: Path) -> None:
    """Also where something was found: nothing is known of the rest."""
    (tmp_path / "a.zip").write_bytes(zipped({"a": SETTINGS})[:-10])
    (tmp_path / "b.json").write_bytes(SETTINGS)
    done = blastiq("scan", str(tmp_path))
    assert done.returncode == 2
    assert "FOUND  b.json" in done.stdout
    assert done.stderr.startswith("blastiq scan: not searched: a.zip: it cannot be unpacked")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"abc\n", b"line 1 has 3 characters, which turn up everywhere by chance; leave out what is shorter than 6"),
        (b"long enough\nStra\xdfe\n", b"byte 16 is not UTF-8; expected one value a line"),
    ],
    ids=["short", "charset"],
)
def test_a_list_that_cannot_be_used_is_a_usage_error(tmp_path: Path, data: bytes, said: bytes) -> None:
    """The line is named, the value is not shown."""
    done = with_input(data, str(tmp_path), "--known", "-")
    assert done.returncode == 2
    assert said in b" ".join(done.stderr.split())


def test_a_path_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    """Nothing to search is nothing that passed."""
    assert blastiq("scan", str(tmp_path / "no-such")).returncode == 2


def test_its_rule_is_explained() -> None:
    """The page of BIQ707 says how to look for it."""
    assert "blastiq scan PATH" in " ".join(blastiq("explain", "BIQ707").stdout.split())
