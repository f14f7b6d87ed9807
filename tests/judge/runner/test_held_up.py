"""A run in which the kit itself is late: its scenarios are run again, and what still was late is told."""

import json
import sys
from collections.abc import Callable, Sequence
from types import SimpleNamespace

import pytest

from blastiq_conformance.evidence import Child, Evidence, Facts
from blastiq_conformance.runner.not_run import NotRun
from blastiq_conformance.runner.run import delay, run
from blastiq_conformance.runner.scenario_pool import Event, Happening, ScenarioPool
from blastiq_conformance.runner.scenario_run import ScenarioRun
from blastiq_conformance.runner.target import Target
from blastiq_conformance.scenarios import Scenario, scenarios
from fake_idp.http.lag import Lag
from tests.judge.cli.shell import called
from tests.judge.naive import NAIVE
from tests.judge.runner.programs import program

CONTROL, MANY = scenarios()["control"], scenarios()["many-calls"]


@pytest.fixture(autouse=True)
def _no_foreign_files(monkeypatch: pytest.MonkeyPatch) -> None:
    # Other tests write to the machine's own /tmp, and to search it takes longer than the run.
    monkeypatch.setattr("blastiq_conformance.runner.written._FOR_ALL", ())


def scenario_run(scenario: Scenario, held_up: float, *, interrupted: bool = False) -> ScenarioRun:
    facts = Facts(scenario=scenario.slug, held_up=held_up)
    return ScenarioRun(scenario=scenario, evidences=(Evidence(exchanges=(), facts=facts),), interrupted=interrupted)


class PoolHarness:
    """Stands for the pool: each scenario is as late as the test says, and takes ten seconds of the test's clock."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **late: list[float]) -> None:
        self.late, self.now, self.ran = late, 0.0, list[list[str]]()
        self.interrupted: Callable[[], bool] = bool
        monkeypatch.setattr(ScenarioPool, "run", lambda _, chosen: self.run(chosen))
        clock = SimpleNamespace(monotonic=lambda: self.now)
        monkeypatch.setattr(sys.modules["blastiq_conformance.runner.run"], "time", clock)

    def run(self, chosen: Sequence[Scenario]) -> dict[str, ScenarioRun]:
        self.ran.append([each.slug for each in chosen])
        self.now += 10.0
        return {
            each.slug: scenario_run(each, self.late[each.slug.partition("-")[0]].pop(0), interrupted=self.interrupted())
            for each in chosen
        }


def held_up_in(harness: PoolHarness, *chosen: Scenario) -> list[float]:
    assert harness.now == 0.0
    return [each.held_up for each in run(Target(command=("x",)), chosen)]


def test_nothing_is_run_again_where_the_kit_was_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a quiet machine a run takes as long as ever."""
    harness = PoolHarness(monkeypatch, control=[0.0], many=[0.0])
    assert held_up_in(harness, CONTROL, MANY) == [0.0, 0.0]
    assert harness.ran == [["control"], ["many-calls"]]
    assert delay([scenario_run(CONTROL, 0.0)]) == ""


def test_a_late_scenario_is_run_again_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second run counts, late or not; the control comes first, for the others are compared with it."""
    harness = PoolHarness(monkeypatch, control=[3.0, 0.0], many=[5.0, 2.0])
    assert held_up_in(harness, CONTROL, MANY) == [0.0, 2.0]
    assert harness.ran == [["control"], ["control"], ["many-calls"], ["many-calls"]]


def test_repetitions_take_no_longer_than_what_they_repeat(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two scenarios that took ten seconds together: after one repetition of ten there is no time for another."""
    harness = PoolHarness(monkeypatch, sign=[0.0], many=[3.0, 0.0], api=[3.0, 0.0])
    assert held_up_in(harness, scenarios()["sign-in"], MANY, scenarios()["api-limits"]) == [0.0, 0.0, 3.0]
    assert harness.ran == [["sign-in"], ["many-calls", "api-limits"], ["many-calls"]]


def test_an_interrupted_repetition_leaves_what_was_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C during the second run does not throw the first one away."""
    harness = PoolHarness(monkeypatch, control=[3.0, 0.0], many=[0.0])
    harness.interrupted = lambda: len(harness.ran) == 2
    assert held_up_in(harness, CONTROL, MANY) == [3.0, 0.0]


def test_an_integration_that_never_called_is_told_that_the_kit_was_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its process may not have come to its first request before its timeout."""
    silent = Evidence(exchanges=(), child=Child(timed_out=True), facts=Facts(held_up=42.0))
    late = ScenarioRun(scenario=scenarios()["sign-in"], evidences=(silent,))
    monkeypatch.setattr(ScenarioPool, "run", lambda *_: {"sign-in": late})
    with pytest.raises(NotRun, match=r"never called BlastIQ(.|\n)*held up, for up to 42\.0 s(.|\n)*--jobs 1"):
        run(Target(command=("x",)), [scenarios()["sign-in"]])


def test_the_note_names_scenarios_time_and_remedy() -> None:
    """What happened, what that means, what to do."""
    told = delay([scenario_run(CONTROL, 2.0), scenario_run(MANY, 0.0), scenario_run(scenarios()["verbose"], 13.04)])
    assert told.startswith("In control, verbose the kit itself was held up, for up to 13.0 s")
    assert "not judged" in told
    assert "--jobs 1" in told


@pytest.mark.slow
@pytest.mark.parametrize(("late", "code"), [((0.9,), 0), ((4.0, 0.9), 0), ((4.0, 3.0), 4)])
def test_a_right_client_is_not_accused(monkeypatch: pytest.MonkeyPatch, late: tuple[float, ...], code: int) -> None:
    """A hold-up of up to a second is borne, a longer one means another run, and two of them an incomplete one."""
    coming = iter(late)
    monkeypatch.setattr(Lag, "since", lambda *_: next(coming))
    done = called("run", "--quick", "--rule", "BIQ211", "--rule", "BIQ808", "--format", "json", "--", *program(NAIVE))
    report = json.loads(done.stdout)
    assert done.returncode == code
    assert [result["outcome"] for result in report["results"]] == ["passed", "cant_tell" if code else "passed"]
    assert any("held up, for up to 3.0 s" in note for note in report["notes"]) == bool(code)
    again = len(late) > 1
    assert ("held up for 4.0 s" in done.stderr) == again
    assert f"[{len(late)}/{len(late)}] sign-in: 2 requests" in done.stderr


@pytest.mark.slow
def test_a_violation_that_does_not_depend_on_time_is_still_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client_secret is sent whatever the machine does."""
    monkeypatch.setattr(Lag, "since", lambda *_: 4.0)
    done = called(
        "run", "--quick", "--format", "json", "--", *program(NAIVE), MORE='{"client_secret": "hunter2hunter2"}'
    )
    failed = [result["rule"] for result in json.loads(done.stdout)["results"] if result["outcome"] == "failed"]
    assert done.returncode == 1
    assert "BIQ209" in failed


@pytest.mark.slow
def test_who_follows_a_run_is_told_of_the_repetition(monkeypatch: pytest.MonkeyPatch) -> None:
    """An event says which scenario is run again, and for how long the kit was held up."""
    late, events = [4.0, 0.0], list[Event]()
    monkeypatch.setattr(Lag, "since", lambda *_: late.pop(0))
    run(Target(command=program(NAIVE)), [scenarios()["sign-in"]], on_event=events.append)
    (told,) = [event for event in events if event.what is Happening.HELD_UP]
    assert (told.scenario, told.seconds) == ("sign-in", 4.0)
    assert [event.what for event in events].count(Happening.SCENARIO_ENDED) == 2
