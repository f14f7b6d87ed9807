"""A token request for rules: every field wherever it was put, Basic credentials, and the answer (N2, N3, N5)."""

import json
from collections.abc import Iterable, Iterator, KeysView
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple
from urllib.parse import unquote_plus

from blastiq_conformance.evidence.discovery_document import Document
from blastiq_conformance.evidence.disguise import decoded, disguise, wrapped_in
from blastiq_conformance.evidence.facts import Facts
from blastiq_conformance.evidence.grouping import grouped
from blastiq_conformance.evidence.json_body import json_pairs
from blastiq_conformance.evidence.multipart import is_multipart, multipart_pairs
from blastiq_conformance.evidence.parameters import is_spelt_like
from blastiq_conformance.evidence.quotation import quote
from fake_idp.journal import Exchange
from fake_idp.secrets.basic import pair_of
from fake_idp.wire import FORM, Json, Pair, Request, parse_pairs

# A finding shows the beginning of a value that is longer.
_SHOWN = 300
# The first bytes of JSON, plain or percent-encoded, of white space before it, and of multipart.
_ODD_BEGINNING = frozenset(bytes([byte]) for byte in b"{[%- \t\r\n")


class Place(StrEnum):
    """Where a field was found."""

    FORM = "form field"
    QUERY = "query parameter"
    JSON = "JSON member"
    MULTIPART = "multipart field"


class Field(NamedTuple):
    """One parameter: `position` counts from 1 in its place; `bare` is a name without equals sign: empty, not absent."""

    name: str
    value: str
    place: Place
    position: int
    raw: bytes = b""
    bare: bool = False

    def __repr__(self) -> str:
        return f"Field(place={self.place.value!r}, position={self.position}, bare={self.bare})"

    def __str__(self) -> str:
        return quote(self.text)

    @property
    def text(self) -> str:
        """Name and value."""
        return self.name if self.bare else f"{self.name}={self.value}"


class Basic(NamedTuple):
    """HTTP Basic credentials, as sent and as OAuth form-decodes them (RFC 6749 2.3.1)."""

    user: str
    password: str

    def __repr__(self) -> str:
        return "Basic()"

    @property
    def decoded(self) -> "Basic":
        """Both parts, form-decoded."""
        return Basic(unquote_plus(self.user), unquote_plus(self.password))

    @property
    def quoted(self) -> str:
        """The header as findings show it."""
        return f"Authorization: Basic with {quote(self.user)}:{quote(self.password)}"

    def names(self, user: str | None) -> bool:
        """Whether this is the user part, as it was sent or with its form encoding taken off."""
        return user in {self.user, self.decoded.user}


@dataclass(frozen=True)
class TokenRequest:
    """One request for a token; names match in any case, as a name in another case is only BIQ218's (D26).

    `document` is the last discovery document before it that named a token endpoint, None where there was none.
    """

    exchange: Exchange
    facts: Facts
    document: Document | None = None

    @property
    def request(self) -> Request:
        """The request as it was on the wire."""
        return self.exchange.request

    @cached_property
    def endpoint(self) -> str:
        """The token endpoint that discovery had named, empty where it had named none."""
        return "" if self.document is None else self.document.token_endpoint or ""

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """Every parameter in body and query, in order: a wrong place does not hide a wrong field (D31)."""
        body = tuple(_body_fields(decoded(self.request)))
        return body + _number(self.request.query, Place.QUERY) if "?" in self.request.target else body

    @cached_property
    def disguise(self) -> str:
        """What the body labelled as a form really is, such as `a JSON object`; empty for a form."""
        return disguise(decoded(self.request))

    @cached_property
    def _by_name(self) -> dict[str, list[Field]]:
        return grouped((item.name.lower(), item) for item in self.fields)

    @property
    def names(self) -> KeysView[str]:
        """The names of all parameters, in lower case."""
        return self._by_name.keys()

    @cached_property
    def advertised(self) -> frozenset[tuple[str, str]]:
        """The pairs in the query of the advertised endpoint, which are not the client's own (BIQ204)."""
        _, mark, query = self.endpoint.partition("?")
        return frozenset((pair.name, pair.value) for pair in parse_pairs(query.encode())) if mark else frozenset()

    def is_advertised(self, item: Field) -> bool:
        """Whether a field belongs to the address of the endpoint, so that the client had to send it (RFC 6749 3.2)."""
        return item.place is Place.QUERY and (item.name, item.value) in self.advertised

    def quote(self, item: Field) -> str:
        """Show a field with the place where it was found, for a finding."""
        shown = item.text if len(item.text) <= _SHOWN else item.text[:_SHOWN] + "…"
        return f"{quote(shown)} ({item.place} {item.position} of {sum(x.place is item.place for x in self.fields)})"

    def all(self, name: str) -> tuple[Field, ...]:
        """Every occurrence of a parameter, its name in any case."""
        return tuple(self._by_name.get(name, ()))

    def first(self, name: str) -> Field | None:
        """The first occurrence of a parameter, or None where it is absent."""
        found = self._by_name.get(name)
        return found[0] if found else None

    def value(self, name: str) -> str | None:
        """The value of the first occurrence; empty where present and empty, None where absent (N5)."""
        found = self._by_name.get(name)
        return found[0].value if found else None

    def received(self, name: str) -> str:
        """Show the first occurrence of a parameter, for a finding, or say that it is absent, and what is like it."""
        field = self.first(name)
        like = [self.quote(item) for item in self.fields if is_spelt_like(item.name, name)]
        return ", but ".join((f"no {name} parameter", *like[:1])) if field is None else self.quote(field)

    @cached_property
    def is_refresh(self) -> bool:
        """Whether this presents a refresh token: by its grant_type, or by its fields, whatever the grant_type."""
        if (self.value("grant_type") or "").strip().lower() == "refresh_token":
            return True
        return "refresh_token" in self._by_name and self._by_name.keys().isdisjoint(("username", "password", "code"))

    @cached_property
    def is_code_exchange(self) -> bool:
        """Whether this presents an authorization code in the attended flow; elsewhere it is a wrong password grant."""
        if self.facts.flow != "attended":
            return False
        grant = self.value("grant_type")
        return grant == "authorization_code" or ("code" in self._by_name and "password" not in self._by_name)

    @cached_property
    def basic(self) -> Basic | None:
        """The credentials of an Authorization: Basic header, even a second one; None where absent or malformed."""
        pairs = filter(None, map(pair_of, self.request.headers.get_all("authorization")))
        return next((Basic(*pair) for pair in pairs), None)

    @property
    def status(self) -> int | None:
        """The status of the answer, None where there was none."""
        return self.exchange.status

    @cached_property
    def answer(self) -> dict[str, Json]:
        """The members of the answer; empty where it was not a JSON object."""
        return self.exchange.reply.members

    @cached_property
    def access_token(self) -> str | None:
        """The access token that came back with 200, None where none did."""
        return (self.told("access_token") or None) if self.status == 200 else None

    @property
    def lifetime(self) -> int | None:
        """The expires_in that came back, None where it is not a whole number."""
        seconds = self.answer.get("expires_in")
        return seconds if isinstance(seconds, int) and not isinstance(seconds, bool) else None

    @property
    def error(self) -> str | None:
        """The OAuth error code that came back (RFC 6749 5.2), None where none did."""
        return self.told("error")

    def told(self, member: str) -> str | None:
        """A text that came back, None where that member is not one."""
        value = self.answer.get(member)
        return value if isinstance(value, str) else None


def _number(pairs: Iterable[Pair], place: Place) -> tuple[Field, ...]:
    return tuple(
        [Field(name, value, place, index, raw, bare) for index, (name, value, raw, bare) in enumerate(pairs, start=1)]
    )


def _body_fields(request: Request) -> Iterable[Field]:
    # Nearly every body is a form, which its first byte shows.
    if request.media_type == FORM and request.body[:1] not in _ODD_BEGINNING:
        wrapped = wrapped_in(request)
        return _number(request.form if wrapped is None else parse_pairs(wrapped.form), Place.FORM)
    body = request.body.strip()
    if not body:
        return ()
    if request.media_type == "multipart/form-data" or is_multipart(request.body):
        return _number(multipart_pairs(request), Place.MULTIPART)
    if named := json_pairs(request):
        return _json_fields(named)
    # A body that only begins like JSON names nothing.
    if request.media_type == FORM:
        return () if disguise(request) else _number(request.form, Place.FORM)
    return () if body[:1] in {b"{", b"["} else _number(parse_pairs(body), Place.FORM)


def _json_fields(named: Iterable[tuple[str, Json]]) -> Iterator[Field]:
    for index, (name, value) in enumerate(named, start=1):
        # null is a name without a value: present and empty (N5).
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) if value is not None else ""
        yield Field(name, text, Place.JSON, index)
