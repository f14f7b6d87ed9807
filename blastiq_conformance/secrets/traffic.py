"""The secrets that traffic carries: for whoever was not told them."""

import re
from collections.abc import Container, Iterator
from functools import partial
from urllib.parse import unquote_plus, unquote_to_bytes

from blastiq_conformance.secrets.message import request, response
from blastiq_conformance.secrets.place import Kind, Place, places_in
from fake_idp.lazy import kept
from fake_idp.secrets.charset_variants import as_bytes, as_text
from fake_idp.secrets.redact import Traffic
from fake_idp.secrets.search import Secret
from fake_idp.secrets.secret_names import NOTHING
from fake_idp.wire import Request, Response

_AROUND = re.compile(r"\A(?:[\s\"']|(?:bearer|token)(?=[\s\"']))+|[\s\"']+\Z", re.IGNORECASE)
_SCHEMES = frozenset({"bearer", "basic", "token", "digest", "negotiate"})


def secrets_of(traffic: Traffic) -> list[Secret]:
    """Give the secrets that an exchange carries, each once.

    Client ids are none; usernames are given too, for a report names nobody (BIQ701 does not mind them).
    """
    messages = (traffic.request, *((traffic.response,) if traffic.response is not None else ()))
    return list(dict.fromkeys(secret for each in messages for secret in _carried(each)))


@kept
def _carried(message: Request | Response) -> tuple[Secret, ...]:
    walk = partial(request, message) if isinstance(message, Request) else partial(response, message)
    found: dict[Secret, None] = {}
    for place in places_in(walk):
        found |= dict.fromkeys(each for each in _secrets(place, found) if each.value.strip().lower() not in NOTHING)
    return tuple(found)


def _secrets(place: Place, found: Container[Secret]) -> Iterator[Secret]:
    """Give the secrets of a place, after those that were `found` before it."""
    if place.kind == Kind.BEARER:
        # A scheme without credentials is not a secret.
        if (bare := bare_token(place.value)).lower() not in _SCHEMES:
            yield Secret("access_token", bare)
        return
    if place.kind == Kind.ACCOUNT:
        user, _, password = place.value.partition(":")
        # A client without a secret has nothing behind its colon.
        if password:
            yield Secret("basic", as_text(place.raw))
        # Beside another name than that of a user stands the secret of a client.
        kind = "password" if Secret("username", unquote_plus(user)) in found else "client_secret"
        place = Place(kind, unquote_plus(password), as_bytes(password))
    yield Secret(place.kind, place.value)
    if "\N{REPLACEMENT CHARACTER}" in place.value:
        # What is not UTF-8 was lost there; whoever searches a text must know which bytes it was.
        yield Secret(place.kind, octets(place))


def octets(place: Place) -> str:
    """Give the bytes of a value that is not UTF-8, each that was lost as a character of its own."""
    return as_text(unquote_to_bytes(place.raw.replace(b"+", b" ")))


def bare_token(sent: str) -> str:
    """Give a token without what a client put around it, which is BIQ604 and no secret: quotes, the scheme once more."""
    return _AROUND.sub("", sent)
