""".http and .rest files."""

import json
from pathlib import Path

import pytest

from blastiq_conformance.sources import SourceError, read_variables
from tests.judge.sources.bytes_of import TOKEN_URL, fields, read_text

PUBLIC, PRIVATE = "http-client.env.json", "http-client.private.env.json"
OPEN = f"""\
@client = from.the.file

POST {TOKEN_URL}
Content-Type: application/x-www-form-urlencoded

client_id={{{{client}}}}&username={{{{user}}}}&password={{{{password}}}}&scope={{{{scope}}}}
"""

FILE = """\
@authority = https://www.blastiq.com/identity
@user = u%40mine.example

### Sign in
# @name signIn
// for the pit
< {%
  request.variables.set("a", "b")
%}
POST {{authority}}/connect/token HTTP/1.1
# nobody reads this
Content-Type: application/x-www-form-urlencoded

grant_type = password &
username={{user}}
&password={{password}}

> {% client.assert(response.status === 200) %}
### Call
GET https://www.blastiq.com/api/x
    ?page=2
    &size=3
Authorization: Bearer {{signIn.response.body.access_token}}

###
GET /api/y
Host: www.blastiq.com

###
https://www.blastiq.com/api/z
###
POST www.blastiq.com/api/w

< ./body.json
>> out.json
"""


def test_both_dialects_are_read(tmp_path: Path) -> None:
    """Variables, names, scripts, forms and queries over several lines; each finding has its line."""
    evidence = read_text(tmp_path, FILE, password="p")
    assert fields(evidence) == [{"grant_type": "password", "username": "u@mine.example", "password": "p"}]
    shown = [(x.source.rpartition(":")[2], x.request.method, x.request.target) for x in evidence.exchanges]
    assert shown == [
        ("10", "POST", "/identity/connect/token"),
        ("20", "GET", "/api/x?page=2&size=3"),
        ("26", "GET", "/api/y"),
        ("30", "GET", "/api/z"),
        ("32", "POST", "/api/w"),
    ]
    assert [x.request.origin for x in evidence.exchanges[2:]] == [
        "http://www.blastiq.com",
        "https://www.blastiq.com",
        "http://www.blastiq.com",
    ]
    assert evidence.exchanges[-1].lost == {"body", "response"}


def test_what_is_not_filled_in_stays(tmp_path: Path) -> None:
    """And its braces are no fault of the client's encoding."""
    text = f"POST {TOKEN_URL}\nContent-Type: application/x-www-form-urlencoded\n\nclient_id={{{{client}}}}"
    evidence = read_text(tmp_path, text)
    assert fields(evidence) == [{"client_id": "{{client}}"}]
    assert evidence.exchanges[0].request.body == b"client_id=%7B%7Bclient%7D%7D"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("GET / HTTP/1.1", "line 1: .*a request without a host"),
        ("###\nGET http://a/\nno header", "line 2: 'no header' is not a header field"),
        ("GET http://[/", "line 1: Invalid IPv6"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, text: str, said: str) -> None:
    """File, line, and what to do."""
    with pytest.raises(SourceError, match=said):
        read_text(tmp_path, text)


def test_the_environment_beside_a_file_is_read(tmp_path: Path) -> None:
    """Public and private, before the file's own variables; one that differs between environments stays open."""
    public = {
        "$schema": "https://mine.example/schema.json",
        "dev": {"client": "external.customer", "user": 7, "scope": "cosmos", "SSLConfiguration": {"scope": "x"}},
        "prod": {"client": "external.customer", "scope": "other"},
    }
    (tmp_path / PUBLIC).write_text(json.dumps(public), encoding="utf-8")
    (tmp_path / PRIVATE).write_text('\ufeff{"prod": {"password": "p%26q"}}', encoding="utf-8")
    (found,) = fields(read_text(tmp_path, OPEN))
    assert found == {"client_id": "external.customer", "username": "7", "password": "p&q", "scope": "{{scope}}"}
    (found,) = fields(read_text(tmp_path, OPEN, client="given", password="p"))
    assert (found["client_id"], found["password"]) == ("given", "p")


def test_without_an_environment_a_file_stands_alone(tmp_path: Path) -> None:
    """Its own variables are put in, the others stay open."""
    (found,) = fields(read_text(tmp_path, OPEN))
    assert (found["client_id"], found["username"]) == ("from.the.file", "{{user}}")


@pytest.mark.parametrize(("content", "said"), [("[]", "not an object"), ("{", "broken JSON"), ("", "broken JSON")])
@pytest.mark.parametrize("name", [PUBLIC, PRIVATE])
def test_a_broken_environment_is_named(tmp_path: Path, name: str, content: str, said: str) -> None:
    """Itself, and not the file beside it."""
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(SourceError, match=said) as caught:
        read_text(tmp_path, OPEN)
    assert caught.value.file == str(tmp_path / name)


@pytest.mark.parametrize("name", [PUBLIC, PRIVATE])
def test_an_environment_is_no_recording(tmp_path: Path, name: str) -> None:
    """Among the files of a command line it is passed over: it holds for its neighbours alone."""
    (tmp_path / name).write_text('{"dev": {"client": "x"}}', encoding="utf-8")
    assert read_variables(tmp_path / name) == {}
