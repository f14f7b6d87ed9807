"""HAR 1.2 with the habits of its writers."""

import base64
import gzip
import json
from pathlib import Path

import pytest

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.sources import SourceError, read
from fake_idp.classify import Kind
from fake_idp.journal import Exchange
from fake_idp.wire import Json

Members = dict[str, Json]
FORM = "application/x-www-form-urlencoded"
BODY = "grant_type=password&username=u&password=p&client_id=external.customer"
TOKEN_URL = "https://idp.example/identity/connect/token"


def entry(url: str = TOKEN_URL, *, method: str = "POST", text: str | None = BODY, **members: Json) -> Members:
    request: Members = {"method": method, "url": url, "httpVersion": "HTTP/1.1", "headers": []}
    if text is not None:
        request["postData"] = {"mimeType": FORM, "text": text}
    response: Members = {"status": 200, "statusText": "OK", "headers": [], "content": {"size": 2, "text": "{}"}}
    whole: Members = {"startedDateTime": "2026-01-01T00:00:00Z", "time": 10, "_x": 1}
    return whole | {"request": request | members, "response": response}


def answered(one: Members, **members: Json) -> Members:
    response = one["response"]
    assert isinstance(response, dict)
    return one | {"response": response | members}


def read_entries(tmp_path: Path, *entries: Json) -> Evidence:
    path = tmp_path / "traffic.txt"
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": list(entries)}}))
    (evidence,) = read(path)
    return evidence


def read_one(tmp_path: Path, one: Json) -> Exchange:
    return read_entries(tmp_path, one).exchanges[0]


def header(name: str, value: str) -> Json:
    return {"name": name, "value": value}


def test_a_sign_in_is_read(tmp_path: Path) -> None:
    """Kinds, order, times, places and the authority are told by the recording; credentials are not known."""
    document = {"issuer": "https://idp.example/auth", "token_endpoint": "https://idp.example/auth/t", "jwks_uri": "x"}
    discovery = entry("https://idp.example/auth/.well-known/openid-configuration", method="GET", text=None)
    discovery = answered(discovery, content={"text": json.dumps(document)})
    token = answered(entry("https://idp.example/auth/t"), content={"text": '{"access_token":"abcdefgh"}'})
    api = entry(
        "https://api.example/v1/sites", method="GET", text=None, headers=[header("Authorization", "Bearer abcdefgh")]
    )
    other = entry("https://cdn.example/app.js", method="GET", text=None)
    evidence = read_entries(tmp_path, discovery, token | {"startedDateTime": "2026-01-01T00:00:02.5Z"}, api, other)
    assert [x.kind for x in evidence.exchanges] == [Kind.DISCOVERY, Kind.TOKEN, Kind.API, Kind.OTHER]
    assert [x.number for x in evidence.exchanges] == [1, 2, 3, 4]
    assert (evidence.exchanges[1].started, evidence.exchanges[1].ended) == (2.5, 2.51)
    assert evidence.exchanges[1].source == f"{tmp_path / 'traffic.txt'}#2"
    assert (evidence.facts.authority, evidence.facts.username) == ("https://idp.example/auth", None)
    assert evidence.exchanges[1].request.headers.raw == (("Host", "idp.example"), ("Content-Type", FORM))
    assert not any(x.edited for x in evidence.exchanges)


def test_other_peoples_sign_ins_are_not_judged(tmp_path: Path) -> None:
    """In a browser's recording, a token request to another server than the production authority is not ours."""
    ours = entry("https://www.blastiq.com/identity/connect/token")
    theirs = entry("https://sso.example/connect/token", text=BODY.replace("external.customer", "somebody.else"))
    assert [x.kind for x in read_entries(tmp_path, theirs, ours).exchanges] == [Kind.OTHER, Kind.TOKEN]


def test_the_authority_can_be_given(tmp_path: Path) -> None:
    """Where there is no discovery document, the reviewer says which server is BlastIQ's."""
    path = tmp_path / "x"
    path.write_text(json.dumps({"log": {"entries": [entry(), entry("https://sso.example/connect/token")]}}))
    (evidence,) = read(path, authority="https://idp.example/identity", client_id="mine")
    assert [x.kind for x in evidence.exchanges] == [Kind.TOKEN, Kind.OTHER]
    assert evidence.facts.client_id == "mine"


def test_http_2_looks_like_http_1(tmp_path: Path) -> None:
    """Pseudo headers are not headers; the host that they name is kept."""
    pseudo = [header(":authority", "idp.example:8443"), header(":method", "POST"), header("accept", "*/*")]
    request = read_one(tmp_path, entry(headers=pseudo, httpVersion="h2")).request
    assert request.headers.raw[:2] == (("Host", "idp.example:8443"), ("accept", "*/*"))
    assert request.http_version == "2"


@pytest.mark.parametrize(
    ("post", "length", "body"),
    [
        ({"text": BODY, "params": [{"name": "x", "value": "y"}]}, len(BODY), BODY.encode()),
        ({"text": base64.b64encode(b"a=\xff").decode(), "encoding": "base64"}, 3, b"a=\xff"),
        ({"params": [{"name": "a b", "value": "é"}, {"name": "c"}]}, 13, b"a+b=%C3%A9&c="),
        ({"params": [{"name": "a", "value": "%41"}]}, 5, b"a=%41"),
    ],
    ids=["text-before-params", "base64", "params-decoded", "params-raw"],
)
def test_a_body_is_found_in_all_its_forms(tmp_path: Path, post: Members, length: int, body: bytes) -> None:
    """Whole bodies are not called edited."""
    one = entry(text=None, postData=post | {"mimeType": FORM}, headers=[header("Content-Length", str(length))])
    exchange = read_one(tmp_path, one)
    assert exchange.request.body == body
    assert exchange.edited == ""


def test_a_packed_answer_is_unpacked(tmp_path: Path) -> None:
    """Some tools keep the bytes of the wire, others what they held; both are read."""
    packed = base64.b64encode(gzip.compress(b'{"a":1}')).decode()
    contents: tuple[Members, ...] = ({"text": packed, "encoding": "base64"}, {"text": '{"a":1}'})
    for content in contents:
        headers = [header("Content-Encoding", "gzip"), header("Content-Length", "27")]
        exchange = read_one(tmp_path, answered(entry(), headers=headers, content=content))
        assert exchange.response is not None
        assert (exchange.response.json, exchange.edited) == ({"a": 1}, "")


def test_status_0_is_no_answer(tmp_path: Path) -> None:
    """Browsers write 0 where a request was blocked or broke off."""
    assert read_one(tmp_path, answered(entry(), status=0)).response is None


@pytest.mark.parametrize(
    ("one", "lost", "said"),
    [
        (entry(text=None, bodySize=70), "body", "the recording has none"),
        (entry(text=None, headers=[header("content-length", "70")]), "body", "the recording has none"),
        (
            entry(text=None, postData={"mimeType": "multipart/form-data", "params": [header("a", "b")]}),
            "body",
            "not the body",
        ),
        (entry(headers=[header("content-length", "7")]), "body", "something was removed or replaced"),
        (entry(text=BODY.replace("=p&", "=REDACTED&")), "body", "password was replaced by a placeholder"),
        (entry(headers=[header("Authorization", "Bearer ***")]), "headers", "authorization was replaced"),
        (answered(entry(), content={"size": 900}), "response", "the response had a body"),
        (answered(entry(), content={"text": '{"access_token":"[REDACTED]"}'}), "response", "access_token was replaced"),
        (answered(entry(), headers=[header("content-length", "9")]), "response", "the recording has 2"),
    ],
)
def test_evidence_that_is_not_whole_says_so(tmp_path: Path, one: Json, lost: str, said: str) -> None:
    """The exchange names the reason and the part that was lost."""
    exchange = read_one(tmp_path, one)
    assert said in exchange.edited
    assert exchange.lost == {lost}


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (3, "it is not an object"),
        ({}, "request is not an object"),
        (entry(url=3), "url is int, not a text"),  # type: ignore[arg-type]  # that is the mistake
        (entry("http://["), "Invalid IPv6 URL"),
        (entry(headers={}), "headers are not a list"),
        (entry(headers=[3]), "a header is not an object"),
        (answered(entry(), status="200"), "the status is str, not a number"),
        (answered(entry(), content={"text": "*", "encoding": "base64"}), "base64"),
    ],
)
def test_a_broken_entry_is_named(tmp_path: Path, one: Json, said: str) -> None:
    """The error names the entry by its place, counted from 1."""
    with pytest.raises(SourceError, match=said) as caught:
        read_entries(tmp_path, entry(), one)
    assert caught.value.place == "entry 2"


def test_times_may_be_missing(tmp_path: Path) -> None:
    """A file without times, or with such as nobody can read, is judged on all the rest."""
    evidence = read_entries(
        tmp_path, entry() | {"startedDateTime": "yesterday"}, entry() | {"startedDateTime": None, "time": -1}
    )
    assert [(x.started, x.ended) for x in evidence.exchanges] == [(0.0, 0.01), (0.0, 0.0)]
    assert [x.at for x in evidence.exchanges] == ["", ""]


@pytest.mark.parametrize("params", [None, [], "x"])
@pytest.mark.parametrize("media_type", [FORM, "application/json", None])
def test_a_request_without_a_body_lost_none(tmp_path: Path, params: Json, media_type: Json) -> None:
    """Some tools write its members all the same, and leave them empty."""
    post: Members = {"mimeType": media_type, "text": "", "params": params}
    exchange = read_one(tmp_path, entry(text=None, bodySize=0, postData=post))
    assert (exchange.request.body, exchange.edited) == (b"", "")


@pytest.mark.parametrize("token", ["", 5, ["x"], None])
def test_what_is_no_token_teaches_no_address(tmp_path: Path, token: Json) -> None:
    """The API is where an issued token was sent first."""
    none, some = (answered(entry(), content={"text": json.dumps({"access_token": t})}) for t in (token, "abcdefgh"))
    other = entry("https://cdn.example/app.js", method="GET", text=None)
    call = entry(
        "https://api.example/v1", method="GET", text=None, headers=[header("Authorization", "Bearer abcdefgh")]
    )
    kinds = [x.kind for x in read_entries(tmp_path, none, other, some, call).exchanges]
    assert kinds == [Kind.TOKEN, Kind.OTHER, Kind.TOKEN, Kind.API]


@pytest.mark.parametrize("size", [0, -1, None])
def test_an_answer_without_a_body_lost_none(tmp_path: Path, size: Json) -> None:
    """Firefox writes -1 where it does not know."""
    assert read_one(tmp_path, answered(entry(), content={"size": size})).edited == ""


def test_a_document_teaches_where_it_stands_at_its_place_alone(tmp_path: Path) -> None:
    """What merely looks like one may be anything."""
    document = {"issuer": "https://idp.example/auth", "token_endpoint": "https://idp.example/auth/t"}
    found = answered(entry("https://idp.example/help", method="GET", text=None), content={"text": json.dumps(document)})
    assert read_entries(tmp_path, found, entry("https://idp.example/auth/t", text="a=b")).facts.authority is None
