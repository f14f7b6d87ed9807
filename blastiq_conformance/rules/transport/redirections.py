"""Redirects that were answered, and the requests by which they were followed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from blastiq_conformance.canaries import Canaries
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.origins import origin_of
from fake_idp.classify import Kind
from fake_idp.journal import Exchange

_STATUSES = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, kw_only=True)
class Redirection:
    """A redirect, where it leads, and what went there afterwards."""

    redirect: Exchange
    status: int
    target: str
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
    for exchange in evidence.of_kind(kind):
        response = exchange.response
        location = response.headers.get("location") if response is not None else None
        if response is None or response.status not in _STATUSES or location is None or not exchange.request.host:
            continue
        try:
            target = urljoin(exchange.request.url, location)
            place = (origin_of(target), target.partition("?")[0])
            followed = tuple(x for x in evidence.judged if x.number > exchange.number and _place(x) == place)
        except ValueError:  # no address that anybody could follow
            continue
        yield Redirection(
            redirect=exchange,
            status=response.status,
            target=target,
            followed=followed,
            canaries=evidence.canaries,
        )


def _place(exchange: Exchange) -> tuple[tuple[str, str, int | None], str]:
    url = exchange.request.url
    return origin_of(url), url
