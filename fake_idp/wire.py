"""HTTP messages as values: what was sent, byte for byte, and views that parse it without losing anything.

Rules of this file: nothing here knows OAuth, BlastIQ or a socket, and no view ever raises on what a peer sent.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import NamedTuple, TypeAlias
from urllib.parse import unquote_to_bytes

from fake_idp import customs
from fake_idp.content_coding import inflate

FORM = "application/x-www-form-urlencoded"

Json: TypeAlias = customs.Json


class Pair(NamedTuple):
    """One `name=value` of a form or a query, decoded and raw; `bare` is a name without an equals sign."""

    name: str
    value: str
    raw: bytes
    bare: bool

    def __repr__(self) -> str:
        return f"Pair(bare={self.bare})"


@dataclass(frozen=True)
class Headers:
    """Header fields in wire order and spelling, repeats kept; values are latin-1 text, which loses no byte."""

    raw: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> "Headers":
        """Build from a mapping, for code that writes headers by hand."""
        return cls(tuple(fields.items()))

    def get(self, name: str, default: str | None = None) -> str | None:
        """Give the first value of a field, its name in any case, or the default."""
        places = self._places.get(name.lower())
        return self.raw[places[0]][1] if places else default

    def get_all(self, name: str) -> list[str]:
        """Give every value of a field in wire order."""
        return [self.raw[place][1] for place in self._places.get(name.lower(), ())]

    @cached_property
    def _places(self) -> Mapping[str, Sequence[int]]:
        return _places(tuple([name for name, _ in self.raw]))

    @property
    def media_type(self) -> str | None:
        """The Content-Type without parameters, in lower case (RFC 9110 8.3.1); None where there is none."""
        value = self.get("content-type")
        return None if value is None else value.partition(";")[0].strip().lower()

    @property
    def content_length(self) -> int:
        """The length that Content-Length tells; 0 where it tells none, or a number that is no length of anything."""
        told = self.get("content-length") or ""
        return int(told) if told.isdecimal() and len(told) < 20 else 0

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._places

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.raw)


# A client names the same fields in every message; kept by each of them, this would be most of a long recording.
@lru_cache(maxsize=256)
def _places(names: tuple[str, ...]) -> Mapping[str, Sequence[int]]:
    found: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        found.setdefault(name.lower(), []).append(place)
    return found


def parse_pairs(data: bytes) -> tuple[Pair, ...]:
    """Split and decode by the URL Living Standard, in order, with repeats; a broken escape stays literal."""
    pairs = []
    for raw in filter(None, data.split(b"&")):
        name, equals, value = raw.partition(b"=")
        pairs.append(Pair(_decode(name), _decode(value), raw, not equals))
    return tuple(pairs)


def _decode(data: bytes) -> str:
    data = data.replace(b"+", b" ")
    return (unquote_to_bytes(data) if b"%" in data else data).decode("utf-8", "replace")


def parse_json(body: bytes) -> Json:
    """Read any JSON value; None if it is invalid."""
    try:
        parsed: Json = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return parsed


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request as it stood on the wire; `scheme` is the connection's."""

    method: str
    target: str = field(repr=False)
    headers: Headers = field(default_factory=Headers, repr=False)
    body: bytes = field(default=b"", repr=False)
    http_version: str = "1.1"
    scheme: str = "http"

    @cached_property
    def path(self) -> str:
        """The target without authority and query, as sent."""
        return self._parts[1]

    @property
    def query_string(self) -> str:
        """The query as sent, without the question mark."""
        return self.target.partition("?")[2]

    @cached_property
    def host(self) -> str:
        """Host and port that were called: those of an absolute target, else of the Host header, else empty."""
        return self._parts[0].rpartition("@")[2] or self.headers.get("host") or ""

    @cached_property
    def origin(self) -> str:
        """Scheme and host; an absolute target has its own scheme."""
        scheme = self.target.partition("://")[0] if self._parts[0] else self.scheme
        return f"{scheme.lower()}://{self.host}"

    @cached_property
    def _parts(self) -> tuple[str, str]:
        # Absolute form (RFC 9112 3.2.2) carries the authority; a target may have no fragment, yet some send one.
        target = self.target.partition("?")[0]
        if target.startswith("/") or "://" not in target:
            return "", target
        authority, _, path = target.partition("://")[2].partition("/")
        return authority, "/" + path

    @property
    def url(self) -> str:
        """The whole URL that was called, without query."""
        return self.origin + self.path

    @cached_property
    def query(self) -> tuple[Pair, ...]:
        """The pairs of the query, decoded, in order."""
        return parse_pairs(self.query_string.encode("latin-1", "replace"))

    @cached_property
    def media_type(self) -> str | None:
        """The Content-Type without parameters, in lower case; None if the header is absent."""
        return self.headers.media_type

    @cached_property
    def form(self) -> tuple[Pair, ...]:
        """The pairs of a form-encoded body; empty for another media type."""
        return parse_pairs(self.body) if self.media_type == FORM else ()

    @cached_property
    def json(self) -> Json:
        """The body as JSON, whatever the media type says; None if it is invalid."""
        return parse_json(self.body)


class Ending(StrEnum):
    """How the delivery of a response ends."""

    COMPLETE = "complete"
    CUT = "cut"  # the connection is closed in order, too early
    RESET = "reset"  # TCP RST
    NEVER = "never"  # nothing more comes, the connection stays open
    LEFT = "left"  # the peer left, or the fake was closed, before all of it was on its way


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How a response is sent; times are seconds, `after` counts body bytes sent before a cut, a reset or silence.

    `after=None` means not even the status line leaves.
    """

    delay: float = 0.0
    drip: float = 0.0
    drip_bytes: int = 1
    ending: Ending = Ending.COMPLETE
    after: int | None = None
    chunked: bool = False

    @property
    def silent(self) -> bool:
        """Whether not a single byte leaves."""
        return self.ending is not Ending.COMPLETE and self.after is None


AT_ONCE = Delivery()


@dataclass(frozen=True, kw_only=True)
class Response:
    """A response as it is to stand on the wire; the delivery adds Content-Length and framing."""

    status: int
    headers: Headers = field(default_factory=Headers, repr=False)
    body: bytes = field(default=b"", repr=False)
    reason: str = field(default="", repr=False)
    delivery: Delivery = AT_ONCE

    @property
    def sent(self) -> bytes:
        """The part of the body that is sent before the delivery ends."""
        if self.delivery.ending is Ending.COMPLETE:
            return self.body
        return self.body[: self.delivery.after or 0]

    @cached_property
    def json(self) -> Json:
        """What was sent as JSON, whatever the media type and a content coding say; None if it is invalid."""
        return parse_json(inflate(self.sent) if "content-encoding" in self.headers else self.sent)

    @property
    def members(self) -> dict[str, Json]:
        """The members of what was sent, where that is a JSON object; empty otherwise."""
        return self.json if isinstance(self.json, dict) else {}
