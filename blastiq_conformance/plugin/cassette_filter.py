"""Filters for vcrpy and pytest-recording: cassettes without secrets that can still be judged.

A parameter is never removed: its value becomes a stand-in that still shows which values were equal.
"""

from collections.abc import Mapping
from typing import Protocol

from blastiq_conformance.redaction import Redaction
from blastiq_conformance.secrets.message import request as redact_request
from blastiq_conformance.secrets.message import response as redact_response
from blastiq_conformance.secrets.message import url
from fake_idp.classify import Kind
from fake_idp.journal import Exchange
from fake_idp.wire import Headers, Request, Response


class RecordedRequest(Protocol):
    """The part of vcrpy's request that these filters use: a copy that may be changed."""

    method: str
    uri: str
    headers: dict[str, str | list[str]]
    body: bytes | str | None


class CassetteFilter:
    """Learns secrets from the traffic and keeps one stand-in for each, as long as it lives."""

    def __init__(self, redaction: Redaction | None = None) -> None:
        """Start without secrets, or with those that a redaction has learned."""
        self._redaction = redaction if redaction is not None else Redaction()

    def request(self, recorded: RecordedRequest) -> RecordedRequest:
        """Clean a request: URL, headers and body."""
        held = recorded.body
        body = held.encode("utf-8", "surrogatepass") if isinstance(held, str) else held or b""
        sent = Request(method=recorded.method, target=recorded.uri, headers=_fields(recorded.headers), body=body)
        self._learn(sent, None)
        clean = redact_request(sent, self._redaction.show)
        recorded.uri = url(recorded.uri, self._redaction.show)
        recorded.headers = dict(clean.headers.raw)
        if body:
            recorded.body = clean.body
        return recorded

    def response(self, recorded: dict[str, dict[str, object]]) -> dict[str, dict[str, object]]:
        """Clean a response: headers and body."""
        held = recorded.get("body", {}).get("string", b"")
        body = held.encode("utf-8", "surrogatepass") if isinstance(held, str) else held
        headers = recorded.get("headers", {})
        status = recorded.get("status", {}).get("code")
        got = Response(
            status=status if isinstance(status, int) else 0,
            headers=_fields(headers),
            body=body if isinstance(body, bytes) else b"",
        )
        self._learn(Request(method="GET", target="/"), got)
        clean = redact_response(got, self._redaction.show)
        if got.body:
            recorded["body"]["string"] = clean.body
        # A name may hold a secret, too.
        headers.clear()
        for name, _ in clean.headers:
            headers[name] = clean.headers.get_all(name)
        return recorded

    def _learn(self, sent: Request, got: Response | None) -> None:
        self._redaction.learn([Exchange(number=1, kind=Kind.OTHER, request=sent, response=got)])


def vcr_config() -> dict[str, object]:
    """Give what a suite's own `vcr_config` fixture returns or builds upon."""
    cassette = CassetteFilter()
    return {
        "before_record_request": cassette.request,
        "before_record_response": cassette.response,
        "decode_compressed_response": True,
        # Not by query: a secret in it is a stand-in there, whose number depends on what was recorded before.
        "match_on": ["method", "scheme", "host", "port", "path"],
    }


def _fields(headers: Mapping[str, object]) -> Headers:
    several = ((name, held if isinstance(held, list | tuple) else (held,)) for name, held in headers.items())
    return Headers(tuple((name, str(value)) for name, values in several for value in values))
