"""Which hosts stand beside BlastIQ's in a report."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blastiq_conformance.evidence import Evidence, Facts
from blastiq_conformance.evidence.hosts import host_of, is_product
from blastiq_conformance.report.other_hosts import MOST_HOSTS, other_hosts, put_together
from blastiq_conformance.secrets.cleaner import Cleaner
from fake_idp.classify import Kind
from fake_idp.journal import Connection, Exchange
from fake_idp.secrets.search import Secret
from fake_idp.wire import Headers, Request, Response


def to(host: str, kind: Kind = Kind.OTHER) -> Exchange:
    return Exchange(number=1, kind=kind, request=Request(method="GET", target="/", headers=Headers((("Host", host),))))


def listed(*exchanges: Exchange, facts: Facts | None = None, names: Sequence[str | None] = ()) -> dict[str, int]:
    connections = tuple(Connection(number=1, server_name=name, ending="TLS handshake failed") for name in names)
    evidence = Evidence(exchanges=exchanges, connections=connections, facts=facts or Facts())
    return {each["host"]: each["requests"] for each in other_hosts([evidence], Cleaner([evidence], live=True))}


def test_each_is_listed_with_its_requests() -> None:
    """By name, however it was spelt."""
    found = listed(to("maps.example"), to("Log.example:443"), to("log.example."), to("log.example:8443"))
    assert found == {"log.example": 2, "log.example:8443": 1, "maps.example": 1}
    assert list(found) == sorted(found)


@pytest.mark.parametrize("host", ["www.blastiq.com", "uat.blastiq.com", "", "{{host}}", "login.mine.example"])
def test_what_may_be_the_products_is_not_listed(host: str) -> None:
    """Its hosts, the authority's, and those that nobody knows."""
    assert listed(to(host), facts=Facts(authority="https://login.mine.example/identity")) == {}


def test_where_something_of_blastiq_was_seen_is_no_other_host() -> None:
    """In another play too: the host stands for the product there, whatever else was asked of it."""
    runs = [
        Evidence(exchanges=(to("data.example", Kind.API),)),
        Evidence(exchanges=(to("data.example"), to("x.example"))),
    ]
    assert [each["host"] for each in other_hosts(runs, Cleaner(runs, live=True))] == ["x.example"]


@pytest.mark.parametrize(("status", "body", "hosts"), [(403, b"", {"a.example": 1}), (403, b"{}", {}), (401, b"", {})])
def test_a_sign_in_that_was_refused_by_the_kit_is_listed(status: int, body: bytes, hosts: dict[str, int]) -> None:
    """It is judged, and went astray all the same; what a token endpoint answers makes its host BlastIQ's."""
    answer = Response(status=status, headers=Headers(), body=body)
    assert listed(replace(to("a.example", Kind.TOKEN), response=answer)) == hosts


def test_this_machine_is_one_host() -> None:
    """Its ports differ from run to run; where the authority is on it, it is BlastIQ's."""
    assert listed(to("127.0.0.1:4711"), to("localhost:80")) == {"this machine": 2}
    assert listed(to("localhost:4711"), facts=Facts(authority="http://127.0.0.1:1/identity")) == {}


def test_a_connection_that_came_to_nothing_is_one() -> None:
    """A client that trusts nobody has called all the same."""
    assert listed(to("a.example"), names=["a.example", "b.example", "www.blastiq.com", None]) == {
        "a.example": 1,
        "b.example": 0,
    }


@pytest.mark.parametrize("spelt", ["zq7e-canary-of-somebody", "zQ7e-Canary-of-Somebody"])
def test_no_secret_leaves_by_a_name(spelt: str) -> None:
    """What is looked up is a way out as well."""
    facts = Facts(issued=(Secret("access_token", spelt),))
    assert list(listed(to(f"{spelt}.evil.example"), facts=facts)) == ["<access_token:1>.evil.example"]


def test_not_more_are_kept_than_anybody_reads() -> None:
    """Who calls a host of its own for each request fills no report."""
    assert len(listed(*(to(f"{n}.example") for n in range(MOST_HOSTS + 5)))) == MOST_HOSTS


def test_parts_are_added_up() -> None:
    """Each host stands there once."""
    one, two = {"host": "b", "requests": 1}, {"host": "a", "requests": 2}
    assert put_together([[one], [two, one]]) == [two, {"host": "b", "requests": 2}]  # type: ignore[list-item]  # as the report holds them


_HOSTS = st.sampled_from(("a.example", "B.example:443", "www.blastiq.com", "127.0.0.1:1", "{{x}}", "", "idp.example"))


@given(st.lists(st.builds(to, _HOSTS, st.sampled_from((Kind.OTHER, Kind.API)))), st.randoms())
def test_every_request_elsewhere_is_counted_once(exchanges: list[Exchange], random: Random) -> None:
    """In whatever order they came, and never one that was judged."""
    found = listed(*exchanges)
    ours = {host_of(x.request.host) for x in exchanges if x.kind is Kind.API}
    hosts = [host_of(x.request.host) for x in exchanges if x.kind is Kind.OTHER]
    others = [host for host in hosts if host and "{{" not in host and host not in ours and not is_product(host)]
    assert found == {host: others.count(host) for host in others}
    random.shuffle(exchanges)
    assert listed(*exchanges) == found
