"""Filters for vcrpy and pytest-recording: no secret on disk, and yet a cassette that can be judged.

A parameter is never removed: its value becomes a placeholder that still shows which values were equal.
"""

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from fake_idp.redact import PLACEHOLDER, Redactor, Secret, secrets_of
from fake_idp.wire import Headers, Request, Response


class RecordedRequest(Protocol):
    """What these filters use of a request as vcrpy hands it over: a copy that may be changed."""

    method: str
    uri: str
    headers: dict[str, str | list[str]]
    body: bytes | str | None


@dataclass(frozen=True, slots=True)
class _Traffic:
    request: Request
    response: Response | None


class CassetteFilter:
    """Learns secrets from what passes and keeps one placeholder for each, as long as it lives."""

    def __init__(self) -> None:
        """Start knowing none."""
        self._secrets: dict[Secret, None] = {}
        self._redactor = Redactor(())

    def request(self, recorded: RecordedRequest) -> RecordedRequest:
        """Clean a request: URL, headers and body."""
        body = recorded.body.encode() if isinstance(recorded.body, str) else recorded.body or b""
        headers = Headers(tuple((name, _one(value)) for name, value in recorded.headers.items()))
        parts = urlsplit(recorded.uri)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        sent = Request(method=recorded.method, target=target, headers=headers, body=body, scheme=parts.scheme)
        self._learn(_Traffic(sent, None))
        recorded.uri = self._redactor.text(recorded.uri)
        recorded.headers = {name: self._redactor.text(_one(value)) for name, value in recorded.headers.items()}
        if body:
            recorded.body = self._bytes(body)
        return recorded

    def response(self, recorded: dict[str, dict[str, object]]) -> dict[str, dict[str, object]]:
        """Clean a response: headers and body."""
        body = recorded.get("body", {}).get("string", b"")
        data = body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else b""
        self._learn(_Traffic(Request(method="GET", target="/"), Response(status=200, body=data)))
        if data:
            recorded["body"]["string"] = self._bytes(data)
        for name, values in recorded.get("headers", {}).items():
            if isinstance(values, list):
                recorded["headers"][name] = [self._redactor.text(str(value)) for value in values]
        return recorded

    def _learn(self, traffic: _Traffic) -> None:
        # vcrpy filters what it has filtered already: a placeholder is no secret of its own.
        found = (secret for secret in secrets_of(traffic) if not PLACEHOLDER.fullmatch(secret.value))
        fresh = [secret for secret in found if secret not in self._secrets]
        if fresh:
            self._secrets |= dict.fromkeys(fresh)
            # Numbers go by order: those given so far stay what they were.
            self._redactor = Redactor(self._secrets)

    def _bytes(self, data: bytes) -> bytes:
        text = data.decode("utf-8", "surrogateescape")
        return self._redactor.text(text).encode("utf-8", "surrogateescape")


def vcr_config() -> dict[str, object]:
    """Give what a suite's own `vcr_config` fixture is to return, or to build upon."""
    cassette = CassetteFilter()
    return {
        "before_record_request": cassette.request,
        "before_record_response": cassette.response,
        "decode_compressed_response": True,
    }


def _one(value: str | list[str]) -> str:
    return value if isinstance(value, str) else ", ".join(value)
