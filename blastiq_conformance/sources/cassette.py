"""Cassettes: what vcrpy, pytest-recording, Ruby's VCR, betamax and go-vcr leave on disk, as YAML and as JSON."""

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlencode

from blastiq_conformance.sources.recorded import (
    NO_REQUEST_BODY,
    MalformedError,
    Message,
    said_to_be_lost,
    text_of,
    to_response,
)
from blastiq_conformance.sources.request import claims_body, to_request
from blastiq_conformance.sources.source_error import READABLE, SourceError, placed
from fake_idp.wire import Response

_RUBY = re.compile(r"^http_interactions\s*:", re.MULTILINE)
_ADVICE = "record the cassette again, or give another file"


def read_interactions(file: str, interactions: Sequence[object], lines: Sequence[int] = ()) -> list[Message]:
    """Read the interactions of a cassette; `lines` are where they begin in the file. Raises SourceError."""
    messages = []
    for index, interaction in enumerate(interactions, start=1):
        place = f":{lines[index - 1]}" if lines else f"#{index}"
        with placed(file, f"interaction {index}", _ADVICE):
            messages.append(_message(_object(interaction, "it"), file + place))
    return messages


def read_yaml(file: str, text: str) -> list[Message]:
    """Read a YAML cassette. Raises SourceError."""
    from blastiq_conformance.sources.yaml_text import parse_yaml  # most files are not YAML

    name = "http_interactions" if _RUBY.search(text) else "interactions"
    document, lines = parse_yaml(file, text, name)
    interactions = document.get(name) if isinstance(document, dict) else None
    if not isinstance(interactions, list):
        what = "neither JSON nor a cassette: no list of interactions at its top"
        raise SourceError(file, "", what, f"give {READABLE}")
    return read_interactions(file, interactions, lines)


def _message(interaction: Mapping[str, object], source: str) -> Message:
    request = _object(interaction.get("request"), "request")
    body, headers = _body(request.get("body")), list(_headers(request.get("headers")))
    form = request.get("form")
    if not body and isinstance(form, dict):
        # go-vcr also keeps the parsed form, and some hooks only empty the body.
        body = urlencode(form, doseq=True).encode()
    method = text_of(request.get("method"), "method").lstrip(":").upper()
    # go-vcr calls it url.
    sent = to_request(method, text_of(request.get("uri", request.get("url")), "uri"), headers, body)
    return Message(
        request=sent,
        response=_response(_object(interaction.get("response"), "response")),
        source=source,
        at=str(interaction.get("recorded_at") or ""),
        request_missing=NO_REQUEST_BODY
        if not body and claims_body(sent.headers)
        else said_to_be_lost(interaction, "request"),
        response_missing=said_to_be_lost(interaction, "response"),
    )


def _response(response: Mapping[str, object]) -> Response:
    # Older versions wrote httpx's status_code and content.
    status = response.get("status", {"code": response.get("status_code")})
    code, reason = (status.get("code"), status.get("message")) if isinstance(status, dict) else (status, "")
    if isinstance(status, str):
        # go-vcr has the status line as text, with the number beside it.
        code, reason = response.get("code", status), status.partition(" ")[2]
    headers = list(_headers(response.get("headers")))
    return to_response(code, reason, headers, _body(response.get("body", response.get("content"))))


def _headers(listed: object) -> Iterator[tuple[str, str]]:
    for name, values in _object(listed or {}, "headers").items():
        for value in values if isinstance(values, list | tuple) else (values,):
            text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
            yield str(name), text


def _body(body: object) -> bytes:
    match body:
        case None:
            return b""
        case bytes():
            return body
        case str():
            return body.encode("utf-8", "surrogatepass")
        case {"base64_string": str(text)}:
            return base64.b64decode(text, validate=True)
        case {"string": inner}:
            return _body(inner)
        case _:
            raise MalformedError(f"a body is {type(body).__name__}, neither text nor bytes")


def _object(value: object, name: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise MalformedError(f"{name} is {type(value).__name__}, not a mapping")
    return value
