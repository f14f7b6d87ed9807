"""HAR files, and cassettes of vcrpy, Ruby's VCR, betamax and go-vcr: each message redacted.

What went to other hosts is written anew, from the little that is kept of an exchange.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.redaction import Redaction
from blastiq_conformance.redaction.document.tree import Tree, members
from blastiq_conformance.redaction.redacted import NOTE, NOTED
from blastiq_conformance.sources.recorded import is_time
from fake_idp.journal import Exchange
from fake_idp.secrets.charset_variants import as_text
from fake_idp.wire import Request

# What holds the messages: in a HAR, in cassettes of vcrpy and go-vcr, and in those of Ruby's VCR and betamax.
_LISTS = ("entries", "interactions", "http_interactions")
# How much was sent: beside a body that is not whole, the standard member would be a loss.
_SENT = "_sent"
_Members = Mapping[str, object]


def recording(document: object, evidence: Evidence, redaction: Redaction) -> dict[str, object]:
    """Redact a HAR or a cassette, which `evidence` was read from."""
    tree, held = Tree(redaction.show), members(document)
    if isinstance(log := held.get("log"), dict):
        # Not every entry is an exchange: a tunnel is none.
        exchanges = {int(exchange.source.rpartition("#")[2]): exchange for exchange in evidence.exchanges}
        new = _listed(log, exchanges, tree, redaction, _bare_entry)
        return {name: new if name == "log" else tree.walk(value, name) for name, value in held.items()}
    return _listed(held, dict(enumerate(evidence.exchanges, start=1)), tree, redaction, _bare_interaction)


def _listed(
    held: _Members,
    exchanges: Mapping[int, Exchange],
    tree: Tree,
    redaction: Redaction,
    bare: Callable[[_Members, Exchange], object],
) -> dict[str, object]:
    """Redact the messages of a list, and what stands beside it."""
    done: list[object] = []
    listed = next(name for name in _LISTS if isinstance(held.get(name), list))
    for index, entry in enumerate(cast("Sequence[_Members]", held[listed]), start=1):
        tree.exchange = exchange = exchanges.get(index)
        foreign = exchange is not None and redaction.elsewhere.is_foreign(exchange)
        done.append(bare(entry, redaction.exchange(exchange)) if exchange and foreign else tree.walk(entry))
    around = {name: [] if name in _LISTS else tree.walk(value, name) for name, value in held.items()}
    return around | {listed: done, NOTE: NOTED}


def _bare_entry(entry: _Members, kept: Exchange) -> dict[str, object]:
    """Give an entry of a HAR."""
    request = kept.request
    body, duration, started = as_text(request.body), entry.get("time"), entry.get("startedDateTime")
    sent: dict[str, object] = {
        "method": request.method,
        "url": _url(request),
        "httpVersion": f"HTTP/{request.http_version}",
        "headers": [{"name": name, "value": value} for name, value in _headers(request)],
        "queryString": [],
        "cookies": [],
        "headersSize": -1,
        "bodySize": len(request.body),
        _SENT: members(entry.get("request")).get(_SENT, request.headers.get("content-length") or "0"),
    }
    if body:
        sent["postData"] = {"mimeType": request.headers.get("content-type") or "text/plain", "text": body}
    return {
        "startedDateTime": started if isinstance(started, str) and is_time(started) else "",
        "time": duration if isinstance(duration, int | float) else 0,
        "request": sent,
        "response": {
            "status": 0 if kept.response is None else kept.response.status,
            "statusText": "",
            "httpVersion": f"HTTP/{request.http_version}",
            "headers": [],
            "cookies": [],
            "content": {"size": 0, "mimeType": ""},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": 0,
        },
        "cache": {},
        "timings": {"send": 0, "wait": 0, "receive": 0},
    }


def _bare_interaction(interaction: _Members, kept: Exchange) -> dict[str, object]:
    """Give an interaction of a cassette, with the members that its own tool asks for."""
    asked, got = (members(interaction.get(part)) for part in ("request", "response"))
    request = kept.request
    headers: dict[str, list[str]] = {}
    for name, value in _headers(request):
        headers.setdefault(name, []).append(value)
    sent: dict[str, object] = {"method": request.method, "url" if "url" in asked else "uri": _url(request)}
    body = as_text(request.body)
    sent |= {"headers": headers, "body": {"encoding": "UTF-8", "string": body} if _is_held(asked) else body}
    code = 0 if kept.response is None else kept.response.status
    answer: dict[str, object] = {"headers": {}, "body": {"encoding": "UTF-8", "string": ""} if _is_held(got) else ""}
    answer |= {"status": str(code), "code": code} if "code" in got else {"status": {"code": code, "message": ""}}
    at = interaction.get("recorded_at")
    times = {"recorded_at": at} if at is not None and is_time(str(at)) else {}
    return {"request": sent, "response": answer, **times}


def _url(request: Request) -> str:
    return request.target if "://" in request.target else request.origin + request.target


def _headers(request: Request) -> list[tuple[str, str]]:
    return [(name, value) for name, value in request.headers if name.lower() != "content-length"]


def _is_held(message: _Members) -> bool:
    return isinstance(message.get("body"), dict)
