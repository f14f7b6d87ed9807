"""What HAR and cassettes have in common: recorded messages become evidence, their kinds learned from the recording."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from blastiq_conformance.evidence import Evidence, Facts
from blastiq_conformance.sources.edited import request_losses, response_losses
from blastiq_conformance.sources.request import field
from fake_idp.classify import WELL_KNOWN, Endpoints, Kind, classify
from fake_idp.journal import Exchange
from fake_idp.wire import Json, Request, Response

_PRODUCTION = "https://www.blastiq.com/identity"
_IDENTITY_KINDS = frozenset({Kind.TOKEN, Kind.DISCOVERY, Kind.JWKS, Kind.IDENTITY})
# A body that unpacks to more than this is no token answer, but a bomb.
_UNPACKED = 16 * 1024 * 1024
_NOTHING: frozenset[str] = frozenset()


class MalformedError(ValueError):
    """A part of a recording is not what its format says; the message names the part."""


# Of a request that was never seen on the wire.
UNSENT = "the file says what would be sent, and has no answer to it"
# The member of an entry or interaction where a redaction keeps what it would hide.
LOST = "_lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One recorded exchange: `source` is file and place; the `missing` texts say why a part is not there.

    `signed_in`: the file says that it carries the token of a sign-in.
    """

    request: Request
    response: Response | None
    source: str
    started: float = 0.0
    ended: float = 0.0
    at: str = ""
    request_missing: str = ""
    headers_missing: str = ""
    response_missing: str = ""
    signed_in: bool = False


def said_to_be_lost(item: Mapping[str, object], part: str) -> str:
    """Give the reason that `blastiq redact` noted why the request or the response was not whole before it."""
    noted = item.get(LOST)
    reason = noted.get(part) if isinstance(noted, dict) else None
    return reason if isinstance(reason, str) else ""


def to_evidence(
    messages: Sequence[Message], client_id: str | None, authority: str | None, *, headers_missing: str = ""
) -> Evidence:
    """Number and classify the messages; usernames and passwords are unknown, the authority is what was discovered.

    `headers_missing` says why any request may have lost headers without a trace.
    """
    documents = [document for message in messages if (document := _document(message))]
    trusted = (authority or _production(messages)).rstrip("/")
    if trusted:
        documents = [document for document in documents if document["issuer"].rstrip("/") == trusted]
        endpoints = Endpoints.learned(issuer=trusted, token_endpoint=trusted + "/connect/token")
    else:
        endpoints = Endpoints()
    if documents:
        endpoints = Endpoints.learned(**documents[0])
        trusted = trusted or documents[0]["issuer"].rstrip("/")
    kinds = [_kind(message.request, endpoints, trusted) for message in messages]
    kinds = [
        Kind.API if message.signed_in and kind is Kind.OTHER else kind
        for message, kind in zip(messages, kinds, strict=True)
    ]
    _learn_api(messages, kinds)
    exchanges = [
        _exchange(message, number, kind, headers_missing)
        for number, (message, kind) in enumerate(zip(messages, kinds, strict=True), start=1)
    ]
    facts = Facts(authority=trusted or None)
    if client_id is not None:
        facts = replace(facts, client_id=client_id)
    return Evidence(exchanges=tuple(exchanges), facts=facts)


def _production(messages: Sequence[Message]) -> str:
    requests = (message.request for message in messages if message.request.path[:10].lower() == "/identity/")
    return _PRODUCTION if any(request.url.lower().startswith(_PRODUCTION + "/") for request in requests) else ""


def _document(message: Message) -> dict[str, str]:
    path, answer = message.request.path.lower(), message.response
    if answer is None or answer.status != 200 or not path.endswith(WELL_KNOWN):
        return {}
    parsed: Json = answer.json
    members = parsed if isinstance(parsed, dict) else {}
    names = ("issuer", "token_endpoint", "jwks_uri")
    document = {name: value for name in names if isinstance(value := members.get(name), str)}
    return document if {"issuer", "token_endpoint"} <= document.keys() else {}


def _kind(request: Request, endpoints: Endpoints, authority: str) -> Kind:
    kind = classify(request, endpoints)
    # A browser's recording has other people's sign-ins too.
    foreign = authority.startswith("https") and kind in _IDENTITY_KINDS and _foreign(request, authority)
    return Kind.OTHER if foreign else kind


def _foreign(request: Request, authority: str) -> bool:
    host = authority.partition("://")[2].partition("/")[0]
    return request.host.lower().removesuffix(":443") != host.lower().removesuffix(":443")


def _exchange(message: Message, number: int, kind: Kind, headers_missing: str) -> Exchange:
    request, response = message.request, message.response
    losses = list(request_losses(request, message.request_missing))
    losses += [("headers", reason) for reason in (message.headers_missing, headers_missing) if reason]
    # No rule reads what others answered, and most of a browser's recording is that.
    if kind is not Kind.OTHER:
        losses += response_losses(response, message.response_missing)
    return Exchange(
        number=number,
        kind=kind,
        request=request,
        response=response,
        started=message.started,
        ended=message.ended,
        at=message.at,
        edited="; ".join(dict.fromkeys(reason for _, reason in losses)) if losses else "",
        lost=frozenset(part for part, _ in losses) if losses else _NOTHING,
        source=message.source,
    )


def _learn_api(messages: Sequence[Message], kinds: list[Kind]) -> None:
    """The address of the API is not published: it is where an issued token was first sent as a bearer token."""
    if Kind.API in kinds:
        return
    tokens, origin = set(), ""
    for message, kind in zip(messages, kinds, strict=True):
        if kind is Kind.TOKEN:
            tokens |= _tokens(message)
        elif kind is Kind.OTHER and not origin and _bearer(message.request) in tokens:
            origin = message.request.origin
    for index, message in enumerate(messages):
        if origin and kinds[index] is Kind.OTHER and _bearer(message.request) and message.request.origin == origin:
            kinds[index] = Kind.API


def _tokens(message: Message) -> set[str]:
    answer = message.response.json if message.response is not None and message.response.status == 200 else None
    token = answer.get("access_token") if isinstance(answer, dict) else None
    return {token} if isinstance(token, str) and token else set()


def _bearer(request: Request) -> str:
    # Not by the index of the headers: of most requests nothing else is asked.
    return (field(request.headers.raw, "authorization") or "").partition(" ")[2].strip()


def unpacked(body: bytes, encoding: str | None) -> bytes:
    """Give the body without gzip or deflate; as it is where it has neither, or was unpacked by what recorded it."""
    if encoding is None or encoding.strip().lower() not in {"gzip", "x-gzip", "deflate"}:
        return body
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    try:
        plain = unpacker.decompress(body, _UNPACKED)
    except zlib.error:
        return body
    return body if unpacker.unconsumed_tail else plain
