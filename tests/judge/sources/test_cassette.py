"""vcrpy cassettes."""

import base64
import json
from pathlib import Path

import pytest
import yaml

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.sources import SourceError, read
from fake_idp.classify import Kind

BODY = "grant_type=password&username=u&password=p&client_id=external.customer"
GOOD = """\
interactions:
- request:
    body: null
    headers: {}
    method: GET
    uri: https://www.blastiq.com/identity/.well-known/openid-configuration
  response:
    body: {string: '{"issuer": "https://www.blastiq.com/identity", "token_endpoint": "https://www.blastiq.com/identity/t"}'}
    headers: {Content-Type: [application/json]}
    status: {code: 200, message: OK}
- request:
    body: grant_type=password&username=S001Y001N001O001N001Y001M001&password=S002Y002N002O002N002Y002M002
    headers:
      Content-Length: ['95']
      Content-Type: [application/x-www-form-urlencoded]
    method: POST
    uri: https://www.blastiq.com/identity/t?a=b#c
  response:
    body:
      string: !!binary eyJhIjoxfQ==
    headers: {X: one}
    status: {code: 400, message: Bad Request}
version: 1
"""


def read_text(tmp_path: Path, text: str) -> Evidence:
    path = tmp_path / "recorded"
    path.write_text(text, encoding="utf-8")
    (evidence,) = read(path)
    return evidence


def read_interaction(tmp_path: Path, request: object = None, response: object = None) -> Evidence:
    plain = {"method": "POST", "uri": "https://www.blastiq.com/identity/connect/token", "body": BODY, "headers": {}}
    one = {"request": plain if request is None else request, "response": response or {"status": {"code": 200}}}
    return read_text(tmp_path, json.dumps({"version": 1, "interactions": [one]}))


def test_a_yaml_cassette_is_read(tmp_path: Path) -> None:
    """Kinds, bodies, headers and the line of each interaction; our own stand-ins are not called edited."""
    evidence = read_text(tmp_path, GOOD)
    first, second = evidence.exchanges
    assert [first.kind, second.kind] == [Kind.DISCOVERY, Kind.TOKEN]
    assert [first.source, second.source] == [f"{tmp_path / 'recorded'}:2", f"{tmp_path / 'recorded'}:11"]
    assert second.request.target == "/identity/t?a=b#c"
    assert second.request.headers.raw[0] == ("Host", "www.blastiq.com")
    assert second.response is not None
    assert (second.response.status, second.response.reason, second.response.json) == (400, "Bad Request", {"a": 1})
    assert evidence.facts.authority == "https://www.blastiq.com/identity"
    assert not first.edited
    assert not second.edited


def test_json_is_the_same(tmp_path: Path) -> None:
    """The JSON form has places by index."""
    parsed = yaml.safe_load(GOOD.replace("!!binary eyJhIjoxfQ==", "'{\"a\":1}'"))
    evidence = read_text(tmp_path, json.dumps(parsed))
    assert [x.kind for x in evidence.exchanges] == [Kind.DISCOVERY, Kind.TOKEN]
    assert evidence.exchanges[1].source.endswith("#2")


@pytest.mark.parametrize(
    "body",
    [BODY, {"string": BODY}, {"base64_string": base64.b64encode(BODY.encode()).decode()}, {"string": {"string": BODY}}],
    ids=["text", "string", "base64", "nested"],
)
def test_bodies_of_all_versions(tmp_path: Path, body: object) -> None:
    """What versions of vcrpy wrote for the same body is read as the same bytes."""
    request = {"method": "POST", "uri": "https://x/connect/token", "body": body}
    assert read_interaction(tmp_path, request).exchanges[0].request.body == BODY.encode()


def test_the_older_form_of_httpx(tmp_path: Path) -> None:
    """Older versions wrote status_code and content."""
    evidence = read_interaction(
        tmp_path, response={"status_code": 404, "content": "gone", "headers": {"a": ["1", "2"]}}
    )
    response = evidence.exchanges[0].response
    assert response is not None
    assert (response.status, response.body, response.headers.get_all("A")) == (404, b"gone", ["1", "2"])


def test_a_filter_leaves_a_trace(tmp_path: Path) -> None:
    """Vcrpy's filters take a parameter out and keep the old length; a body may be gone whole."""
    headers = {"Content-Length": [str(len(BODY))]}
    for body in (BODY.replace("&password=p", ""), None):
        request = {"method": "POST", "uri": "https://x/connect/token", "body": body, "headers": headers}
        assert read_interaction(tmp_path, request).exchanges[0].lost == {"body"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("interactions: !!python/object/apply:os.system ['true']", "could not determine a constructor"),
        ("interactions: [", "line 2"),
        ("interactions: [" + "[" * 5_000, "depth|deeply"),
        ("interactions: 3", "no list of interactions"),
        ("", "nothing is in it"),
        ("- a", "no list of interactions"),
        ("interactions:\n- {a: 1, a: 2}", "line 2, column 10: .*stands twice"),
        ("x: &a {b: 1}\ninteractions:\n- {<<: *a}", "a merge key"),
        ("interactions: [\x00]", "control characters"),
        ("x: &a [*a]\ninteractions: [*a]", "interaction 1: it is list"),
        ("interactions:\n- {request: {method: GET, uri: 3}}", "uri is int"),
        ("interactions:\n- {request: {method: GET, uri: 'http://['}}", "Invalid IPv6"),
        ("interactions:\n- {request: {method: GET, uri: x}, response: {status: x}}", "the status is str"),
        ("interactions:\n- {request: {method: GET, uri: x, headers: [x]}, response: {}}", "headers is list"),
        ("interactions:\n- {request: {method: GET, uri: x, body: 3}, response: {}}", "a body is int"),
        ("interactions: !!int x", "invalid literal"),
    ],
)
def test_a_broken_cassette_is_named(tmp_path: Path, text: str, said: str) -> None:
    """No tag is carried out, nothing explodes; the error names file and place."""
    with pytest.raises(SourceError, match=said) as caught:
        read_text(tmp_path, text)
    assert str(caught.value).startswith(str(tmp_path))


def test_laughing_aliases_stay_small(tmp_path: Path) -> None:
    """Aliases of aliases are shared, never copied."""
    bomb = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
    assert read_text(tmp_path, bomb + "interactions: []\n").exchanges == ()
