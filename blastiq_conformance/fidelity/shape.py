"""The shape of an answer: what servers that behave alike have in common, whatever their secrets and clocks."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from blastiq_conformance.redaction.places import is_marked
from fake_idp.oidc.token_parts import read_parts
from fake_idp.wire import Json, Response

# A trait is a name and a value; seconds are numbers, and two of them are alike where they differ by one at most:
# a clock ticks between a question and its answer.
Shape = dict[str, str | int]

# What a redacted recording says of a secret.
REDACTED = "redacted"

_HEADERS = ("content-type", "cache-control", "pragma", "allow", "vary", "retry-after", "www-authenticate")
_SHARING = "access-control-"
_RANDOM = frozenset(
    {"access_token", "refresh_token", "id_token", "code", "session_state", "jti", "sid", "kid", "request_uri"}
)
_DRAWN = frozenset({"sub", "e", "n", "at_hash", "s_hash", "c_hash"})
# What names something that lives on: whether it is new or has been seen before is part of the shape.
_LIVING = frozenset({"refresh_token", "jti", "sid"})
_TIMES = frozenset({"nbf", "iat", "auth_time"})
# Of IdentityServer4's errors.
_END = "_=_"
_JWT = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+")
_CLASSES = (("digits", r"\d+"), ("HEX", r"[0-9A-F]+"), ("hex", r"[0-9a-f]+"), ("base64url", r"[\w-]+"))


@dataclass
class Eye:
    """Looks at the answers of one server in their order, and remembers what it has seen."""

    seen: dict[str, str] = field(default_factory=dict)

    def shape(self, answer: Response, *, question: str, origin: str, asked: float, page: bool = False) -> Shape:
        """Give the shape of an answer; of a `page` the status and headers alone."""
        traits: Shape = {"status": answer.status}
        for name in _HEADERS:
            if values := answer.headers.get_all(name):
                traits[name] = " | ".join(values)
        for name, value in answer.headers:
            if name.lower().startswith(_SHARING):
                traits[name.lower()] = value
        if location := answer.headers.get("location"):
            traits |= self._location(location, question, origin, asked)
        if page or not answer.body:
            return traits if page else traits | {"body": "empty"}
        return traits | dict(self._value("body", answer.json, question, origin, asked))

    def _location(self, location: str, question: str, origin: str, asked: float) -> Iterator[tuple[str, str | int]]:
        try:
            parts = urlsplit(location)
        except ValueError:
            yield "location", "no address"
            return
        address = f"{parts.scheme}://{parts.netloc}{parts.path}" if parts.scheme else parts.path
        yield "location", address.replace(origin, "")
        # In mode fragment the answer itself; else what ends an error.
        if "=" in parts.fragment.replace(_END, ""):
            answered: Json = dict(parse_qsl(parts.fragment, keep_blank_values=True))
            yield from self._value("location fragment", answered, question, origin, asked)
        else:
            yield "location end", parts.fragment
        members: Json = dict(parse_qsl(parts.query, keep_blank_values=True))
        yield "location blanks", "+" if "+" in parts.query else "%20"
        yield from self._value("location query", members, question, origin, asked)

    def _value(
        self, place: str, value: Json, question: str, origin: str, asked: float
    ) -> Iterator[tuple[str, str | int]]:
        name = place.rpartition(" ")[2]
        match value:
            case dict():
                yield f"{place} members", " ".join(value)
                expires, begins = value.get("exp"), value.get("nbf")
                if isinstance(expires, int) and isinstance(begins, int):
                    # To the second, as both are of one clock.
                    yield f"{place} lifetime", expires - begins
                for each, item in value.items():
                    yield from self._value(f"{place} {each}", item, question, origin, asked)
            case [dict(), *_]:
                for index, item in enumerate(value):
                    yield from self._value(f"{place} {index}", item, question, origin, asked)
            case int() if name == "exp":
                return
            case int() if name in _TIMES:
                yield f"{place} seconds", value - int(asked)
            case str() if name in _RANDOM or name in _DRAWN:
                yield from self._secret(place, name, value, question, origin, asked)
            case _:
                yield place, json.dumps(value, ensure_ascii=False).replace(origin, "")

    def _secret(
        self, place: str, name: str, value: str, question: str, origin: str, asked: float
    ) -> Iterator[tuple[str, str | int]]:
        if is_marked(value):
            yield place, REDACTED
        if name in _LIVING:
            yield f"{place} first seen", self.seen.setdefault(value, question)
        if is_marked(value):
            return
        if name == "sub" or name in {"n", "e"}:
            yield place, "text"
        elif name.endswith("_token") and _JWT.fullmatch(value):
            header, claims = read_parts(value)
            yield from self._value(f"{place} header", header, question, origin, asked)
            yield from self._value(f"{place} claims", claims, question, origin, asked)
        else:
            # What a pushed request is named by is a URN, whose last part was drawn.
            urn, colon, drawn = value.rpartition(":")
            yield place, urn + colon + ".".join(_kind(part) for part in drawn.split("."))


def compare(expected: Mapping[str, str | int], got: Mapping[str, str | int]) -> dict[str, tuple[object, object]]:
    """Give what differs: trait by trait, what was expected and what is there."""
    differing: dict[str, tuple[object, object]] = {}
    for name in dict.fromkeys((*expected, *got)):
        one, other = expected.get(name), got.get(name)
        close = isinstance(one, int) and isinstance(other, int) and name.endswith("seconds") and abs(one - other) <= 1
        if one != other and not close:
            differing[name] = (one, other)
    return differing


def _kind(text: str) -> str:
    # Duende's refresh tokens have a version behind their digits; base64url may end alike by chance.
    version = re.fullmatch(r"([0-9A-F]+|[0-9a-f]+)(-\d+)", text)
    digits, suffix = version.groups() if version else (text, "")
    for name, pattern in _CLASSES:
        if re.fullmatch(pattern, digits):
            return f"{len(digits)} {name}{suffix}"
    return "text"
