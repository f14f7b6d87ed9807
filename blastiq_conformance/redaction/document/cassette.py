"""Cassettes as trees of values, of vcrpy, Ruby's VCR, betamax and go-vcr: each place is redacted as what it is."""

import base64
from collections.abc import Mapping, Sequence
from typing import cast

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.redaction import Redaction
from blastiq_conformance.redaction.body import body
from blastiq_conformance.redaction.document.bare import bare_interaction
from blastiq_conformance.redaction.document.tree import Tree, field, lost, members, rest, walked
from blastiq_conformance.redaction.message import field_name, fitted, header, url
from fake_idp.wire import Headers

# Where the list of interactions stands: in cassettes of vcrpy and go-vcr, and in those of Ruby's VCR and betamax.
LISTS = ("interactions", "http_interactions")
# vcrpy and Ruby's VCR call it uri, go-vcr url; and it keeps the target beside it.
_URLS = frozenset({"uri", "url", "request_uri"})
_Members = Mapping[str, object]


def cassette(document: _Members, evidence: Evidence, redaction: Redaction) -> Tree:
    """Redact a cassette."""
    name = next(name for name in LISTS if name in document)
    found = zip(cast("Sequence[_Members]", document[name]), evidence.exchanges, strict=True)
    done = [
        (
            bare_interaction(interaction, redaction.exchange(exchange))
            if redaction.elsewhere.is_foreign(exchange)
            else _interaction(interaction, redaction)
        )
        | lost(exchange)
        for interaction, exchange in found
    ]
    others = rest({other: value for other, value in document.items() if other != name}, redaction)
    return {other: done if other == name else others[other] for other in document}


def _interaction(interaction: _Members, redaction: Redaction) -> dict[str, object]:
    new = rest({n: v for n, v in interaction.items() if n not in {"request", "response"}}, redaction)
    for part in ("request", "response"):
        if part in interaction:
            new[part] = _vcr_message(members(interaction[part]), redaction, asked=part == "request")
    return {name: new[name] for name in interaction}


def _vcr_message(message: _Members, redaction: Redaction, *, asked: bool) -> dict[str, object]:
    held = members(message.get("headers"))
    listed = [(str(name), _text(value)) for name, values in held.items() for value in _several(values)]
    new: dict[str, object] = {}
    more = 0
    for name in ("body", "content"):
        if name in message:
            new[name], grown = _vcr_body(message[name], Headers(tuple(listed)), redaction, asked=asked)
            more += grown

    def shown(name: str, value: object) -> object:
        if not isinstance(value, str | bytes):
            return value
        text = fitted(name, header(name, _text(value), redaction), more)
        return text.encode("latin-1", "replace") if isinstance(value, bytes) else text

    new["headers"] = held and {
        field_name(str(name), redaction): [shown(str(name), value) for value in values]
        if isinstance(values, list | tuple)
        else shown(str(name), values)
        for name, values in held.items()
    }
    for name, value in message.items():
        if name in _URLS and isinstance(value, str):
            new[name] = url(value, redaction)
        elif name == "form" and isinstance(value, dict):
            new[name] = {walked(key, redaction): _fields(str(key), values, redaction) for key, values in value.items()}
        elif name == "content_length" and isinstance(value, int) and value > 0:
            new[name] = max(1, value + more)
    return {name: new.get(name) or walked(value, redaction) for name, value in message.items()}


def _fields(name: str, values: object, redaction: Redaction) -> object:
    new = [field(name, value, redaction) if isinstance(value, str) else value for value in _several(values)]
    return new if isinstance(values, list | tuple) else new[0]


def _several(values: object) -> Sequence[object]:
    return values if isinstance(values, list | tuple) else (values,)


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _vcr_body(value: object, headers: Headers, redaction: Redaction, *, asked: bool) -> tuple[object, int]:
    match value:
        case bytes():
            data = body(value, headers, redaction, asked=asked)
            return data, len(data) - len(value)
        case str():
            octets = value.encode("utf-8", "surrogatepass")
            data = body(octets, headers, redaction, asked=asked)
            return data.decode("utf-8", "surrogatepass"), len(data) - len(octets)
        case {"base64_string": str(text)}:
            octets = base64.b64decode(text)
            data = body(octets, headers, redaction, asked=asked)
            return {**members(value), "base64_string": base64.b64encode(data).decode()}, len(data) - len(octets)
        case {"string": inner}:
            new, more = _vcr_body(inner, headers, redaction, asked=asked)
            return {**members(value), "string": new}, more
        case _:
            return walked(value, redaction), 0
