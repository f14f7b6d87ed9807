"""A small recording of each kind."""

import base64
import gzip
import json

from blastiq_conformance.evidence import Child, Evidence, Facts
from blastiq_conformance.sources.recording import write
from fake_idp.secrets.search import Secret
from tests.judge.judged import AUDIENCE, judged

_URL = "https://www.blastiq.com/identity/connect/token"
_FORM = "application/x-www-form-urlencoded"
BODY = "grant_type=password&username=svc%40mine.example&password=p9X2mK4vQ7wZ&client_id=external.customer&audience=x"
_TOKEN = '{"access_token":"eyJhbGciOiJub25lIn0.eyJleHAiOjF9.c2ln","expires_in":3600,"token_type":"Bearer"}'
_DISCOVERY = '{"issuer":"https://www.blastiq.com/identity","token_endpoint":"' + _URL + '","jwks_uri":"https://a/b"}'


def as_json(value: object) -> bytes:
    """Give a value as JSON."""
    return json.dumps(value).encode()


def _har() -> bytes:
    post = {"mimeType": _FORM, "text": BODY, "params": [{"name": "a", "value": "b"}]}
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
    request = {"method": "POST", "uri": _URL, "body": BODY, "headers": {"Content-Type": [_FORM]}}
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
        f"interactions:\n- request:\n    body: {BODY}\n    headers:\n      Content-Type:\n      - {_FORM}\n"
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
  --data-urlencode "password=a b" -d '{BODY}' $'-d\\n' {_URL} | jq .
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
0000: {BODY[:64]}
0040: {BODY[64:]}
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
RECORDINGS = [_har(), _journal(), *_cassettes(), *_postman(), *map(str.encode, (_CURL, _HTTP, _TRACE, _VERBOSE))]
RECORDINGS += [gzip.compress(RECORDINGS[0], mtime=0)]
