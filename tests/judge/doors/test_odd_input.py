"""What once ended in a fault of the kit ends in its exit code, with a line that says what is wrong."""

import errno
import struct
import zlib
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from blastiq_conformance.cli import blastiq
from tests.judge.doors.recordings import RECORDINGS

LONG = "n" * 300
NASTY = "a\n::error::b\x1b[2J\u202e\x9b##[x]c"
CASSETTE = (
    "interactions:\n- request: {method: POST, uri: 'https://www.blastiq.com/identity/connect/token', body: 'a=b'}\n"
    "  response: {status: {code: 0x%s, message: x}, headers: {}, body: {string: ''}}\n"
)
JOURNAL = '{"journal":"blastiq-journal/1"}\n{"exchange":1,"kind":"token","request":{"method":"GET","target":"/"},%s}\n'
TARGET = '[[target]]\ncommand = ["true"]\n'


@pytest.fixture(autouse=True)
def _stand_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def enter(*args: str) -> Result:
    result = CliRunner().invoke(blastiq, list(args))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (CASSETTE % ("f" * 4000), "the status has more than three digits"),
        (JOURNAL % '"started":1e999', "1e999 is larger than any number that can be held"),
        ('{"journal":"blastiq-journal/1"}\n{"facts":{"password":true}}\n', "password is bool"),
        ('{"journal":"blastiq-journal/1"}\n{"facts":{"username":"\\ud800"}}\n', "that UTF-8 cannot hold"),
        ("curl " + "-H 'a: b' " * 1_000 + "https://x", "no request needs 1000"),
    ],
    ids=["status", "time", "type", "surrogate", "words"],
)
@pytest.mark.parametrize("command", ["check", "redact"])
def test_a_recording_that_holds_what_none_can(command: str, content: str, said: str) -> None:
    """The file is named, and what is wrong with it."""
    Path("file").write_text(content)
    result = enter(command, "file", *(("-o", "out") if command == "redact" else ()))
    assert (result.exit_code, said in result.stderr) == (2, True), result.stderr


@pytest.mark.parametrize(
    ("old", "new"),
    [('"text": "grant', '"encoding": [], "text": "grant'), ('"statusText": "OK"', '"statusText": "\\ud800"')],
    ids=["encoding", "surrogate"],
)
def test_a_recording_that_is_odd_is_redacted(old: str, new: str) -> None:
    """Members of other types, and characters that UTF-8 cannot hold, are written as they were."""
    usual = RECORDINGS[0].decode()
    odd = usual.replace(old, new)
    assert odd != usual
    Path("file").write_text(odd)
    assert enter("redact", "file", "-o", "out").exit_code == 0
    assert new.partition(",")[0] in Path("out").read_text(encoding="utf-8")


@pytest.mark.parametrize("claims", [b"[" * 50_000, b'{"exp": 1e999}', b'{"exp": NaN}'], ids=["deep", "huge", "nan"])
def test_a_token_that_cannot_be_shown(claims: bytes) -> None:
    """A usage error, as for any other text that is not a token."""
    assert enter("token", f"e30.{urlsafe_b64encode(claims).decode().rstrip('=')}.x").exit_code == 2


def test_a_token_steers_no_terminal() -> None:
    """Its claims are anybody's: C1 controls, and characters that turn the direction of writing."""
    claims = urlsafe_b64encode('{"a": "\x9b2J\u202e\\ud800##[x]"}'.encode()).decode().rstrip("=")
    result = enter("token", f"e30.{claims}.x")
    assert r"\u009b2J\u202e\ud800\u0023#[x]" in result.stdout


@pytest.mark.parametrize(
    "args",
    [
        *(("check", LONG), ("check", f"{LONG}*"), ("redact", LONG, "-o", "out"), ("verify", LONG), ("report", LONG)),
        *(("scan", LONG), ("scan", ".", "--known", LONG), ("run", "--config", LONG), ("doctor", LONG)),
        *(("run", "--report", f"json={LONG}", "--demo"), ("check", "--bundle", LONG, "x"), ("doctor", f"./{LONG}")),
        *(("diff", LONG, "x"), ("example", "--into", LONG, "go")),
    ],
    ids=" ".join,
)
def test_a_name_that_is_too_long(args: tuple[str, ...]) -> None:
    """It is the name of no file, whatever is looked for under it."""
    assert enter(*args).exit_code == (1 if args[0] == "doctor" else 2)


@pytest.mark.parametrize(
    "args",
    [
        *(("check", NASTY), ("redact", NASTY, "-o", "out"), ("verify", NASTY), ("report", NASTY), ("scan", NASTY)),
        *(("scan", ".", "--known", NASTY), ("run", "--config", NASTY), ("run", "--target", NASTY), ("doctor", NASTY)),
        *(("explain", NASTY), ("run", "--scenario", NASTY), ("run", "--rule", NASTY), ("check", "--authority", NASTY)),
        *(("run", "--report", f"json={NASTY}/x", "--demo"), (NASTY,), ("check", f"--{NASTY}"), ("token", NASTY)),
        *(
            ("report", "--to", NASTY, "x"),
            ("serve", "--ready-file", f"{NASTY}/x"),
            ("serve", "--journal", f"{NASTY}/x"),
        ),
        *(
            ("run", "--quick", "--", NASTY),
            ("diff", NASTY, NASTY),
            ("schema", NASTY),
            ("init", "--yes", "--command", f"'{NASTY}"),
        ),
    ],
    ids=ascii,
)
def test_no_word_of_a_command_line_steers_who_reads_the_error(args: tuple[str, ...]) -> None:
    """Names of files come from archives, repositories and other people."""
    result = enter(*args)
    assert result.exit_code in {1, 2, 3}
    shown = result.output
    assert not set(shown) & set("\x1b\x9b\u202e")
    assert "##[" not in shown
    assert not any(line.strip().startswith("::") for line in shown.splitlines())


def test_what_no_toml_can_hold_is_not_written() -> None:
    """A command line has bytes, a file of this format has text."""
    result = enter("init", "--yes", "--command", "x \udcff")
    assert (result.exit_code, Path("blastiq.toml").read_text() if Path("blastiq.toml").exists() else "") == (2, "")


@pytest.mark.parametrize("line", [f"timeout = {'9' * n}" for n in (400, 5_000)] + ["users = 10000000000"])
def test_a_number_that_is_none_of_a_configuration(line: str) -> None:
    """Longer than Python reads, larger than a float, or more than anybody means."""
    Path("blastiq.toml").write_text(TARGET + line)
    assert enter("run", "--quick").exit_code == 2


def test_a_machine_without_free_ports_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is wrong with the integration, nor with the kit."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr("blastiq_conformance.cli.plan.run_all", refuse)
    result = enter("run", "--quick", "--demo")
    assert (result.exit_code, "Too many open files" in result.stderr) == (2, True)


def test_a_member_without_a_name_ends_no_search() -> None:
    """Nor does what cannot be searched pass for clean."""
    crc = zlib.crc32(b"x")
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 0, 0, 0, crc, 1, 1, 0, 0) + b"x"
    entry = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, crc, 1, 1, 0, 0, 0, 0, 0, 0, 0)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, len(entry), len(local), 0)
    folder = Path("shipped")
    folder.mkdir()
    (folder / "a.zip").write_bytes(local + entry + end)
    (folder / "b.txt").write_text("client_id=external.customer&password=p9X2mK4vQ7wZ")
    assert enter("scan", "shipped").exit_code == 1
    assert enter("scan", "/dev/zero").exit_code == 2


def test_a_report_without_reports() -> None:
    """It is read, and there is nothing to put together."""
    for content in ("[]", '{"schema": []}', '{"schema": "blastiq-reports/1", "reports": []}'):
        Path("file").write_text(content)
        assert enter("report", "file").exit_code == 2


def test_a_search_of_nothing_is_no_clean_one() -> None:
    """An empty folder, or one that was removed, has shown nothing."""
    Path("empty").mkdir()
    assert enter("scan", "empty").exit_code == 2
