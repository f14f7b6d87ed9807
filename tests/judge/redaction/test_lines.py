"""Lines that people write, redacted: .http files, curl commands, what curl says of its own traffic."""

from pathlib import Path

import pytest

from blastiq_conformance.redaction.document import redacted
from blastiq_conformance.redaction.document.curl_lines import quoted
from blastiq_conformance.redaction.redacted import NOTED
from blastiq_conformance.sources import SourceError
from blastiq_conformance.sources.shell_words import found
from tests.judge.redaction.numbered import usual
from tests.judge.redaction.test_document import _verdicts
from tests.judge.redaction.test_places import JWT, PASSWORD, SECRET, TOKEN_URL, USER, write

MALFORMED = Path(__file__).parents[1] / "sources" / "malformed"

HTTP = f"""@user = {USER}
# ask {USER} for the password
< {{%
request.variables.set("client_secret", "{SECRET}")
%}}
###
POST {TOKEN_URL} HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=password&username={{{{user}}}}
 &password={{{{password}}}}&client_id=external.customer

> {{% client.global.set("access_token", "{JWT}") %}}
"""


def test_an_http_file_keeps_its_shape(tmp_path: Path) -> None:
    """Its own variable stays one; what JetBrains' environment beside it says is written in; scripts lose literals."""
    write(tmp_path, {"dev": {"password": PASSWORD}}, "http-client.env.json")
    path = write(tmp_path, HTTP, "x.http")
    text = redacted(path)
    assert not any(value in text for value in (USER, SECRET, PASSWORD, JWT))
    assert text.splitlines()[:4] == [
        f"# {NOTED}",
        f"@user = {usual(1, '.@')}",
        f"# ask {usual(1, '.@')} for the password",
        "< {%",
    ]
    assert f"&password={usual(2)}&client_id=external.customer" in text
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert _verdicts(write(elsewhere, text, "y.http")) == _verdicts(path)


CURL = f"""#!/bin/sh
PASSWORD={PASSWORD}
# signs in {USER}
curl -sS -x 'http://proxy-user:Pr0xy-pass-word@proxy.example' -U 'me:Pr0xy-secret-2' \\
  --data-urlencode 'password={PASSWORD}' -d username={USER} -d grant_type=password \\
  -d client_id=external.customer -b 'session=c0okie-of-a-session' {TOKEN_URL} | jq -r .access_token
curl -u 'external.customer:{SECRET}' --oauth2-bearer {JWT} -F 'token={JWT};type=text/plain' -F 'f=@x' {TOKEN_URL}
"""


def test_curl_lines_keep_their_options(tmp_path: Path) -> None:
    """Options, their order and what stands between commands; accounts of proxies go too."""
    path = write(tmp_path, CURL)
    text = redacted(path)
    for value in (PASSWORD, USER, "Pr0xy-pass-word", "Pr0xy-secret-2", "c0okie-of-a-session", SECRET, JWT):
        assert value not in text
    lines = text.splitlines()
    assert lines[:5] == ["#!/bin/sh", f"# {NOTED}", f"PASSWORD={usual(1)}", f"# signs in {usual(2, '.@')}", "curl \\"]
    assert f"  --data-urlencode password={usual(1)} \\" in lines
    assert lines[-1].startswith(f"curl -u external.customer:{usual(5)} --oauth2-bearer eyJ0eXAiOiJzdGFuZGlu")
    assert "-F f=@x" in lines[-1]
    assert _verdicts(write(tmp_path, text, "new")) == _verdicts(path)


@pytest.mark.parametrize(
    "word", ["plain", "a b", "it's", "$x", "a$", "a\nb", "a\\b", "\u2028x", "ü'\\$'", "", "-", "😀'"]
)
def test_words_are_quoted_as_they_are_read(word: str) -> None:
    """In one line, whatever is in them."""
    line = f"curl {quoted('x')} {quoted(word)} {quoted('y')}"
    assert len(line.splitlines()) == 1
    assert [command.words for command in found("f", line)] == [["x", word, "y"]]


def test_a_command_in_a_trace_is_refused(tmp_path: Path) -> None:
    """It has the secrets in a form of its own."""
    trace = f"$ curl -v -u {USER}:{PASSWORD} {TOKEN_URL}\n> GET / HTTP/1.1\n> Host: x\n> \n"
    with pytest.raises(SourceError, match="line 1: a command line among the trace; give it as a file of its own"):
        redacted(write(tmp_path, trace))


@pytest.mark.parametrize("path", sorted(MALFORMED.iterdir()), ids=lambda path: str(path.name))
def test_no_malformed_file_is_written(path: Path) -> None:
    """Whatever it would be: nothing is passed through."""
    with pytest.raises(SourceError):
        redacted(path)
