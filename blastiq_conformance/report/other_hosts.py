"""The other hosts that a client called; nothing that it did there was judged."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.hosts import THIS_MACHINE, host_of, is_open, is_product
from blastiq_conformance.report.shape import OtherHostShape
from blastiq_conformance.secrets.cleaner import Cleaner
from fake_idp.classify import Kind

# A browser calls some hundred.
MOST_HOSTS = 1_000


def other_hosts(evidences: Iterable[Evidence], cleaner: Cleaner) -> list[OtherHostShape]:
    """Give each with the number of its requests, by name: 0 if a client connected but got no request through."""
    known = tuple(evidences)
    ours = {host for evidence in known for host in _ours(evidence)}
    called: dict[str, tuple[str, int]] = {}
    for raw, requests in (found for evidence in known for found in _called(evidence)):
        host = host_of(raw)
        if host not in ours and not is_open(host) and not is_product(host):
            spelt, count = called.get(host, (raw, 0))
            called[host] = (spelt, count + requests)
    return [
        {"host": _shown(host, spelt, cleaner), "requests": count}
        for host, (spelt, count) in sorted(called.items())[:MOST_HOSTS]
    ]


def put_together(parts: Iterable[Iterable[OtherHostShape]]) -> list[OtherHostShape]:
    """Add up the hosts of several reports."""
    counts: dict[str, int] = {}
    for listed in (listed for part in parts for listed in part):
        counts[listed["host"]] = counts.get(listed["host"], 0) + listed["requests"]
    return [{"host": host, "requests": count} for host, count in sorted(counts.items())[:MOST_HOSTS]]


def _ours(evidence: Evidence) -> Iterator[str]:
    """Give the hosts that stand for the product: the authority's, and each on which something of BlastIQ's was seen."""
    authority = evidence.facts.authority
    if authority is not None:
        yield host_of(urlsplit(authority).netloc)
    for exchange in evidence.exchanges:
        if exchange.kind is not Kind.OTHER:
            yield host_of(exchange.request.host)


def _called(evidence: Evidence) -> Iterator[tuple[str, int]]:
    for exchange in evidence.exchanges:
        if exchange.kind is Kind.OTHER:
            yield exchange.request.host, 1
    for connection in evidence.connections:
        if connection.server_name:
            yield connection.server_name, 0


def _shown(host: str, spelt: str, cleaner: Cleaner) -> str:
    if host == THIS_MACHINE:
        return host
    # A secret may hide in a host name, too: as it was spelt or as it is compared.
    clean = cleaner.text(spelt)
    return cleaner.text(host) if clean == spelt else clean
