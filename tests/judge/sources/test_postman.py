"""Postman collections, their environments, and Newman's runs."""

import json
from pathlib import Path

import pytest

from blastiq_conformance.sources import SourceError, read_variables
from blastiq_conformance.sources.template import resolve
from fake_idp.classify import Kind
from tests.judge.sources.bytes_of import TOKEN_URL, fields, read_json

FORM = [
    {"key": "grant_type", "value": "password"},
    {"key": "username", "value": "{{user}}"},
    {"key": "password", "value": "a b&c"},
    {"key": "client_id", "value": "{{client}}"},
    {"key": "audience", "value": "x", "disabled": True},
]
SIGN_IN = {
    "method": "POST",
    "header": [],
    "url": {"raw": TOKEN_URL},
    "body": {"mode": "urlencoded", "urlencoded": FORM},
}


def collection(*items: object, **more: object) -> dict[str, object]:
    return {"info": {"name": "c", "schema": "v2.1.0"}, "item": list(items), **more}


def test_what_would_be_sent_is_judged(tmp_path: Path) -> None:
    """Folders, variables of collection and environment; what is unresolved stays; what is switched off is absent."""
    model = collection({"item": [{"request": SIGN_IN}]}, variable=[{"key": "user", "value": "u@{{site}}"}])
    evidence = read_json(tmp_path, model, site="mine.example")
    expected = {"grant_type": "password", "username": "u@mine.example", "password": "a b&c", "client_id": "{{client}}"}
    assert fields(evidence) == [expected]
    (exchange,) = evidence.exchanges
    assert (exchange.kind, exchange.response, exchange.lost) == (Kind.TOKEN, None, frozenset({"response"}))
    assert exchange.source == f"{tmp_path / 'recorded'}#1"
    assert exchange.request.headers.get("content-type") == "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("url", "target", "host"),
    [
        ("https://a.example/x?y=1", "/x?y=1", "a.example"),
        ({"protocol": "https", "host": ["a", "example"], "port": "8", "path": ["x", "y"]}, "/x/y", "a.example:8"),
        ({"host": ["h"], "path": "x", "query": [{"key": "a", "value": "b c"}]}, "/x?a=b%20c", "h"),
        ({"host": ["h"]}, "/", "h"),
    ],
)
def test_urls_come_in_several_forms(tmp_path: Path, url: object, target: str, host: str) -> None:
    """Text, raw, or taken apart."""
    (exchange,) = read_json(tmp_path, collection({"request": {"url": url, "method": "GET"}})).exchanges
    assert (exchange.request.target, exchange.request.host) == (target, host)


@pytest.mark.parametrize(
    ("auth", "header"),
    [
        (
            {"type": "basic", "basic": [{"key": "username", "value": "u"}, {"key": "password", "value": "p"}]},
            "Basic dTpw",
        ),
        ({"type": "bearer", "bearer": {"token": "{{t}}"}}, "Bearer T"),
        ({"type": "basic", "basic": None}, "Basic Og=="),
        ({"type": "bearer", "bearer": 7}, "Bearer "),
        ({"type": "noauth"}, None),
        (None, None),
    ],
)
def test_authorization_is_inherited(tmp_path: Path, auth: object, header: str | None) -> None:
    """What stands at a folder holds for its requests."""
    (exchange,) = read_json(tmp_path, collection({"item": [{"request": TOKEN_URL}], "auth": auth}), t="T").exchanges
    assert exchange.request.headers.get("authorization") == header


@pytest.mark.parametrize(
    ("body", "media_type", "content"),
    [
        ({"mode": "raw", "raw": "{}", "options": {"raw": {"language": "json"}}}, "application/json", b"{}"),
        ({"mode": "raw", "raw": "x"}, "text/plain", b"x"),
        ({"mode": "formdata", "formdata": [{"key": "a", "value": "b"}]}, "multipart/form-data", b'name="a"'),
        ({"mode": "file"}, None, b""),
    ],
)
def test_bodies_of_all_modes(tmp_path: Path, body: object, media_type: str | None, content: bytes) -> None:
    """Each with the media type that Postman would set."""
    (exchange,) = read_json(tmp_path, collection({"request": {"url": TOKEN_URL, "body": body}})).exchanges
    assert exchange.request.media_type == media_type
    assert content in exchange.request.body


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (3, "item: not an object"),
        ({"request": 3}, "request 1: the request is not an object"),
        ({"request": {"url": 3}}, "request 1: the URL is neither"),
        ({"request": "http://["}, "request 1: Invalid IPv6"),
    ],
)
def test_a_broken_collection_is_named(tmp_path: Path, item: object, said: str) -> None:
    """File, place and what to do."""
    with pytest.raises(SourceError, match=said):
        read_json(tmp_path, collection(item))


def test_folders_without_end_are_refused(tmp_path: Path) -> None:
    """A collection is not a bomb."""
    item: dict[str, object] = {"request": TOKEN_URL}
    for _ in range(60):
        item = {"item": [item]}
    with pytest.raises(SourceError, match="folders nested too deeply"):
        read_json(tmp_path, collection(item))


def test_variables_come_to_an_end() -> None:
    """One that stands for itself, or doubles each time, does not hang."""
    assert resolve("{{a}}", {"a": "{{a}}"}) == "{{a}}"
    assert len(resolve("{{a}}", {"a": "{{a}}" * 100})) <= 1_000_000
    assert resolve("{{ a }}/{{b}}", {"a": "x"}) == "x/{{b}}"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('{"name":"e","values":[{"key":"a","value":"b"},{"key":"c","value":"d","enabled":false}]}', {"a": "b"}),
        ('{"name":"e","values":[3,{"key":"n","value":1}]}', {"n": "1"}),
        ('{"name":"e","values":3}', None),
        ('{"name":"e","values":[', None),
        ("", None),
    ],
)
def test_an_environment_is_told_by_its_content(tmp_path: Path, content: str, expected: dict[str, str] | None) -> None:
    """Anything else, broken ones too, is left to whoever reads recordings."""
    path = tmp_path / "file"
    path.write_text(content)
    assert read_variables(path) == expected
    assert read_variables(tmp_path / "none") is None


def test_a_run_of_newman_is_traffic(tmp_path: Path) -> None:
    """Requests as they were sent, responses from their bytes; a request that a script skipped is none."""
    answer = json.dumps({"access_token": "t" * 20}).encode()
    response = {
        "code": 200,
        "status": "OK",
        "header": [{"key": "Content-Type", "value": "application/json"}],
        "stream": {"type": "Buffer", "data": [*answer, 256, -1, "x"]},
        "responseSize": len(answer),
    }
    lost = {"code": 400, "header": None, "responseSize": 5}
    executions = [{"request": SIGN_IN, "response": response}, {"item": {}}, {"request": SIGN_IN, "response": lost}]
    executions += [{"request": SIGN_IN}, {"request": SIGN_IN, "response": {"code": 200, "body": "{}"}}]
    evidence = read_json(tmp_path, {"collection": {}, "run": {"executions": executions}})
    assert [request.status for request in evidence.token_requests] == [200, 400, None, 200]
    assert list(evidence.access_tokens) == ["t" * 20]
    assert [x.source[-2:] for x in evidence.exchanges] == ["#1", "#3", "#4", "#5"]
    assert [x.edited for x in evidence.exchanges][:2] == ["", "the response had a body, and the recording has none"]


@pytest.mark.parametrize(
    ("run", "said"),
    [
        ({}, "run: no list of executions"),
        ({"executions": [3]}, "execution 1: it is not an object"),
        ({"executions": [{"request": SIGN_IN, "response": {"code": "x"}}]}, "execution 1: the status is str"),
    ],
)
def test_a_broken_run_is_named(tmp_path: Path, run: object, said: str) -> None:
    """File, place and what to do."""
    with pytest.raises(SourceError, match=said):
        read_json(tmp_path, {"run": run})
