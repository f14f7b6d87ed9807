"""HAR as each tool writes it: one sign-in, the same evidence from all."""

import json
from pathlib import Path

import pytest

from blastiq_conformance.catalogue import Outcome, catalogue
from blastiq_conformance.judge.engine import judge
from fake_idp.wire import Json
from tests.judge.sources.bytes_of import TOKEN_URL, fields, read_json

FORM = "application/x-www-form-urlencoded"
BODY = "grant_type=password&username=u%40mine.example&password=p9X2mK4vQ7wZ&client_id=external.customer"
PARAMS: list[Json] = [
    {"name": "grant_type", "value": "password"},
    {"name": "username", "value": "u%40mine.example"},
    {"name": "password", "value": "p9X2mK4vQ7wZ"},
    {"name": "client_id", "value": "external.customer"},
]
ANSWER = json.dumps({"access_token": "abcdefghijklmnopqrstuvwxyz", "expires_in": 3600, "token_type": "Bearer"})
EXPECTED = {
    "grant_type": "password",
    "username": "u@mine.example",
    "password": "p9X2mK4vQ7wZ",
    "client_id": "external.customer",
}
H1: list[Json] = [{"name": "Host", "value": "www.blastiq.com"}, {"name": "Content-Type", "value": FORM}]
H2: list[Json] = [
    {"name": ":authority", "value": "www.blastiq.com"},
    {"name": ":method", "value": "POST"},
    {"name": "content-type", "value": FORM},
]
TYPE: list[Json] = [{"name": "content-type", "value": "application/json; charset=UTF-8"}]


def har(creator: str, headers: list[Json], post: Json, content: Json, version: str = "HTTP/1.1", **more: Json) -> Json:
    request: Json = {
        "method": "POST",
        "url": TOKEN_URL,
        "httpVersion": version,
        "headers": headers,
        "postData": post,
        "bodySize": len(BODY),
        "headersSize": -1,
    }
    response: Json = {"status": 200, "statusText": "", "headers": TYPE, "content": content}
    entry: Json = {"startedDateTime": "2026-11-01T00:00:00.000Z", "time": 1, "request": request, "response": response}
    assert isinstance(entry, dict)
    return {"log": {"version": "1.2", "creator": {"name": creator, "version": "1"}, "entries": [entry | more]}}


TOOLS = {
    "Chrome": har(
        "WebInspector",
        H2,
        {"mimeType": FORM, "text": BODY, "params": PARAMS},
        {"size": 90, "mimeType": "application/json", "text": ANSWER},
        "http/2.0",
        _initiator={"type": "script"},
        _priority="High",
        _resourceType="fetch",
    ),
    "Firefox": har(
        "Firefox",
        H1,
        {"mimeType": FORM, "params": PARAMS, "text": BODY},
        {"mimeType": "application/json", "size": len(ANSWER), "text": ANSWER},
        "HTTP/2",
    ),
    "Fiddler": har(
        "Fiddler",
        H1,
        {"mimeType": FORM, "params": PARAMS, "text": ""},
        {"size": len(ANSWER), "compression": 0, "mimeType": "application/json", "text": ANSWER},
        comment="[#1]",
    ),
    "Charles": har(
        "Charles Proxy",
        H1,
        {"mimeType": FORM, "params": PARAMS},
        {"mimeType": "application/json", "text": "eyJhY2Nlc3NfdG9rZW4iOiJhYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5eiJ9",
         "encoding": "base64"},
        _charlesStatus="COMPLETE",
    ),
    "mitmproxy": har("mitmproxy", H1, {"mimeType": FORM, "text": BODY, "params": PARAMS},
                     {"size": 90, "text": ANSWER, "mimeType": "application/json"}, "HTTP/1.1"),
    "Insomnia": har("Insomnia REST Client", [H1[1]], {"mimeType": FORM, "params": PARAMS},
                    {"size": 90, "text": ANSWER}),
    "Postman": har("Postman", [], {"mimeType": FORM, "params": PARAMS, "text": None}, {"text": ANSWER}, ""),
}  # fmt: skip


@pytest.mark.parametrize("tool", TOOLS)
def test_each_tool_gives_the_same_sign_in(tmp_path: Path, tool: str) -> None:
    """Fields, host, answer and token; nothing of it counts as edited but what Chrome may have left out."""
    evidence = read_json(tmp_path, TOOLS[tool])
    (request,) = evidence.token_requests
    assert fields(evidence) == [EXPECTED]
    assert (request.request.host, request.request.media_type) == ("www.blastiq.com", FORM)
    assert (request.status, request.access_token) == (200, "abcdefghijklmnopqrstuvwxyz")
    assert request.exchange.lost == (frozenset({"headers"}) if tool == "Chrome" else frozenset())


def test_what_chrome_left_out_cannot_be_told(tmp_path: Path) -> None:
    """A sanitized export drops Authorization without a trace; with sensitive data in it, it is whole."""
    results = {x.rule: x for x in judge(read_json(tmp_path, TOOLS["Chrome"]), catalogue().values())}
    assert results["BIQ209"].outcome is Outcome.CANT_TELL
    assert "sensitive data" in results["BIQ209"].reason
    assert results["BIQ211"].outcome is Outcome.PASSED
    whole = json.loads(json.dumps(TOOLS["Chrome"]))
    whole["log"]["entries"][0]["response"]["headers"].append({"name": "Set-Cookie", "value": "a=b"})
    results = {x.rule: x for x in judge(read_json(tmp_path, whole), catalogue().values())}
    assert results["BIQ209"].outcome is Outcome.PASSED


def test_a_tunnel_is_no_exchange(tmp_path: Path) -> None:
    """Proxies write an entry for CONNECT; what went through has entries of its own, and keeps their numbers."""
    tunnel = har("Fiddler", [], None, {})
    assert isinstance(tunnel, dict)
    entry = json.loads(json.dumps(tunnel))["log"]["entries"][0]
    entry["request"] |= {"method": "CONNECT", "url": "http://www.blastiq.com:443"}
    log = json.loads(json.dumps(TOOLS["Fiddler"]))
    log["log"]["entries"].insert(0, entry)
    (exchange,) = read_json(tmp_path, log).exchanges
    assert exchange.source.endswith("#2")


def test_what_is_not_sent_is_no_part_of_the_request(tmp_path: Path) -> None:
    """Firefox writes the fragment of an address, and lists what never left it: a secret there is in no URL."""
    log = json.loads(json.dumps(TOOLS["Firefox"]))
    page = {"method": "GET", "headers": H1, "httpVersion": "HTTP/2"}
    answer = {"status": 200, "headers": [], "content": {}}
    for url in ("https://www.blastiq.com/app?a=b#password=p9X2mK4vQ7wZ", "data:,x", "blob:https://a.example/1"):
        log["log"]["entries"].append({"request": page | {"url": url}, "response": answer})
    evidence = read_json(tmp_path, log)
    assert [exchange.request.target for exchange in evidence.exchanges] == ["/identity/connect/token", "/app?a=b"]
    results = {x.rule: x.outcome for x in judge(evidence, catalogue().values())}
    assert results["BIQ704"] is Outcome.PASSED


def test_an_aborted_request_may_have_no_response_at_all(tmp_path: Path) -> None:
    """Some tools write null."""
    log = json.loads(json.dumps(TOOLS["Firefox"]))
    log["log"]["entries"][0]["response"] = None
    assert read_json(tmp_path, log).exchanges[0].response is None


def test_headers_without_a_value_are_read(tmp_path: Path) -> None:
    """Null stands for nothing; what is not a header is named."""
    log = json.loads(json.dumps(TOOLS["Firefox"]))
    log["log"]["entries"][0]["request"]["headers"].append({"name": "X", "value": None})
    assert read_json(tmp_path, log).exchanges[0].request.headers.get("x") == ""
