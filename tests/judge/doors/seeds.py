"""A few small files of each format that the kit reads."""

import base64
import gzip
import io
import json
import tarfile
import zipfile

from blastiq_conformance.evidence import Child, Evidence, Facts
from blastiq_conformance.report import several
from blastiq_conformance.report.shape import ReportShape
from blastiq_conformance.sources.recording import write
from blastiq_conformance.writers import writer
from fake_idp.redact import Secret
from tests.judge.judged import AUDIENCE, GOOD, SECRET, judged, report
from tests.judge.writers.models import mixed, recorded

_URL = "https://www.blastiq.com/identity/connect/token"
_FORM = "application/x-www-form-urlencoded"
_BODY = "grant_type=password&username=svc%40mine.example&password=p9X2mK4vQ7wZ&client_id=external.customer&audience=x"
_TOKEN = '{"access_token":"eyJhbGciOiJub25lIn0.eyJleHAiOjF9.c2ln","expires_in":3600,"token_type":"Bearer"}'
_DISCOVERY = '{"issuer":"https://www.blastiq.com/identity","token_endpoint":"' + _URL + '","jwks_uri":"https://a/b"}'


def as_json(value: object) -> bytes:
    """Give a value as JSON."""
    return json.dumps(value).encode()


def _har() -> bytes:
    post = {"mimeType": _FORM, "text": _BODY, "params": [{"name": "a", "value": "b"}]}
    header = {"name": "Authorization", "value": "Basic c3ZjOnA5WDJtSzR2UTd3Wg=="}
    sent = {"method": "POST", "url": _URL, "httpVersion": "h2", "headers": [header], "postData": post, "bodySize": 95}
    sent |= {"cookies": [{"name": "a", "value": "b"}], "queryString": [{"name": "c", "value": "d"}], "headersSize": -1}
    content = {"size": 90, "mimeType": "application/json", "text": _TOKEN}
    packed = {
        "mimeType": "application/json",
        "encoding": "base64",
        "text": base64.b64encode(_DISCOVERY.encode()).decode(),
    }
    answer = {"status": 200, "statusText": "OK", "headers": [{"name": "Content-Type", "value": "application/json"}]}
    asked = {"method": "GET", "url": "https://www.blastiq.com/identity/.well-known/openid-configuration", "headers": []}
    entries = [
        {
            "startedDateTime": "2026-01-01T00:00:00Z",
            "time": 1,
            "request": asked,
            "response": answer | {"content": packed},
        },
        {
            "startedDateTime": "2026-01-01T00:00:01Z",
            "time": 5.5,
            "request": sent,
            "response": answer | {"content": content},
        },
    ]
    creator = {"name": "WebInspector", "version": "1"}
    return as_json({"log": {"version": "1.2", "creator": creator, "pages": [], "entries": entries}})


def _journal() -> bytes:
    evidence = judged(AUDIENCE, "sign-in").evidence
    child = Child(argv=("node", "app.js"), exit_status=1, stdout=b"signed in", stderr=b"password=p9X2mK4vQ7wZ\xff")
    facts = Facts(
        scenario="sign-in", username="svc", password="p9X2mK4vQ7wZ", issued=(Secret("password", "p9X2mK4vQ7wZ"),)
    )
    return write(Evidence(exchanges=evidence.exchanges, child=child, facts=facts)).encode()


def _cassettes() -> list[bytes]:
    request = {"method": "POST", "uri": _URL, "body": _BODY, "headers": {"Content-Type": [_FORM]}}
    response = {"status": {"code": 200, "message": "OK"}, "headers": {"Date": ["x"]}, "body": {"string": _TOKEN}}
    ruby = {
        "http_interactions": [{"request": request, "response": response, "recorded_at": "Thu"}],
        "recorded_with": "VCR",
    }
    go = {
        "id": 0,
        "request": {"url": _URL, "method": "POST", "form": {"a": ["b"]}},
        "response": {"status": "200 OK", "code": 200},
    }
    text = (
        f"interactions:\n- request:\n    body: {_BODY}\n    headers:\n      Content-Type:\n      - {_FORM}\n"
        f"    method: POST\n    uri: {_URL}\n  response:\n    body:\n      string: '{_TOKEN}'\n    headers: {{}}\n"
        "    status:\n      code: 200\n      message: OK\nversion: 1\n"
    )
    return [
        text.encode(),
        as_json({"version": 1, "interactions": [{"request": request, "response": response}]}),
        as_json(ruby),
        as_json({"version": 2, "interactions": [go]}),
    ]


def _postman() -> list[bytes]:
    fields = [{"key": "username", "value": "{{user}}"}, {"key": "password", "value": "{{pw}}x"}]
    body = {"mode": "urlencoded", "urlencoded": fields}
    auth = {
        "type": "oauth2",
        "oauth2": [
            {"key": "accessTokenUrl", "value": _URL},
            {"key": "grant_type", "value": "password_credentials"},
            {"key": "password", "value": "p9X2mK4vQ7wZ"},
            {"key": "client_authentication", "value": "body"},
        ],
    }
    url = {
        "raw": _URL,
        "host": ["www", "blastiq", "com"],
        "path": ["identity", "connect", "token"],
        "query": [{"key": "a", "value": "b"}],
    }
    script = {"listen": "test", "script": {"exec": ["pm.environment.set('password', 'p9X2mK4vQ7wZ');"]}}
    item = {
        "name": "sign in",
        "event": [script],
        "request": {"method": "POST", "url": url, "header": [{"key": "a", "value": "b"}], "body": body},
    }
    item |= {"response": [{"code": 200, "body": _TOKEN, "header": [], "originalRequest": item["request"]}]}
    more = {
        "name": "call",
        "request": {
            "method": "GET",
            "url": "https://api.blastiq.com/x",
            "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{t}}"}]},
        },
    }
    variables = [
        {"key": "user", "value": "svc@mine.example"},
        {"key": "pw", "value": "{{user}}p9X2mK4vQ7wZ", "enabled": True},
    ]
    collection = {
        "info": {"name": "x", "schema": "v2.1.0"},
        "auth": auth,
        "item": [{"name": "folder", "item": [item, more]}],
        "variable": variables,
    }
    response = {
        "code": 200,
        "status": "OK",
        "header": [{"key": "a", "value": "b"}],
        "stream": {"type": "Buffer", "data": [123, 125]},
        "responseSize": 2,
    }
    run = {
        "collection": {"item": []},
        "environment": {"name": "e", "values": variables},
        "run": {"executions": [{"request": item["request"], "response": response}]},
    }
    return [
        as_json(collection),
        as_json(run),
        as_json({"name": "e", "values": variables, "_postman_variable_scope": "environment"}),
    ]


_CURL = f"""$ curl -sS -u svc:p9X2mK4vQ7wZ -H 'Accept: */*' \\
  --data-urlencode "password=a b" -d '{_BODY}' $'-d\\n' {_URL} | jq .
curl --json '{{}}' -F a=b -G https://api.blastiq.com/x
"""
_HTTP = f"""@pw = p9X2mK4vQ7wZ
### sign in
POST {_URL} HTTP/1.1
Content-Type: {_FORM}

grant_type=password
&password={{{{pw}}}}&username=svc

> {{% client.log(1) %}}
###
GET https://api.blastiq.com/x
Authorization: Bearer {{{{t}}}}
"""
_TRACE = f"""== Info: Trying 127.0.0.1:80...
=> Send header, 60 bytes (0x3c)
0000: POST /identity/connect/token HTTP/1.1
0026: Host: www.blastiq.com
=> Send data, 95 bytes (0x5f)
0000: {_BODY[:64]}
0040: {_BODY[64:]}
<= Recv header, 17 bytes (0x11)
0000: HTTP/1.1 200 OK
<= Recv data, 90 bytes (0x5a)
0000: {_TOKEN}
"""
_VERBOSE = f"""* Trying 127.0.0.1:80...
> POST /identity/connect/token HTTP/1.1
> Host: www.blastiq.com
> Authorization: Basic c3ZjOnA5WA==
>
< HTTP/1.1 200 OK
< Content-Type: application/json
<
{_TOKEN}
* Connection #0 to host x left intact
"""
TOML = b"""pytest = true
[[target]]
name = "mine"
command = ["node", "app.js", "{username}"]
env = { USER = "{username}" }
timeout = 10.5
users = 2
scenarios = ["sign-in"]
rules = ["BIQ211"]
verbose = { LOG = "debug" }
intercept = ["www.blastiq.com"]
skips = [403]
home = "inherit"
quiet = 5
[[target.waivers]]
rule = "BIQ211"
reason = "old"
owner = "me"
expires = 2027-01-31
"""


def packages() -> list[bytes]:
    """Give packages of each kind, one in another."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/config.ini", _BODY)
        archive.writestr("b", b"\0" * 2000)
    outer = io.BytesIO()
    with tarfile.open(fileobj=outer, mode="w") as tar:
        info = tarfile.TarInfo("c.zip")
        info.size = len(inner.getvalue())
        tar.addfile(info, io.BytesIO(inner.getvalue()))
    head = as_json({"files": {"a": {"size": 3, "offset": "0"}}}).replace(b" ", b"")
    asar = b"".join(n.to_bytes(4, "little") for n in (4, len(head) + 8, len(head) + 4, len(head))) + head + b"abc"
    return [
        inner.getvalue(),
        outer.getvalue(),
        gzip.compress(outer.getvalue()),
        asar,
        _BODY.encode(),
        b"x" * 100 + inner.getvalue(),
    ]


def jwt() -> bytes:
    """Give a token."""
    parts = [{"alg": "RS256", "kid": "\u202e"}, {"exp": 1767225600, "iat": 1.5, "scope": ["a"], "auth_time": 1}]
    return b".".join(base64.urlsafe_b64encode(as_json(part)).rstrip(b"=") for part in parts) + b".c2ln"


RECORDINGS = [_har(), _journal(), *_cassettes(), *_postman(), *map(str.encode, (_CURL, _HTTP, _TRACE, _VERBOSE))]
RECORDINGS += [gzip.compress(RECORDINGS[0], mtime=0)]


def _short(report: ReportShape) -> ReportShape:
    """Keep a few rules only: the less there is of each kind, the more is tried."""
    broken = [result for result in report["results"] if result["findings"]]
    return {**report, "results": broken[:3] + [result for result in report["results"] if result not in broken][:2]}


_MODELS = (
    _short(mixed().to_model()),
    _short(recorded().to_model()),
    several([_short(report(each).to_model()) for each in (GOOD, SECRET)]),
)
REPORTS = [writer("json")(model).encode() for model in _MODELS]
BESIDE = as_json({"dev": {"pw": "p9X2mK4vQ7wZ", "n": 1}, "prod": {"pw": "p9X2mK4vQ7wZ", "ssl": {"a": "b"}}})
