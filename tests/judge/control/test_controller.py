"""The controller: scenarios on a fake that is up, one after the other, each as `blastiq run` plays it."""

import ssl
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from blastiq_conformance.control.selection import start
from blastiq_conformance.proxy.certificates import Certificates
from blastiq_conformance.runner.controller import Controller
from blastiq_conformance.scenarios import Scenario, Variant, scenarios
from fake_idp.classify import Kind
from fake_idp.core import FakeIdp
from fake_idp.faults import Fault
from fake_idp.http.server import Server
from fake_idp.server_config import ServerConfig
from tests.judge.control.controlled_fake import USER, ControlledFake, controlled_fake


@pytest.fixture
def controlled() -> Iterator[ControlledFake]:
    """A fake that is up."""
    with controlled_fake() as made:
        yield made


@pytest.mark.parametrize("slug", scenarios())
def test_every_variant_of_every_scenario_can_be_played(controlled: ControlledFake, slug: str) -> None:
    """And ends with the next one: then the fake is as it was."""
    before = controlled.discover().json()
    for variant in scenarios()[slug].variants:
        assert start(controlled.controller, slug, variant.name).variant is variant
        assert controlled.idp.scenario == slug
    start(controlled.controller, "sign-in")
    assert controlled.discover().json() == before
    assert controlled.call(controlled.token()) == 200


def test_a_moved_endpoint_is_where_discovery_says(controlled: ControlledFake) -> None:
    """The old address is gone, tokens that were alive stay so, and the journal knows the scenario of each exchange."""
    token = controlled.token()
    start(controlled.controller, "endpoint-moved")
    moved = controlled.discover().json()["token_endpoint"]
    assert not moved.endswith("/connect/token")
    assert controlled.sign_in(moved).status_code == 200
    assert controlled.sign_in(moved.rpartition("/identity/")[0] + "/identity/connect/token").status_code == 404
    assert controlled.call(token) == 200
    assert [x.scenario for x in controlled.idp.journal.exchanges] == ["", *["endpoint-moved"] * 4]
    assert {x.kind for x in controlled.idp.journal.exchanges if "token" in x.request.path} == {Kind.TOKEN}


def test_faults_that_must_know_the_place(controlled: ControlledFake) -> None:
    """Another origin is another port of the same fake, opened once; without a port they are left out."""
    for _ in range(2):
        start(controlled.controller, "issuer-mismatch", "other-origin")
    document = controlled.discover().json()
    assert not document["issuer"].startswith(controlled.listener.origin)
    assert controlled.sign_in(document["token_endpoint"]).status_code == 200
    assert len(controlled.idp.ports) == 2
    without = Controller(FakeIdp())
    start(without, "issuer-mismatch", "other-origin")
    assert without.idp.scenario == "issuer-mismatch"


def test_over_tls_plain_http_is_another_port(tmp_path: Path) -> None:
    """A token endpoint over plain http is one that answers, so that what a client sends there is seen."""
    controller = Controller(FakeIdp(ServerConfig(users=(USER,))))
    with Server() as server, closing(controller):
        listener = controller.open(server, certificates=Certificates(tmp_path))
        start(controller, "endpoint-http")
        trust = ssl.create_default_context(cafile=str(tmp_path / "ca.pem"))
        document = httpx.get(listener.discovery_url, verify=trust, trust_env=False).json()
        assert listener.authority.startswith("https://")
        assert document["token_endpoint"].startswith("http://127.0.0.1:")
        assert httpx.post(document["token_endpoint"], data={}, trust_env=False).status_code == 400


def test_a_clock_that_is_wrong_and_then_right(controlled: ControlledFake) -> None:
    """The clock goes wrong by as much as the variant says, and not by the sum of several; what is recorded is right."""
    for variant, seconds in (("ten-minutes-fast", 600), ("ten-minutes-fast", 600), ("ten-minutes-slow", -600)):
        start(controlled.controller, "clock-skew", variant)
        assert controlled.idp.clock.wall() - time.time() == pytest.approx(seconds, abs=30)
        recorded = datetime.fromisoformat(controlled.idp.clock.now()).timestamp()
        assert recorded == pytest.approx(time.time(), abs=30)
    start(controlled.controller, "sign-in")
    assert controlled.idp.clock.wall() - time.time() == pytest.approx(0, abs=30)


def _with(monkeypatch: pytest.MonkeyPatch, variant: Variant) -> None:
    table = dict(scenarios())
    odd = Scenario(slug="odd", number="", done="Odd.", rules=frozenset(), variants=(variant,))
    monkeypatch.setattr("blastiq_conformance.control.selection.scenarios", lambda: table | {"odd": odd})


OUTAGE = (Fault(endpoint=Kind.DISCOVERY, status=503),)


def test_an_outage_ends_some_time_after_the_first_request(
    controlled: ControlledFake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not before it was noticed."""
    _with(monkeypatch, Variant(faults=OUTAGE, lasts=0.2))
    start(controlled.controller, "odd")
    time.sleep(0.3)
    assert controlled.discover().status_code == 503
    deadline = time.monotonic() + 5
    while controlled.discover().status_code == 503:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_an_outage_that_was_ended_does_not_end_the_next(
    controlled: ControlledFake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By another scenario, or by clearing; its time is over with it."""
    _with(monkeypatch, Variant(faults=OUTAGE, lasts=0.1))
    for end in (lambda: start(controlled.controller, "sign-in"), controlled.controller.clear_faults):
        start(controlled.controller, "odd")
        assert controlled.discover().status_code == 503
        end()
        controlled.controller.idp.add_fault(replace(OUTAGE[0], status=500))
        time.sleep(0.2)
        assert controlled.discover().status_code == 500


def test_tokens_die_once_after_a_call(controlled: ControlledFake) -> None:
    """The scenario `parallel`: all of them, after the first call of the API that it sees."""
    start(controlled.controller, "parallel")
    token = controlled.token()
    assert [controlled.call(token) for _ in range(2)] == [200, 401]
    token = controlled.token()
    assert [controlled.call(token) for _ in range(2)] == [200, 200]


def test_scenarios_change_under_traffic(controlled: ControlledFake) -> None:
    """Neither side waits for the other, and no answer is the fake's own fault."""
    ended = threading.Event()

    def call() -> set[int]:
        statuses = set()
        while not ended.is_set():
            statuses.add(controlled.discover().status_code)
        return statuses

    with ThreadPoolExecutor(2) as pool:
        callers = [pool.submit(call) for _ in range(2)]
        for _ in range(10):
            for path in ("issuer-mismatch/other-origin", "discovery-broken/not-found", "sign-in"):
                assert controlled.tell("POST", f"scenario/{path}").status_code == 200
        ended.set()
        assert set().union(*(caller.result() for caller in callers)) <= {200, 404}
    assert controlled.idp.failures == []
