"""A call of the API as rules see it: every place where it carries a token, and whose token that is."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from blastiq_conformance.evidence.canaries import Canaries
from blastiq_conformance.evidence.quotation import quote, quote_authorization
from fake_idp.journal import Exchange
from fake_idp.secrets.patterns import SHORTEST_PREFIX
from fake_idp.wire import Pair, Request

# Words of some length that may be an access token as RFC 6750 2.1 allows it.
ACCESS_TOKEN = re.compile(rf"[A-Za-z0-9._~+/-]{{{SHORTEST_PREFIX},}}=*")
_SCHEMES = frozenset({"bearer", "basic", "token"})


class TokenPlace(StrEnum):
    """Where a request carries a token."""

    AUTHORIZATION = "Authorization header"
    HEADER = "header"
    COOKIE = "cookie"
    QUERY = "query"
    BODY = "body"


class SentToken(NamedTuple):
    """A token in a request: `name` is the header, cookie or parameter, `scheme` what precedes the token."""

    place: TokenPlace
    name: str
    token: str
    scheme: str = ""

    def __repr__(self) -> str:
        return f"SentToken(place={self.place.value!r})"


@dataclass(frozen=True)
class ApiCall:
    """One call of the API; `issued` maps the access tokens of the evidence to the exchange that brought them."""

    exchange: Exchange
    issued: Mapping[str, int] = field(repr=False)
    canaries: Canaries

    @property
    def request(self) -> Request:
        """The request as it was on the wire."""
        return self.exchange.request

    @cached_property
    def status(self) -> int | None:
        """The status of the answer, None where there was none."""
        return self.exchange.status

    @property
    def is_plain(self) -> bool:
        """Whether it obviously carries an issued token as it should, and no other secret."""
        return self._plain_token is not None

    @cached_property
    def _plain_token(self) -> str | None:
        request = self.exchange.request
        if request.body or self.exchange.edited:
            return None
        token = self.canaries.lone_bearer(request.headers.raw, request.target)
        return token if token in self.issued else None

    @cached_property
    def authorization(self) -> str | None:
        """The Authorization header as sent."""
        return self.request.headers.get("authorization")

    @cached_property
    def _authorizations(self) -> Sequence[str]:
        return self.request.headers.get_all("authorization")

    @property
    def shown_authorization(self) -> str:
        """The Authorization header as a finding shows it, which names an absent header or token."""
        header = self.authorization
        if header is None or not header.strip():
            return "absent" if header is None else "empty"
        if header.strip().lower() in _SCHEMES:
            return f"{quote(header.strip())} with no token"
        return quote_authorization(header)

    @cached_property
    def tokens(self) -> tuple[SentToken, ...]:
        """Every token that the call carries, the Authorization header first."""
        if (token := self._plain_token) is not None:
            return (SentToken(TokenPlace.AUTHORIZATION, "Authorization", token, "Bearer"),)
        return tuple(self._sent())

    @cached_property
    def issued_token(self) -> str | None:
        """The issued token that the call carries, even with additions; None where it carries none."""
        # Nearly every call has it where it belongs, so look there first.
        if (token := self._plain_token) is not None:
            return token
        # With any white space before it (BIQ604) the token is still known; of two headers (BIQ603), one may be left
        # from before a renewal.
        last = [word for header in self._authorizations for word in header.split()[-1:] if word in self.issued]
        if last:
            return max(last, key=lambda token: self.issued[token])
        for sent in self.tokens:
            if sent.token in self.issued:
                return sent.token
            # With a second scheme or quotes (BIQ604), the token is still known.
            if (bare := sent.token.rpartition(" ")[2].strip("\"'")) in self.issued:
                return bare
        return None

    @property
    def accepted(self) -> bool:
        """Whether the API answered with success."""
        return self.status is not None and 200 <= self.status < 300

    def _sent(self) -> Iterator[SentToken]:
        for header in self._authorizations:
            scheme, _, token = header.partition(" ")
            yield SentToken(TokenPlace.AUTHORIZATION, "Authorization", token, scheme)
        yield from self._in_pairs(self.request.query if "?" in self.request.target else (), TokenPlace.QUERY)
        yield from self._in_pairs(self.request.form if self.request.body else (), TokenPlace.BODY)
        yield from self._in_json()
        yield from self._in_headers()

    def _in_pairs(self, pairs: Iterable[Pair], place: TokenPlace) -> Iterator[SentToken]:
        for pair in pairs:
            if pair.name.lower() == "access_token" or pair.value in self.issued:
                yield SentToken(place, pair.name, pair.value)

    def _in_json(self) -> Iterator[SentToken]:
        # Names prove nothing here: what the API calls access_token may be another service's.
        members = self.request.json if self.request.body[:1] == b"{" else None
        for name, value in members.items() if isinstance(members, dict) else ():
            if isinstance(value, str) and value in self.issued:
                yield SentToken(TokenPlace.BODY, name, value)

    def _in_headers(self) -> Iterator[SentToken]:
        for name, value in self.request.headers:
            if name.lower() == "authorization":
                continue
            # Words are looked up, instead of searching each header for each token: linear in the length of a recording.
            for word in ACCESS_TOKEN.findall(value):
                if word in self.issued:
                    place = TokenPlace.COOKIE if name.lower() == "cookie" else TokenPlace.HEADER
                    yield SentToken(place, name, word)
