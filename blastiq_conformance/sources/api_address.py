"""The address of the API in a recording: it is not published, but a token is sent there."""

from collections.abc import Iterator, Sequence
from functools import partial

from blastiq_conformance.sources.request import field
from fake_idp.classify import Kind
from fake_idp.secrets.redact import Traffic
from fake_idp.wire import Request


def with_api(found: Sequence[Traffic], kinds: Sequence[Kind]) -> list[Kind]:
    """Give the kinds, with the API where none was known: the origin to which an issued token was first sent.

    A token in a URL counts only where none was sent as a bearer token. A source without answers does not show what was
    issued, so any token counts there.
    """
    if Kind.API in kinds or Kind.TOKEN not in kinds:
        return list(kinds)
    answers = [x.response for x, kind in zip(found, kinds, strict=True) if kind is Kind.TOKEN]
    issued = {
        token for answer in answers if answer is not None and answer.status == 200 for token in _issued(answer.json)
    }
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


def _issued(answer: object) -> Iterator[str]:
    token = answer.get("access_token") if isinstance(answer, dict) else None
    if isinstance(token, str) and token:
        yield token


def _credentials(request: Request, *, bearer: bool = False) -> Iterator[str]:
    # Without the index of the headers: most requests need no other header.
    scheme, _, credentials = (field(request.headers.raw, "authorization") or "").partition(" ")
    if credentials.strip() and (not bearer or scheme.lower() == "bearer"):
        yield credentials.strip()


def _in_url(request: Request, issued: set[str]) -> Iterator[str]:
    for pair in request.query if "?" in request.target else ():
        if pair.value and (pair.name.lower() == "access_token" or pair.value in issued):
            yield pair.value
