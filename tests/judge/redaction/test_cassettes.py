"""Cassettes of Ruby's VCR, betamax and go-vcr redacted: the same shape, the same verdict, no secret."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from blastiq_conformance.catalogue.example_messages import DISCOVERED, called, signed_in, story
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.redaction.document import redacted
from blastiq_conformance.redaction.redacted import NOTE, NOTED
from blastiq_conformance.sources import read
from fake_idp.secrets.search import Search, Secret
from fake_idp.wire import parse_pairs
from tests.judge.example import read_example
from tests.judge.redaction.numbered import short, usual
from tests.judge.redaction.problem_traffic import FORM, recordings
from tests.judge.redaction.test_document import HOST, _several, _text, _url
from tests.judge.redaction.test_redaction import _sent, verdict

pytestmark = pytest.mark.slow


def as_ruby(evidence: Evidence) -> dict[str, object]:
    """Write what Ruby's VCR would: bodies with their encoding, as text or as base64."""
    interactions = []
    for exchange in evidence.exchanges:
        sent, got = exchange.request, exchange.response
        request = {"method": sent.method.lower(), "uri": _url(exchange), "body": _body(sent.body)}
        answer: dict[str, object] = {"status": {"code": 500, "message": ""}, "headers": {}, "body": _body(b"")}
        if got is not None:
            status = {"code": got.status, "message": "OK"}
            answer = {"status": status, "headers": _several(got.headers), "body": _body(got.body)}
        at = "Thu, 01 Jan 2026 00:00:00 GMT"
        headers = {"headers": _several(sent.headers)}
        interactions.append({"request": request | headers, "response": answer, "recorded_at": at})
    return {"http_interactions": interactions, "recorded_with": "VCR 6.2.0"}


def _body(body: bytes) -> dict[str, str]:
    if body.isascii():
        return {"encoding": "UTF-8", "string": body.decode()}
    return {"encoding": "ASCII-8BIT", "base64_string": base64.b64encode(body).decode()}


def as_go(evidence: Evidence) -> dict[str, object]:
    """Write what go-vcr would: the form beside the body, the length and the target beside the headers."""
    interactions = []
    for exchange in evidence.exchanges:
        sent, got = exchange.request, exchange.response
        form: dict[str, list[str]] = {}
        for pair in parse_pairs(sent.body) if sent.media_type == FORM and b"\x1f\x8b" not in sent.body else ():
            form.setdefault(pair.name, []).append(pair.value)
        request = {
            "content_length": len(sent.body),
            "host": HOST.partition("://")[2],
            "body": sent.body if b"\x1f\x8b" in sent.body else _text(sent.body),
            "form": form,
            "headers": _several(sent.headers),
            "url": _url(exchange),
            "method": sent.method,
        }
        answer: dict[str, object] = {"status": "500 Internal Server Error", "code": 500, "headers": {}, "body": ""}
        if got is not None:
            answer = {"status": f"{got.status} OK", "code": got.status, "headers": _several(got.headers)}
            answer |= {"body": _text(got.body), "content_length": len(got.body)}
        interactions.append({"id": exchange.number - 1, "request": request, "response": answer})
    return {"version": 2, "interactions": interactions}


def _as_yaml(document: dict[str, object]) -> str:
    return yaml.safe_dump(document, allow_unicode=True)


SHAPES = (as_ruby, as_go)
FORMS = st.sampled_from(
    (lambda e: _as_yaml(as_ruby(e)), lambda e: json.dumps(as_ruby(e)), lambda e: _as_yaml(as_go(e)))
)


@settings(max_examples=60)
@given(recordings(), FORMS)
def test_a_redacted_cassette_is_judged_alike(evidence: Evidence, form: Callable[[Evidence], str]) -> None:
    """Whatever is wrong with the client, and nothing that the traffic shows to be secret is left."""
    with TemporaryDirectory() as folder:
        path, new = Path(folder, "recording"), Path(folder, "redacted")
        path.write_text(form(evidence), encoding="utf-8")
        text = redacted(path)
        new.write_text(text, encoding="utf-8")
        assert [verdict(e) for e in read(new)] == [verdict(e) for e in read(path)]
    assert not Search(Secret("value", value) for value in _sent(evidence)).find(text)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_shape_stays(tmp_path: Path, shape: Callable[[Evidence], dict[str, object]]) -> None:
    """The same names at the same places, in the format that it came in."""
    path = tmp_path / "cassette.yaml"
    document = shape(read_example(story(DISCOVERED, signed_in(), called())))
    path.write_text(_as_yaml(document))
    assert _names(yaml.safe_load(redacted(path))) == _names({**document, NOTE: NOTED})


def _names(tree: object) -> object:
    match tree:
        case dict():
            return {name: _names(value) for name, value in tree.items()}
        case list():
            return [_names(value) for value in tree]
        case _:
            return type(tree)


def test_go_vcr_keeps_form_and_body_alike(tmp_path: Path) -> None:
    """Both copies of a value get one stand-in, the address too, and the length beside them follows."""
    path = tmp_path / "cassette.yaml"
    document = as_go(read_example(story(DISCOVERED, signed_in(), called())))
    path.write_text(_as_yaml(document))
    request = yaml.safe_load(redacted(path))["interactions"][1]["request"]
    assert request["form"]["password"] == [usual(2)]
    assert f"password={usual(2)}&" in request["body"]
    assert request["content_length"] == len(request["body"])


def test_an_address_and_a_form_of_one_value_are_seen(tmp_path: Path) -> None:
    """Older versions of go-vcr kept a form value as text."""
    path = tmp_path / "cassette.yaml"
    document = as_go(read_example(story(DISCOVERED, signed_in(), called())))
    interactions = document["interactions"]
    assert isinstance(interactions, list)
    request = interactions[1]["request"]
    request |= {"form": {"password": "k7Fq2vN9xW4mZ8tR1pLs", "count": 1}, "request_uri": "/t?code=Ab3dEf6hJk9m"}
    path.write_text(_as_yaml(document))
    new = yaml.safe_load(redacted(path))["interactions"][1]["request"]
    assert new["form"] == {"password": usual(2), "count": 1}
    assert new["request_uri"] == f"/t?code={usual(5)}"


@pytest.mark.parametrize("form", ["vcrpy", "har"])
def test_names_reasons_and_times_hold_none(form: str, tmp_path: Path) -> None:
    """A secret may stand where nobody looks for one; what is not a time is not kept in the place of one."""
    value, brief = "zQ7e-canary-of-somebody-9Kx", "hunter2x"
    body = f"grant_type=password&client_secret={value}&password={brief}"
    url = "https://www.blastiq.com/identity/connect/token"
    names = {f"X-{value}": "1", f"X-{brief}": "2"}
    request: dict[str, object] = {"method": "POST"}
    answer: dict[str, object]
    if form == "vcrpy":
        request |= {
            "uri": url,
            "headers": {name: [text] for name, text in names.items()},
            "body": body,
        }
        answer = {"status": {"code": 400, "message": value}, "headers": {f"X-{value}": ["1"]}, "body": {"string": ""}}
        whole: object = {"interactions": [{"request": request, "response": answer, "recorded_at": brief}]}
    else:
        fields = [{"name": name, "value": text} for name, text in names.items()]
        post = {"mimeType": FORM, "text": body}
        request |= {"url": url, "headers": fields, "postData": post}
        answer = {"status": 400, "statusText": value, "headers": fields}
        entry = {"startedDateTime": brief, "request": request, "response": answer, "_x": {value: 1}}
        whole = {"log": {"version": "1.2", "entries": [entry]}}
    path = tmp_path / "whole.json"
    path.write_text(json.dumps(whole))
    new = redacted(path)
    assert value not in new
    assert brief not in new
    assert f"X-{short(1)}" in new
