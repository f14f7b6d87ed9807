"""Cassettes of other tools than vcrpy."""

from pathlib import Path

import pytest

from blastiq_conformance.sources import SourceError
from tests.judge.sources.bytes_of import TOKEN_URL, fields, read_json, read_text

FORM = "grant_type=password&username=u%40mine.example&password=p9X2mK4vQ7wZ&client_id=external.customer"
ANSWER = '{"access_token":"abcdefghijklmnopqrstuvwxyz","expires_in":3600}'
RUBY = f"""\
---
http_interactions:
- request:
    method: post
    uri: {TOKEN_URL}
    body:
      encoding: UTF-8
      string: {FORM}
    headers:
      Content-Type:
      - application/x-www-form-urlencoded
  response:
    status:
      code: 200
      message: OK
    headers:
      Content-Type:
      - application/json
    body:
      encoding: UTF-8
      string: '{ANSWER}'
  recorded_at: Tue, 01 Nov 2026 04:58:44 GMT
recorded_with: VCR 6.3.1
"""
GO_2 = f"""\
---
version: 1
interactions:
- request:
    body: {FORM}
    form:
      grant_type: [password]
    headers:
      Content-Type: [application/x-www-form-urlencoded]
    url: {TOKEN_URL}
    method: POST
  response:
    body: '{ANSWER}'
    headers:
      Content-Type: [application/json]
    status: 200 OK
    code: 200
    duration: ""
"""
GO_4 = f"""\
---
version: 2
interactions:
    - id: 0
      request:
        proto: HTTP/1.1
        proto_major: 1
        content_length: 0
        transfer_encoding: []
        host: www.blastiq.com
        body: ""
        form:
            grant_type: [password]
            username: [u@mine.example]
            password: [p9X2mK4vQ7wZ]
            client_id: [external.customer]
        headers:
            Content-Type: [application/x-www-form-urlencoded]
        url: {TOKEN_URL}
        method: POST
      response:
        proto: HTTP/2.0
        content_length: -1
        uncompressed: true
        body: '{ANSWER}'
        headers:
            Content-Type: [application/json]
        status: 200 OK
        code: 200
        duration: 12.3ms
"""
BETAMAX = {
    "http_interactions": [
        {
            "request": {
                "body": {"encoding": "utf-8", "string": FORM},
                "headers": {"Content-Type": ["application/x-www-form-urlencoded"]},
                "method": "POST",
                "uri": TOKEN_URL,
            },
            "response": {
                "body": {"encoding": None, "string": ANSWER},
                "headers": {"Content-Type": ["application/json"]},
                "status": {"code": 200, "message": "OK"},
                "url": TOKEN_URL,
            },
            "recorded_at": "2026-11-01T04:58:44",
        }
    ],
    "recorded_with": "betamax/0.9.0",
}
EXPECTED = [
    {
        "grant_type": "password",
        "username": "u@mine.example",
        "password": "p9X2mK4vQ7wZ",
        "client_id": "external.customer",
    }
]


@pytest.mark.parametrize(("text", "line"), [(RUBY, 3), (GO_2, 4), (GO_4, 4)], ids=["ruby", "go-2", "go-4"])
def test_other_tools_of_the_kind(tmp_path: Path, text: str, line: int) -> None:
    """The same evidence from each, and the line of each interaction."""
    evidence = read_text(tmp_path, text)
    (request,) = evidence.token_requests
    assert fields(evidence) == EXPECTED
    assert (request.request.method, request.status, request.access_token) == ("POST", 200, "abcdefghijklmnopqrstuvwxyz")
    assert request.exchange.source == f"{tmp_path / 'recorded'}:{line}"
    assert request.exchange.edited == ""


def test_betamax_is_the_same_in_json(tmp_path: Path) -> None:
    """And knows when it was recorded."""
    evidence = read_json(tmp_path, BETAMAX)
    assert fields(evidence) == EXPECTED
    assert evidence.exchanges[0].at == "2026-11-01T04:58:44"


def test_the_objects_of_a_language_are_refused_politely(tmp_path: Path) -> None:
    """Very old versions of Ruby's VCR wrote them: what to do is said."""
    text = "http_interactions:\n- !ruby/struct:VCR::HTTPInteraction\n  request: {}\n"
    with pytest.raises(SourceError, match=r"line 2.*never carried out.*; record the cassette again"):
        read_text(tmp_path, text)
