"""The fake of one variant, and what happens to it while it is played."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import httpx
import pytest

from blastiq_conformance.runner.contract import Contract
from blastiq_conformance.runner.fake import Traffic, served_fake
from blastiq_conformance.runner.run_context import RunContext
from blastiq_conformance.runner.target import Target
from blastiq_conformance.runner.way import origin
from blastiq_conformance.scenarios import Scenario, Variant, scenarios
from fake_idp.classify import WELL_KNOWN, Kind
from fake_idp.faults import Fault
from fake_idp.http.server import Server
from fake_idp.server_config import ServiceUser
from fake_idp.wire import Delivery

USER = ServiceUser(username="someone", password="something")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@contextmanager
def served(
    server: Server, variant: Variant, *, callers: int = 1, allow_origins: tuple[str, ...] = ()
) -> Iterator[tuple[Contract, Traffic, list[str]]]:
    contacts: list[str] = []
    target = Target(command=("x",), concurrency=callers, allow_origins=allow_origins)
    scenario = Scenario(slug="test", number="", done="", rules=frozenset(), variants=(variant,))
    with served_fake(
        RunContext(server=server, target=target, inherited={}),
        scenario,
        variant,
        users=(USER,),
        on_contact=lambda: contacts.append("contact"),
        identify=lambda *_: "",
    ) as (way, traffic):
        yield way, traffic, contacts


def discover(way: Contract) -> httpx.Response:
    return httpx.get(way.authority + WELL_KNOWN)


def sign_in(way: Contract) -> dict[str, str]:
    form = {"grant_type": "password", "username": "someone", "password": "something", "client_id": "external.customer"}
    token = httpx.post(way.token_url, data=form).json()["access_token"]
    return {"Authorization": f"Bearer {token}"}


def variant_of(slug: str, name: str) -> Variant:
    return next(variant for variant in scenarios()[slug].variants if variant.name == name)


def test_the_first_contact_is_told_once(server: Server) -> None:
    """A slot is given back when a child has called; before that there is no idle time."""
    with served(server, Variant()) as (way, traffic, contacts):
        assert traffic.idle() is None
        discover(way)
        discover(way)
        assert contacts == ["contact"]
        idle = traffic.idle()
        assert idle is not None
        assert 0 <= idle < 5


@pytest.mark.parametrize("origins", [(), ("https://app.example",)])
def test_pages_read_answers_where_they_may(server: Server, origins: tuple[str, ...]) -> None:
    """A target's origins are those that its client is registered with."""
    with served(server, Variant(), allow_origins=origins) as (way, _, _):
        answer = httpx.get(way.authority + WELL_KNOWN, headers={"Origin": "https://app.example"})
        assert answer.headers.get_list("access-control-allow-origin") == list(origins)


def test_a_request_that_is_being_answered_is_no_quiet_time(server: Server) -> None:
    """A service that waits for a slow fake is not stopped for being quiet."""
    fault = Fault(endpoint=Kind.DISCOVERY, delivery=Delivery(delay=30))
    with served(server, Variant(faults=(fault,))) as (way, traffic, _):
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(way.authority + WELL_KNOWN, timeout=0.2)
        assert traffic.idle() == 0.0 or traffic.journal.exchanges


def test_faults_end_after_their_time(server: Server) -> None:
    """An outage that lasts a while counts from the first request."""
    variant = Variant(faults=(Fault(endpoint=Kind.DISCOVERY, status=503),), lasts=0.3)
    with served(server, variant) as (way, _, _):
        assert discover(way).status_code == 503
        deadline = time.monotonic() + 5
        while (status := discover(way).status_code) == 503 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert status == 200


def test_tokens_die_once_after_each_caller_had_its_turn(server: Server) -> None:
    """Two callers: both are served, then the token is dead, and the next one lives."""
    with served(server, Variant(dies_once=True), callers=2) as (way, _, _):
        header = sign_in(way)
        assert [httpx.get(way.api_url, headers=header).status_code for _ in range(3)] == [200, 200, 401]
        header = sign_in(way)
        assert [httpx.get(way.api_url, headers=header).status_code for _ in range(4)] == [200] * 4


@pytest.mark.parametrize(("slug", "name", "offset"), [("clock-skew", "ten-minutes-slow", -600)])
def test_a_clock_that_is_off_shows_in_the_answer(server: Server, slug: str, name: str, offset: int) -> None:
    """The fake's own clock is off, so that Date, iat and exp agree with each other; the token is good all the same.

    What is recorded has the time of this machine, in which whoever reads the report lives.
    """
    with served(server, variant_of(slug, name)) as (way, traffic, _):
        answer = discover(way)
        date = time.mktime(time.strptime(answer.headers["date"], "%a, %d %b %Y %H:%M:%S GMT")) - time.timezone
        assert abs(date - time.time() - offset) < 5
        assert httpx.get(way.api_url, headers=sign_in(way)).status_code == 200
        with socket.create_connection(("127.0.0.1", httpx.URL(way.authority).port or 0)) as odd:
            odd.sendall(b"no HTTP\r\n\r\n")
            odd.recv(999)
    entries = traffic.journal.entries
    assert len(entries) == 4
    for entry in entries:
        assert abs(datetime.fromisoformat(entry.at).timestamp() - time.time()) < 30


@pytest.mark.parametrize("name", ["other-host", "other-path", "other-origin"])
def test_a_mismatched_issuer_is_no_other_spelling_of_the_authority(server: Server, name: str) -> None:
    """Whatever slash or case a client forgives, the issuer is another."""
    with served(server, variant_of("issuer-mismatch", name)) as (way, _, _):
        document = discover(way).json()
        assert document["issuer"].rstrip("/").lower() != way.authority.lower()


def test_another_origin_is_ours_and_answers(server: Server) -> None:
    """Credentials that follow a foreign endpoint are seen, and stay on this machine: D23."""
    with served(server, variant_of("issuer-mismatch", "other-origin")) as (way, traffic, _):
        endpoint = discover(way).json()["token_endpoint"]
        assert not endpoint.startswith(origin(way.authority))
        assert httpx.post(endpoint, data={"grant_type": "password"}).status_code == 400
        assert [exchange.kind for exchange in traffic.journal.exchanges] == [Kind.DISCOVERY, Kind.TOKEN]


def test_a_date_to_wait_for_lies_ahead(server: Server) -> None:
    """Retry-After as a date asks for seconds that are still to come when a child calls."""
    with served(server, variant_of("unavailable", "retry-after-date")) as (way, _, _):
        answer = httpx.post(way.token_url, data={"grant_type": "password"})
        date = time.mktime(time.strptime(answer.headers["retry-after"], "%a, %d %b %Y %H:%M:%S GMT")) - time.timezone
        assert 1 < date - time.time() <= 4


def test_reordered_discovery_has_the_same_members(server: Server) -> None:
    """Order alone changes."""
    with served(server, Variant()) as (plain, _, _):
        members = set(discover(plain).json())
    with served(server, variant_of("discovery-extra", "reordered")) as (way, _, _):
        document = discover(way).json()
        assert set(document) == members
        assert list(document)[-1] == "issuer"
        assert document["issuer"] == way.authority
        assert document["token_endpoint"] == way.token_url


@pytest.mark.parametrize("variant", scenarios()["token-odd"].variants, ids=lambda variant: variant.name)
def test_an_odd_token_is_taken_by_the_api(server: Server, variant: Variant) -> None:
    """Whatever a token looks like, it opens the API: what it holds is the server's business."""
    with served(server, variant) as (way, _, _):
        assert httpx.get(way.api_url, headers=sign_in(way)).status_code == 200


def test_odd_tokens_are_as_odd_as_promised(server: Server) -> None:
    """64 hex digits; about 8 KiB; letters that only the URL alphabet has."""
    tokens = {}
    for variant in scenarios()["token-odd"].variants:
        with served(server, variant) as (way, _, _):
            tokens[variant.name] = sign_in(way)["Authorization"].removeprefix("Bearer ")
    assert len(bytes.fromhex(tokens["opaque"])) == 32
    assert 8_000 < len(tokens["8-kib"]) < 12_000
    assert {"-", "_"} <= set(tokens["url-alphabet"].split(".")[1])
