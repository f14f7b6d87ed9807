"""What the formats have in common: recorded messages become evidence, their kinds learned from the recording."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import partial
from itertools import count

from blastiq_conformance.evidence import Evidence, Facts
from blastiq_conformance.sources.edited import request_losses, response_losses
from blastiq_conformance.sources.ownership import Ownership
from blastiq_conformance.sources.request import Pairs, field
from fake_idp.classify import Kind
from fake_idp.content_coding import inflate
from fake_idp.journal import Exchange
from fake_idp.secrets.redact import Traffic
from fake_idp.wire import Headers, Request, Response

_HIGHEST_STATUS = 999


class MalformedError(ValueError):
    """A part of a recording is not what its format says; the message names the part."""


NO_REQUEST_BODY = "the request had a body, and the recording has none"
NO_RESPONSE_BODY = "the response had a body, and the recording has none"
# The member of an entry or interaction in which a redaction notes losses that it would hide.
LOST = "_lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One recorded exchange: `source` is file and place; the `missing` texts say why a part is missing.

    `signed_in`: the file says that the request carries the token of a sign-in.
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


def unsent(request: Request, source: str, *, missing: str = "", signed_in: bool = False) -> Message:
    """Give a request that a file says would be sent; `missing` says why its body is not known."""
    return Message(
        request=request,
        response=None,
        source=source,
        request_missing=missing,
        response_missing="the file says what would be sent, and has no answer to it",
        signed_in=signed_in,
    )


def text_of(value: object, name: str) -> str:
    """Give a text; raises MalformedError for anything else."""
    if not isinstance(value, str):
        raise MalformedError(f"{name} is {type(value).__name__}, not a text")
    return value


def status_of(value: object) -> int:
    """Give a status; raises MalformedError for what is not one. 0 and less mean no answer."""
    if not isinstance(value, int):
        raise MalformedError(f"the status is {type(value).__name__}, not a number")
    if abs(value) > _HIGHEST_STATUS:
        raise MalformedError("the status has more than three digits")
    return value


def said_to_be_lost(item: Mapping[str, object], part: str) -> str:
    """Give the reason that `blastiq redact` noted for a request or response that was incomplete before."""
    noted = item.get(LOST)
    reason = noted.get(part) if isinstance(noted, dict) else None
    return reason if isinstance(reason, str) else ""


def to_evidence(messages: Sequence[Message], client_id: str | None, authority: str | None) -> Evidence:
    """Number and classify the messages; user names and passwords are unknown, the authority is the discovered one."""
    ownership = Ownership(messages, client_id, authority)
    own = [ownership.kind(message.request) for message in messages]
    signed_in = [
        Kind.API if x.signed_in and kind is Kind.OTHER else kind for x, kind in zip(messages, own, strict=True)
    ]
    exchanges = map(_exchange, messages, count(1), with_api(messages, signed_in))
    facts = Facts(authority=ownership.authority or None, client_id=client_id or Facts().client_id)
    return Evidence(exchanges=tuple(exchanges), facts=facts)


def _exchange(message: Message, number: int, kind: Kind) -> Exchange:
    request, response = message.request, message.response
    losses = list(request_losses(request, message.request_missing))
    if message.headers_missing:
        losses.append(("headers", message.headers_missing))
    # No rule reads the answers of other hosts, which most of a browser's recording are.
    if kind is not Kind.OTHER:
        losses += response_losses(response, message.response_missing)
    return Exchange(
        number=number,
        kind=kind,
        request=request,
        response=response,
        started=message.started,
        ended=message.ended,
        at=message.at if is_time(message.at) else "",
        edited="; ".join(dict.fromkeys(reason for _, reason in losses)),
        lost=frozenset(part for part, _ in losses),
        source=message.source,
    )


def is_time(text: str) -> bool:
    """Whether a text is a time, in the form of ISO 8601 or RFC 5322; any other text there would not be redacted."""
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        with suppress(ValueError):
            parse(text)
            return True
    return False


def to_response(status: object, reason: object, headers: Pairs, body: bytes) -> Response:
    """Give a response, its body without gzip or deflate where the recorder has left them; raises MalformedError."""
    encoding = (field(headers, "content-encoding") or "").strip().lower()
    return Response(
        status=status_of(status),
        reason=reason if isinstance(reason, str) else "",
        headers=Headers(tuple(headers)),
        body=inflate(body) if encoding in {"gzip", "x-gzip", "deflate"} else body,
    )


def with_api(found: Sequence[Traffic], kinds: Sequence[Kind]) -> list[Kind]:
    """Give the kinds, with the API where none was known: the origin to which an issued token was first sent.

    A token in a URL counts only where none was sent as a bearer token. A source without answers does not show what was
    issued, so any token counts there.
    """
    if Kind.API in kinds or Kind.TOKEN not in kinds:
        return list(kinds)
    answers = [x.response for x, kind in zip(found, kinds, strict=True) if kind is Kind.TOKEN]
    good = (answer.members.get("access_token") for answer in answers if answer is not None and answer.status == 200)
    issued = {token for token in good if isinstance(token, str) and token}
    unanswered = all(answer is None for answer in answers)
    others = [x.request for x, kind in zip(found, kinds, strict=True) if kind is Kind.OTHER]
    in_url = partial(_in_url, issued=issued)
    for way in (partial(_credentials, bearer=unanswered), in_url):
        origin = next((x.origin for x in others if any(unanswered or t in issued for t in way(x))), "")
        if origin:
            carriers = (
                x.request.origin == origin and any((*_credentials(x.request), *in_url(x.request))) for x in found
            )
            pairs = zip(kinds, carriers, strict=True)
            return [Kind.API if kind is Kind.OTHER and carries else kind for kind, carries in pairs]
    return list(kinds)


def _credentials(request: Request, *, bearer: bool = False) -> Iterator[str]:
    # Without the index of the headers: most requests need no other header.
    scheme, _, credentials = (field(request.headers.raw, "authorization") or "").partition(" ")
    if credentials.strip() and (not bearer or scheme.lower() == "bearer"):
        yield credentials.strip()


def _in_url(request: Request, issued: set[str]) -> Iterator[str]:
    for pair in request.query if "?" in request.target else ():
        if pair.value and (pair.name.lower() == "access_token" or pair.value in issued):
            yield pair.value
