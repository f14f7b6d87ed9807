"""Evidence written as the formats that people and tools write: collections, Newman's runs, curl, .http files."""

import json
import shlex
from urllib.parse import quote

from blastiq_conformance.evidence import Evidence
from fake_idp.journal import Exchange
from fake_idp.wire import FORM, Headers, parse_pairs

HOST = "https://idp.example"


def address(exchange: Exchange) -> str:
    return HOST + quote(exchange.request.target, safe="/?&=%+#@:;,!$'()*~")


def text(body: bytes) -> str:
    return body.decode("utf-8", "replace")


def listed(headers: Headers) -> list[dict[str, str]]:
    return [{"key": name, "value": value} for name, value in fields(headers)]


def fields(headers: Headers) -> list[tuple[str, str]]:
    """Leave out the length: one that is false is a test of its own."""
    return [(name, value) for name, value in headers if name.lower() != "content-length"]


def as_collection(evidence: Evidence, secrets: dict[str, str] | None = None) -> str:
    """Write a collection; `secrets` are the values that stand in variables."""
    variables = secrets or {}
    items = []
    for exchange in evidence.exchanges:
        sent, got = exchange.request, exchange.response
        request: dict[str, object] = {
            "method": sent.method,
            "url": {"raw": address(exchange)},
            "header": listed(sent.headers),
        }
        if sent.media_type == FORM and not sent.headers.get("content-encoding"):
            pairs = [{"key": pair.name, "value": _variable(pair.value, variables)} for pair in parse_pairs(sent.body)]
            request["body"] = {"mode": "urlencoded", "urlencoded": pairs}
        elif sent.body:
            request["body"] = {"mode": "raw", "raw": text(sent.body)}
        saved = []
        if got is not None:
            answer = {"code": got.status, "header": listed(got.headers), "body": text(got.body)}
            saved = [{"name": "saved", "originalRequest": request, **answer}]
        items.append({"name": f"no. {exchange.number}", "request": request, "response": saved})
    listed_ = [{"key": name, "value": value} for name, value in variables.items()]
    return json.dumps({"info": {"name": "c", "schema": "v2.1.0"}, "item": items, "variable": listed_})


def _variable(value: str, variables: dict[str, str]) -> str:
    return next((f"{{{{{name}}}}}" for name, held in variables.items() if held == value), value)


def as_newman(evidence: Evidence) -> str:
    executions = []
    for exchange in evidence.exchanges:
        sent, got = exchange.request, exchange.response
        request: dict[str, object] = {
            "method": sent.method,
            "url": {"raw": address(exchange)},
            "header": listed(sent.headers),
        }
        if sent.body:
            request["body"] = {"mode": "raw", "raw": text(sent.body)}
        execution: dict[str, object] = {"item": {"name": "n", "request": request}, "request": request}
        if got is not None:
            execution["response"] = {
                "code": got.status,
                "header": listed(got.headers),
                "stream": {"type": "Buffer", "data": list(got.body)},
                "responseSize": len(got.body),
            }
        executions.append(execution)
    return json.dumps({"collection": {"info": {"name": "c"}, "item": []}, "run": {"executions": executions}})


def as_curl(evidence: Evidence) -> str:
    lines = ["# what we run"]
    for exchange in evidence.exchanges:
        sent = exchange.request
        words = ["curl", "-sX", sent.method, address(exchange)]
        for name, value in fields(sent.headers):
            words += ["-H", f"{name}: {value}"]
        if sent.body:
            words += ["--data-raw", text(sent.body)]
        lines.append(" ".join(map(shlex.quote, words)) + " | jq .")
    return "\n".join(lines)


def as_http(evidence: Evidence, secrets: dict[str, str] | None = None) -> str:
    variables = {
        name: value for name, value in (secrets or {}).items() if value == value.strip() and value.isprintable()
    }
    lines = [f"@{name} = {value}" for name, value in variables.items()]
    for exchange in evidence.exchanges:
        sent = exchange.request
        lines += ["### a request", f"{sent.method} {address(exchange)}"]
        lines += [f"{name}: {value}" for name, value in fields(sent.headers)]
        body = text(sent.body)
        for name, value in variables.items():
            encoded = quote(value, safe="")
            if len(value) > 4 and sent.media_type == FORM and f"={encoded}" in body and encoded == value:
                body = body.replace(f"={encoded}", f"={{{{{name}}}}}")
        lines += ["", body, ""]
    return "\n".join(lines)


def as_trace(evidence: Evidence) -> str:
    """Write what `curl --trace-ascii` would, head line by line and bodies in rows."""
    lines = ["== Info:   Trying 127.0.0.1:443...", "== Info: SSL connection using TLSv1.3"]
    for exchange in evidence.exchanges:
        sent, got = exchange.request, exchange.response
        first = f"{sent.method} {quote(sent.target, safe=chr(47) + '?&=%+#@:;,!$()*~')} HTTP/1.1"
        lines += _block("=> Send header", [first, f"Host: {HOST[8:]}", *_fields(sent.headers), ""])
        lines += _data("=> Send data", text(sent.body))
        if got is not None:
            lines += _block("<= Recv header", [f"HTTP/1.1 {got.status} Said", *_fields(got.headers), ""])
            lines += _data("<= Recv data", text(got.body))
    return "\n".join(lines) + "\n"


def _fields(headers: Headers) -> list[str]:
    return [f"{name}: {value}" for name, value in fields(headers)]


def _block(what: str, rows: list[str]) -> list[str]:
    size = sum(len(row) + 2 for row in rows)
    written, offset = [f"{what}, {size} bytes ({size:#x})"], 0
    for row in rows:
        written.append(f"{offset:04x}: {row}")
        offset += len(row) + 2
    return written


def _data(what: str, body: str) -> list[str]:
    if not body:
        return []
    # curl has a dot for what is not an ASCII, and rows end where lines do.
    plain = "".join(c if " " <= c <= "~" or c in "\r\n" else "." for c in body)
    written, offset = [f"{what}, {len(plain)} bytes ({len(plain):#x})"], 0
    for line in plain.split("\r\n"):
        row = line.replace("\n", ".").replace("\r", ".")
        written += [f"{offset + begin:04x}: {row[begin : begin + 64]}" for begin in range(0, max(1, len(row)), 64)]
        offset += len(row) + 2
    return written


def as_verbose(evidence: Evidence) -> str:
    """Write what `curl -v` would: no bodies of requests."""
    lines = ["*   Trying 127.0.0.1:443...", "* SSL connection using TLSv1.3"]
    for exchange in evidence.exchanges:
        sent, got = exchange.request, exchange.response
        first = f"{sent.method} {quote(sent.target, safe=chr(47) + '?&=%+#@:;,!$()*~')} HTTP/1.1"
        lines += [f"> {row}" for row in (first, f"Host: {HOST[8:]}", *_fields(sent.headers), "")]
        if got is not None:
            lines += [f"< {row}" for row in (f"HTTP/1.1 {got.status} Said", *_fields(got.headers), "")]
            lines += [*text(got.body).split("\n"), "* Connection #0 to host idp.example left intact"]
    return "\n".join(lines) + "\n"
