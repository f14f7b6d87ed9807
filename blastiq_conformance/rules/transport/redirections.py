"""Redirects, and the requests that followed them."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import urljoin, urlsplit

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.canaries import Canaries
from blastiq_conformance.evidence.hosts import origin_of
from fake_idp.classify import Kind
from fake_idp.journal import Exchange
from fake_idp.wire import Request

_Place: TypeAlias = "tuple[tuple[str, str, int | None], str]"

_STATUSES = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, kw_only=True)
class Redirection:
    """A redirect, where it leads, and what went there afterwards."""

    redirect: Exchange
    status: int
    target: str = field(repr=False)
    followed: tuple[Exchange, ...]
    canaries: Canaries

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The exchanges that this rests on."""
        return (self.redirect, *self.followed)

    @property
    def leaves_origin(self) -> bool:
        """Whether it leads to another scheme, host or port than the request that was redirected."""
        return origin_of(self.redirect.request.url) != origin_of(self.target)


def redirections(evidence: Evidence, kind: Kind) -> Sequence[Redirection]:
    """Select the redirects of an endpoint."""
    return tuple(_redirections(evidence, kind))


def _redirections(evidence: Evidence, kind: Kind) -> Iterator[Redirection]:
    places: dict[_Place, list[Exchange]] | None = None
    for exchange in evidence.of_kind(kind):
        response = exchange.response
        if response is None or response.status not in _STATUSES:
            continue
        location = response.headers.get("location")
        if location is None or not exchange.request.host:
            continue
        try:
            target = urljoin(exchange.request.url, location)
            place = _place(target)
        except ValueError:  # not an address that anybody could follow
            continue
        places = _by_place(evidence.judged) if places is None else places
        yield Redirection(
            redirect=exchange,
            status=response.status,
            target=target,
            followed=tuple(x for x in places.get(place, ()) if x.number > exchange.number),
            canaries=evidence.canaries,
        )


def _by_place(exchanges: Sequence[Exchange]) -> dict[_Place, list[Exchange]]:
    found: dict[_Place, list[Exchange]] = {}
    for exchange in exchanges:
        # A request without a valid host was not led there.
        with suppress(ValueError):
            found.setdefault(_place(exchange.request.url), []).append(exchange)
    return found


def text_of(request: Request) -> str:
    """Give all that a request carries as one text to search."""
    values = [value for _, value in request.headers.raw]
    return "\n".join((request.target, *values, request.body.decode("utf-8", "replace")))


def _place(url: str) -> _Place:
    # Without query and fragment; the spelling of the host does not matter.
    return origin_of(url), urlsplit(url).path or "/"
