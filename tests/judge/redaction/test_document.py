"""Recordings redacted as files: the same format, the same verdict, no secret."""

import base64
import gzip
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.judge.engine import judge
from blastiq_conformance.redaction.document import redacted
from blastiq_conformance.redaction.document.tree import Tree
from blastiq_conformance.sources import SourceError, read
from blastiq_conformance.sources.recording import write
from fake_idp.journal import Exchange
from fake_idp.secrets.search import Search, Secret
from fake_idp.wire import FORM, Headers
from tests.judge.redaction.numbered import short, usual
from tests.judge.redaction.problem_traffic import recordings, runs
from tests.judge.redaction.secret_pools import SECRETS, USERS
from tests.judge.redaction.test_redaction import RULES, Verdict, _sent, verdict

HOST = "https://idp.example"


def _url(exchange: Exchange) -> str:
    return HOST + quote(exchange.request.target, safe="/?&=%+#@:;,!$'()*~")


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")


def as_har(evidence: Evidence) -> str:
    entries = []
    for exchange in evidence.exchanges:
        sent, got = exchange.request, exchange.response
        packed = b"\x1f\x8b" in sent.body
        content = {"mimeType": sent.headers.get("content-type") or "", "text": _text(sent.body)}
        if packed:
            content |= {"text": base64.b64encode(sent.body).decode(), "encoding": "base64"}
        request: dict[str, object] = {
            "method": sent.method,
            "url": _url(exchange),
            "headers": _listed(sent.headers),
            "httpVersion": "HTTP/1.1",
        }
        if sent.body:
            request["postData"] = content
        answer: dict[str, object] = {"status": 0, "headers": [], "content": {}}
        if got is not None:
            size = {"size": len(got.body), "text": _text(got.body)}
            answer = {"status": got.status, "headers": _listed(got.headers), "content": size, "redirectURL": ""}
        when = f"2026-01-01T00:00:{exchange.number:02}Z"
        entries.append({"startedDateTime": when, "time": 5, "comment": "", "request": request, "response": answer})
    return json.dumps({"log": {"version": "1.2", "pages": [{"title": "a page"}], "entries": entries}})


def _listed(headers: Headers) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers]


def as_cassette(evidence: Evidence) -> dict[str, object]:
    interactions = []
    for exchange in evidence.exchanges:
        sent, got = exchange.request, exchange.response
        body = None if not sent.body else sent.body if b"\x1f\x8b" in sent.body else _text(sent.body)
        request: dict[str, object] = {
            "method": sent.method,
            "uri": _url(exchange),
            "body": body,
            "headers": _several(sent.headers),
        }
        answer = {"status": {"code": 500, "message": ""}, "headers": {}, "body": {"string": ""}}
        if got is not None:
            status = {"code": got.status, "message": "OK"}
            answer = {"status": status, "headers": _several(got.headers), "body": {"string": _text(got.body)}}
        interactions.append({"request": request, "response": answer})
    return {"version": 1, "interactions": interactions}


def _several(headers: Headers) -> dict[str, list[str]]:
    return {name: headers.get_all(name) for name, _ in headers}


def _verdicts(path: Path) -> list[Verdict]:
    return [verdict(evidence) for evidence in read(path)]


formats = st.sampled_from(
    (
        as_har,
        lambda evidence: yaml.safe_dump(as_cassette(evidence), allow_unicode=True),
        write,
    )
)


@settings(max_examples=60)
@given(recordings() | runs(), formats)
def test_a_redacted_file_is_judged_alike(evidence: Evidence, form: object) -> None:
    """In every format; and nothing that the traffic shows to be secret is left in it."""
    assert callable(form)
    with TemporaryDirectory() as folder:
        path, new = Path(folder, "recording"), Path(folder, "redacted")
        path.write_text(str(form(evidence)), encoding="utf-8")
        before = _verdicts(path)
        text = redacted(path)
        new.write_text(text, encoding="utf-8")
        assert _verdicts(new) == before
    issued = {secret.value for secret in evidence.facts.issued} if form is write else set()
    assert not Search(Secret("value", value) for value in _sent(evidence) - issued).find(text)


ENTRY = {
    "startedDateTime": "2026-01-01T00:00:00Z",
    "time": 12,
    "_initiator": f"fetch {SECRETS[0]}",
    "request": {
        "method": "POST",
        "url": f"{HOST}/identity/connect/token?code={SECRETS[6]}",
        "httpVersion": "HTTP/1.1",
        "headers": [
            {"name": "Content-Type", "value": "application/x-www-form-urlencoded"},
            {"name": "Content-Length", "value": "90"},
        ],
        "queryString": [{"name": "code", "value": SECRETS[6]}],
        "cookies": [{"name": "s", "value": SECRETS[7][:30]}],
        "bodySize": 90,
        "postData": {
            "mimeType": "application/x-www-form-urlencoded",
            "text": f"grant_type=password&username={quote(USERS[0])}&password={SECRETS[0]}&client_id=external.customer",
            "params": [{"name": "password", "value": SECRETS[0]}],
        },
    },
    "response": {"status": 200, "headers": [], "content": {"size": 21, "text": '{"access_token":"abc"}'}},
}


def _har(path: Path, entry: object = ENTRY) -> Path:
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": [entry]}}))
    return path


def test_structure_and_plain_members_stay(tmp_path: Path) -> None:
    """Names, order and all that is not a secret are as they were; both copies of a value have the same stand-in."""
    new = json.loads(redacted(_har(tmp_path / "x.har")))["log"]["entries"][0]
    assert list(new)[:5] == list(ENTRY)
    request = new["request"]
    assert request["url"] == f"{HOST}/identity/connect/token?code={usual(3)}"
    assert request["queryString"] == [{"name": "code", "value": usual(3)}]
    assert request["cookies"] == [{"name": "s", "value": usual(5)}]
    assert f"password={usual(2)}&client_id=external.customer" in request["postData"]["text"]
    assert request["postData"]["params"] == [{"name": "password", "value": usual(2)}]
    assert new["_initiator"] == f"fetch {usual(2)}"
    assert new["response"]["content"]["text"] == f'{{"access_token":"{short(4)}"}}'


def test_a_length_that_is_false_stays_false(tmp_path: Path) -> None:
    """What another tool cut out is still not held against the client, though our stand-ins are beside it."""
    path = _har(tmp_path / "x.har")
    assert {r.outcome for r in judge(read(path)[0], RULES) if r.rule == "BIQ209"} == {"cant_tell"}
    new = tmp_path / "new.har"
    new.write_text(redacted(path))
    assert _verdicts(new) == _verdicts(path)


def test_the_length_of_a_packed_body_stays_true(tmp_path: Path) -> None:
    """It is that of what is packed, however a HAR writes it."""
    packed = gzip.compress(f"grant_type=password&password={SECRETS[0]}".encode(), mtime=0)
    post = {"mimeType": FORM, "encoding": "base64", "text": base64.b64encode(packed).decode()}
    fields = [{"name": "Content-Encoding", "value": "gzip"}, {"name": "Content-Length", "value": str(len(packed))}]
    request = ENTRY["request"] | {"headers": fields, "postData": post, "bodySize": len(packed)}  # type: ignore[operator]  # it is an object
    new = json.loads(redacted(_har(tmp_path / "x.har", ENTRY | {"request": request})))["log"]["entries"][0]["request"]
    length = len(base64.b64decode(new["postData"]["text"]))
    assert [new["headers"][1]["value"], new["bodySize"]] == [str(length), length]


@pytest.mark.parametrize(
    "text",
    ["{", "nothing at all", '{"log": {}}', '{"exchange": 1}\n', '{"log": {"entries": [{}]}}', "- a\n- b\n", "\xff"],
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, text: str) -> None:
    """Never passed through."""
    path = tmp_path / "recording"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(SourceError):
        redacted(path)


def test_a_secret_that_would_stay_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever left it where it was: then nothing is written at all."""
    monkeypatch.setattr(Tree, "walk", lambda _, value, *__, **___: value)
    with pytest.raises(SourceError, match="a password stands where it cannot be taken out"):
        redacted(_har(tmp_path / "x.har"))


def test_the_name_of_a_member_loses_a_secret_too(tmp_path: Path) -> None:
    """Wherever it is."""
    assert SECRETS[0] not in redacted(_har(tmp_path / "x.har", ENTRY | {f"_{SECRETS[0]}": 1}))


def test_what_is_no_exchange_is_redacted_all_the_same(tmp_path: Path) -> None:
    """A tunnel and a data URL have an entry each; the reasons of the others stay with their own."""
    sent = {"mimeType": "application/x-www-form-urlencoded", "text": "grant_type=password&password=p9X2mK4vQ7wZ"}
    length = [{"name": "Content-Length", "value": "999"}]
    token = {"method": "POST", "url": f"{HOST}/identity/connect/token", "headers": length, "postData": sent}
    tunnel = {"method": "CONNECT", "url": f"{HOST}:443", "headers": [], "comment": "p9X2mK4vQ7wZ"}
    within = {"method": "GET", "url": "data:,p9X2mK4vQ7wZ", "headers": []}
    answer = {"status": 200, "headers": [], "content": {}}
    entries = [{"request": request, "response": answer} for request in (tunnel, within, token)]
    (tmp_path / "har").write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}), encoding="utf-8")
    text = redacted(tmp_path / "har")
    assert "p9X2mK4vQ7wZ" not in text
    before = [exchange.lost for exchange in read(tmp_path / "har")[0].exchanges]
    (tmp_path / "new").write_text(text, encoding="utf-8")
    assert [exchange.lost for exchange in read(tmp_path / "new")[0].exchanges] == before == [{"body"}]
