"""The other hosts that a client called: what it did there is not judged, unless it signed in there."""

from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.grouping import grouped
from blastiq_conformance.evidence.hosts import THIS_MACHINE, host_of, is_open, is_product
from blastiq_conformance.report.shape import OtherHostShape
from blastiq_conformance.secrets.cleaner import Cleaner
from fake_idp.classify import Kind
from fake_idp.journal import Exchange
from fake_idp.system.plain_text import plain

# A browser calls some hundred.
MOST_HOSTS = 1_000


def other_hosts(evidences: Iterable[Evidence], cleaner: Cleaner) -> list[OtherHostShape]:
    """Give each with the number of its requests, by name: 0 if a client connected but got no request through."""
    known = tuple(evidences)
    ours = {host for evidence in known for host in _ours(evidence)}
    called = grouped((host_of(raw), (raw, requests)) for evidence in known for raw, requests in _called(evidence))
    others = sorted(host for host in called if host not in ours and not is_open(host) and not is_product(host))
    return [
        {"host": _shown(host, called[host][0][0], cleaner), "requests": sum(count for _, count in called[host])}
        for host in others[:MOST_HOSTS]
    ]


def put_together(parts: Iterable[Iterable[OtherHostShape]]) -> list[OtherHostShape]:
    """Add up the hosts of several reports."""
    counts = grouped((each["host"], each["requests"]) for part in parts for each in part)
    return [{"host": host, "requests": sum(found)} for host, found in sorted(counts.items())[:MOST_HOSTS]]


def name_hosts(hosts: Sequence[OtherHostShape], most: int = 20) -> str:
    """Name hosts, so many at most, each with the number of its requests; empty if there are none."""
    more = f" and {len(hosts) - most} more" if len(hosts) > most else ""
    return plain(", ".join(f"{each['host']} ({_requests(each['requests'])})" for each in hosts[:most])) + more


def _requests(count: int) -> str:
    return f"{count or 'no'} request{'s' if count > 1 else ''}"


def _ours(evidence: Evidence) -> Iterator[str]:
    """Give the hosts that stand for the product: the authority's, and each on which something of BlastIQ's was seen."""
    authority = evidence.facts.authority
    if authority is not None:
        yield host_of(urlsplit(authority).netloc)
    for exchange in evidence.exchanges:
        if not _is_elsewhere(exchange):
            yield host_of(exchange.request.host)


def _called(evidence: Evidence) -> Iterator[tuple[str, int]]:
    for exchange in evidence.exchanges:
        if _is_elsewhere(exchange):
            yield exchange.request.host, 1
    for connection in evidence.connections:
        if connection.server_name:
            yield connection.server_name, 0


def _is_elsewhere(exchange: Exchange) -> bool:
    if exchange.kind is not Kind.TOKEN:
        return exchange.kind is Kind.OTHER
    # The kit refuses a sign-in to another host like any request there (fake_idp.core); no token endpoint answers so.
    response = exchange.response
    return response is not None and response.status == 403 and not response.body


def _shown(host: str, spelt: str, cleaner: Cleaner) -> str:
    if host == THIS_MACHINE:
        return host
    # A secret may hide in a host name, too: as it was spelt or as it is compared.
    clean = cleaner.quoted(spelt)
    return cleaner.quoted(host) if clean == spelt else clean
