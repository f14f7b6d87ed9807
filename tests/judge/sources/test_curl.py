"""curl command lines: compared with what the real curl sends, and what a shell would make of them."""

import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from blastiq_conformance.sources import SourceError, curl
from fake_idp.core import FakeIdp
from fake_idp.http.server import Server
from fake_idp.wire import Request
from tests.judge.sources.bytes_of import TOKEN_URL, fields, read_text

pytestmark = pytest.mark.slow

CURL = shutil.which("curl")
SIGN_IN = "-d grant_type=password -d 'client_id=external.customer'"


def parsed(text: str, **variables: str) -> list[Request]:
    return [message.request for message in curl.read("f", text, variables)]


@pytest.mark.skipif(CURL is None, reason="needs curl")
@pytest.mark.parametrize(
    "options",
    [
        "-d a=b -d 'c=d e'",
        "--data-urlencode 'a=b c&d' --data-urlencode '=x y' --data-urlencode 'p w'",
        "--data-urlencode 'user=pit@mine.example' --data-urlencode '=a@b'",
        "--data-raw @x --data-binary 'a=\"b\"'",
        """--json '{"a": 1}' --json ',2'""",
        "-G -d a=b --data-urlencode c='d e'",
        "-u 'user:pass word' -X PUT",
        "-uuser:p -XDELETE -sSA agent",
        "-H 'Accept:' -H 'X-Empty;' -H 'X: y' -e http://r/ -b a=b",
        "-F a=b -F 'c=d;type=text/plain'",
        "--oauth2-bearer abc -k --compressed --no-location -o /dev/null",
        "-I",
        "-X POST",
    ],
)
def test_what_is_read_is_what_curl_sends(options: str) -> None:
    """Method, target, the fields that matter and the body, byte for byte."""
    with Server() as server:
        idp = FakeIdp()
        url = f"{server.serve(idp).origin}/api/x?q=1"
        subprocess.run([str(CURL), *shlex.split(options), "-s", url], capture_output=True, check=True, timeout=20)
        (real,) = [exchange.request for exchange in idp.journal.exchanges]
    (read,) = parsed(f"curl {options} {url}")
    assert (read.method, read.target, read.host) == (real.method, real.target, real.host)
    for name in ("authorization", "accept", "x", "x-empty", "referer", "cookie"):
        assert read.headers.get_all(name) == real.headers.get_all(name)
    assert read.media_type == real.media_type
    if read.media_type != "multipart/form-data":
        assert read.body == real.body


def test_a_history_is_read_line_by_line(tmp_path: Path) -> None:
    """Prompts, comments, pipes, redirections, lines that go on; each finding has its line."""
    text = (
        "# sign in\n"
        f"$ curl -sS {TOKEN_URL} \\\n  {SIGN_IN} 2>/dev/null | jq -r .access_token\n"
        "ls -l\n"
        f'% curl "{TOKEN_URL}" --data-raw "grant_type=password\nx" && echo done\n'
        f"> curl.exe {TOKEN_URL} -d scope=cosmos > out.json\n"
    )
    evidence = read_text(tmp_path, text)
    assert [x.source.rpartition(":")[2] for x in evidence.exchanges] == ["2", "5", "7"]
    assert fields(evidence) == [
        {"grant_type": "password", "client_id": "external.customer"},
        {"grant_type": "password\nx"},
        {"scope": "cosmos"},
    ]
    assert all(x.lost == {"response"} for x in evidence.exchanges)


def test_what_browsers_copy_is_read() -> None:
    """Quotes with escapes, and everything the page sent."""
    (request,) = parsed(f"curl '{TOKEN_URL}' -H 'accept: */*' --data-raw $'a=\\u0021\\'b\\n' --insecure")
    assert request.body == b"a=!'b\n"


def test_templates_are_filled_in_or_kept() -> None:
    """What Postman generates has its variables in it."""
    (request,) = parsed(f"curl {TOKEN_URL} -d 'a={{{{x}}}}&b={{{{y}}}}'", x="1")
    assert [pair.value for pair in request.form] == ["1", "{{y}}"]


def test_several_transfers_of_one_command() -> None:
    """More than one address, and --next."""
    requests = parsed("curl http://a/1 b/2 -d x --next --url http://c/3 -T -")
    assert [(x.method, x.host, x.path) for x in requests] == [
        ("POST", "a", "/1"),
        ("POST", "b", "/2"),
        ("PUT", "c", "/3"),
    ]


@pytest.mark.parametrize("options", ["-d @body", "--data-urlencode a@f", "-F a=@f", "-T f", "-K f", "--json @f"])
def test_what_stands_in_a_file_is_lost(tmp_path: Path, options: str) -> None:
    """The rules that need the body cannot tell."""
    (exchange,) = read_text(tmp_path, f"curl {options} {TOKEN_URL}").exchanges
    assert "body" in exchange.lost
    assert "file that is not here" in exchange.edited


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("curl 'http://a", "line 1: a quotation without an end"),
        ("x\ncurl http://a ^\n -d b", "line 2: a command for cmd.exe or PowerShell"),
        ("curl http://a `\n -d b", "a command for cmd.exe or PowerShell"),
        ('curl "http://a" -d ^"x^"', "a command for cmd.exe or PowerShell"),
        ("curl http://a --frobnicate", "curl has no option --frobnicate"),
        ("curl http://a -sq9", "curl has no option -9"),
        ("curl http://a -H", "the option -H has no value"),
        ("curl http://a -H @f", "headers from a file"),
        ("curl http://[", "Invalid IPv6"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, text: str, said: str) -> None:
    """File, line, and what to do."""
    with pytest.raises(SourceError, match=said):
        read_text(tmp_path, text)
