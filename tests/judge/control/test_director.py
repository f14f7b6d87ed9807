"""The director: scenarios on a fake that is up, one after the other, each as `blastiq run` plays it."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

import pytest

from blastiq_conformance.control.director import Director
from blastiq_conformance.scenarios import Scenario, Variant, scenarios
from fake_idp.classify import Kind
from fake_idp.core import FakeIdp
from fake_idp.faults import Fault
from tests.judge.control.stage import Stage, staged


@pytest.fixture
def stage() -> Iterator[Stage]:
    """A fake that is up."""
    with staged() as made:
        yield made


@pytest.mark.parametrize("slug", scenarios())
def test_every_variant_of_every_scenario_can_be_played(stage: Stage, slug: str) -> None:
    """And ends with the next one: then the fake is as it was."""
    before = stage.discover().json()
    for variant in scenarios()[slug].variants:
        assert stage.director.play(slug, variant.name).variant is variant
        assert stage.idp.scenario == slug
    stage.director.play("sign-in")
    assert stage.discover().json() == before
    assert stage.call(stage.token()) == 200


def test_a_moved_endpoint_is_where_discovery_says(stage: Stage) -> None:
    """The old address is gone, tokens that were alive stay so, and the journal knows the scenario of each exchange."""
    token = stage.token()
    stage.director.play("endpoint-moved")
    moved = stage.discover().json()["token_endpoint"]
    assert not moved.endswith("/connect/token")
    assert stage.sign_in(moved).status_code == 200
    assert stage.sign_in(moved.rpartition("/identity/")[0] + "/identity/connect/token").status_code == 404
    assert stage.call(token) == 200
    assert [x.scenario for x in stage.idp.journal.exchanges] == ["", *["endpoint-moved"] * 4]
    assert {x.kind for x in stage.idp.journal.exchanges if "token" in x.request.path} == {Kind.TOKEN}


def test_faults_that_must_know_the_place(stage: Stage) -> None:
    """Another origin is another port of the same fake, opened once."""
    for _ in range(2):
        stage.director.play("issuer-mismatch", "other-origin")
    document = stage.discover().json()
    assert not document["issuer"].startswith(stage.listener.origin)
    assert stage.sign_in(document["token_endpoint"]).status_code == 200
    assert len(stage.idp.ports) == 2
    with pytest.raises(RuntimeError, match="open the port first"):
        Director(FakeIdp()).play("issuer-mismatch", "other-origin")


def test_a_clock_that_is_wrong_and_then_right(stage: Stage) -> None:
    """The clock goes wrong by as much as the variant says, and not by the sum of several; what is recorded is right."""
    for variant, seconds in (("ten-minutes-fast", 600), ("ten-minutes-fast", 600), ("ten-minutes-slow", -600)):
        stage.director.play("clock-skew", variant)
        assert stage.idp.clock.wall() - time.time() == pytest.approx(seconds, abs=30)
        recorded = datetime.fromisoformat(stage.idp.clock.now()).timestamp()
        assert recorded == pytest.approx(time.time(), abs=30)
    stage.director.play("sign-in")
    assert stage.idp.clock.wall() - time.time() == pytest.approx(0, abs=30)


def _with(monkeypatch: pytest.MonkeyPatch, variant: Variant) -> None:
    table = dict(scenarios())
    odd = Scenario(slug="odd", number="", done="Odd.", rules=frozenset(), variants=(variant,))
    monkeypatch.setattr("blastiq_conformance.control.cue.scenarios", lambda: table | {"odd": odd})


OUTAGE = (Fault(endpoint=Kind.DISCOVERY, status=503),)


def test_an_outage_ends_some_time_after_the_first_request(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not before it was noticed."""
    _with(monkeypatch, Variant(faults=OUTAGE, lasts=0.2))
    stage.director.play("odd")
    time.sleep(0.3)
    assert stage.discover().status_code == 503
    deadline = time.monotonic() + 5
    while stage.discover().status_code == 503:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_an_outage_that_was_ended_does_not_end_the_next(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """By another scenario, or by clearing; its time is over with it."""
    _with(monkeypatch, Variant(faults=OUTAGE, lasts=0.1))
    for end in (lambda: stage.director.play("sign-in"), stage.director.clear_faults):
        stage.director.play("odd")
        assert stage.discover().status_code == 503
        end()
        stage.director.add_fault(replace(OUTAGE[0], status=500))
        time.sleep(0.2)
        assert stage.discover().status_code == 500


def test_tokens_die_once_after_a_call(stage: Stage) -> None:
    """The scenario `parallel`: all of them, after the first call of the API that it sees."""
    stage.director.play("parallel")
    token = stage.token()
    assert [stage.call(token) for _ in range(2)] == [200, 401]
    token = stage.token()
    assert [stage.call(token) for _ in range(2)] == [200, 200]


def test_scenarios_change_under_traffic(stage: Stage) -> None:
    """Neither side waits for the other, and no answer is the fake's own fault."""
    ended = threading.Event()

    def call() -> set[int]:
        statuses = set()
        while not ended.is_set():
            statuses.add(stage.discover().status_code)
        return statuses

    with ThreadPoolExecutor(2) as pool:
        callers = [pool.submit(call) for _ in range(2)]
        for _ in range(10):
            for path in ("issuer-mismatch/other-origin", "discovery-broken/not-found", "sign-in"):
                assert stage.tell("POST", f"scenario/{path}").status_code == 200
        ended.set()
        assert set().union(*(caller.result() for caller in callers)) <= {200, 404}
    assert stage.idp.failures == []
