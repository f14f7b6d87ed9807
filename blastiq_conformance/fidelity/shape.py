"""The shape of an answer: what equal servers have in common, whatever their secrets and clocks."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from blastiq_conformance.redaction.redacted import is_redacted_token
from fake_idp.journal import Exchange
from fake_idp.secrets.token_parts import read_parts
from fake_idp.wire import Json, Response

# A trait is a name and a value; seconds are numbers that may differ by one, for a clock ticks between a question and
# its answer.
Shape = dict[str, str | int]
_Trait = tuple[str, str | int]

# The value of a secret in a redacted recording.
REDACTED = "redacted"

_HEADERS = ("content-type", "cache-control", "pragma", "allow", "vary", "retry-after", "www-authenticate")
_SHARING = "access-control-"
_RANDOM = frozenset(
    {"access_token", "refresh_token", "id_token", "code", "session_state", "jti", "sid", "kid", "request_uri"}
)
_DRAWN = frozenset({"sub", "e", "n", "at_hash", "s_hash", "c_hash"})
# Names of things that live on: whether one is new or has been seen before is part of the shape.
_LIVING = frozenset({"refresh_token", "jti", "sid"})
TIMES = frozenset({"nbf", "iat", "auth_time"})
# Ends the address of IdentityServer4's errors.
_END = "_=_"
_JWT = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+")
_CLASSES = (("digits", r"\d+"), ("HEX", r"[0-9A-F]+"), ("hex", r"[0-9a-f]+"), ("base64url", r"[\w-]+"))


def look(exchange: Exchange, answer: Response, asked: float, seen: dict[str, str]) -> Shape:
    """Give the shape of an answer to a recorded request.

    Both servers are asked the same, so that a refresh token which comes back is a trait.
    """
    page = exchange.response is not None and exchange.response.headers.media_type == "text/html"
    return Look(str(exchange.number), exchange.request.origin, asked, seen).shape(answer, page=page)


@dataclass(frozen=True, slots=True)
class Look:
    """A look at one answer: `question` is what it answers, `origin` was called, at `asked` seconds.

    `seen` is what the same server has answered before, and is added to.
    """

    question: str
    origin: str
    asked: float
    seen: dict[str, str]

    def shape(self, answer: Response, *, page: bool) -> Shape:
        """Give the shape of the answer; of a `page` the status and headers alone."""
        return dict(self._traits(answer, page=page))

    def _traits(self, answer: Response, *, page: bool) -> Iterator[_Trait]:
        yield "status", answer.status
        for name in _HEADERS:
            if values := answer.headers.get_all(name):
                yield name, " | ".join(values)
        for name, value in answer.headers:
            if name.lower().startswith(_SHARING):
                yield name.lower(), value
        if location := answer.headers.get("location"):
            yield from self._location(location)
        if not page and answer.body:
            yield from self._value("body", answer.json)
        elif not page:
            yield "body", "empty"

    def _location(self, location: str) -> Iterator[_Trait]:
        try:
            parts = urlsplit(location)
        except ValueError:
            yield "location", "no address"
            return
        address = f"{parts.scheme}://{parts.netloc}{parts.path}" if parts.scheme else parts.path
        yield "location", address.replace(self.origin, "")
        # In mode fragment, the answer itself; otherwise, the end of an error.
        if "=" in parts.fragment.replace(_END, ""):
            yield from self._value("location fragment", dict(parse_qsl(parts.fragment, keep_blank_values=True)))
        else:
            yield "location end", parts.fragment
        yield "location blanks", "+" if "+" in parts.query else "%20"
        yield from self._value("location query", dict(parse_qsl(parts.query, keep_blank_values=True)))

    def _value(self, place: str, value: Json) -> Iterator[_Trait]:
        name = place.rpartition(" ")[2]
        match value:
            case dict():
                yield f"{place} members", " ".join(value)
                expires, begins = value.get("exp"), value.get("nbf")
                if isinstance(expires, int) and isinstance(begins, int):
                    # Exact, for both are of one clock.
                    yield f"{place} lifetime", expires - begins
                for each, item in value.items():
                    yield from self._value(f"{place} {each}", item)
            case [dict(), *_]:
                for index, item in enumerate(value):
                    yield from self._value(f"{place} {index}", item)
            case int() if name == "exp":
                return
            case int() if name in TIMES:
                yield f"{place} seconds", value - int(self.asked)
            case str() if name in _RANDOM or name in _DRAWN:
                yield from self._secret(place, name, value)
            case _:
                yield place, json.dumps(value, ensure_ascii=False).replace(self.origin, "")

    def _secret(self, place: str, name: str, value: str) -> Iterator[_Trait]:
        if is_redacted_token(value):
            yield place, REDACTED
        if name in _LIVING:
            yield f"{place} first seen", self.seen.setdefault(value, self.question)
        if is_redacted_token(value):
            return
        if name == "sub" or name in {"n", "e"}:
            yield place, "text"
        elif name.endswith("_token") and _JWT.fullmatch(value):
            header, claims = read_parts(value)
            yield from self._value(f"{place} header", header)
            yield from self._value(f"{place} claims", claims)
        else:
            # A pushed request is named by a URN whose last part is random.
            urn, colon, drawn = value.rpartition(":")
            yield place, urn + colon + ".".join(_kind(part) for part in drawn.split("."))


def compare(expected: Mapping[str, str | int], got: Mapping[str, str | int]) -> dict[str, tuple[object, object]]:
    """Give the traits that differ, each with what was expected and what is there."""
    differing: dict[str, tuple[object, object]] = {}
    for name in dict.fromkeys((*expected, *got)):
        one, other = expected.get(name), got.get(name)
        close = isinstance(one, int) and isinstance(other, int) and name.endswith("seconds") and abs(one - other) <= 1
        if one != other and not close:
            differing[name] = (one, other)
    return differing


def _kind(text: str) -> str:
    # Duende's refresh tokens have a version after their digits; base64url may end the same way by chance.
    version = re.fullmatch(r"([0-9A-F]+|[0-9a-f]+)(-\d+)", text)
    digits, suffix = version.groups() if version else (text, "")
    for name, pattern in _CLASSES:
        if re.fullmatch(pattern, digits):
            return f"{len(digits)} {name}{suffix}"
    return "text"
