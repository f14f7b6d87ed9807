"""How many scenarios run at once."""

from itertools import accumulate
from typing import Any

import pytest

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.runner.run import run
from blastiq_conformance.runner.scenario_run import run_variant
from blastiq_conformance.runner.target import Target
from blastiq_conformance.scenarios import scenarios
from tests.judge.runner.programs import GOOD
from tests.judge.runner.test_run import late

pytestmark = pytest.mark.slow


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """+1 for each variant that begins, -1 for each that has ended."""
    steps: list[int] = []

    def counted(*given: Any, **more: Any) -> Evidence:
        steps.append(1)
        evidence = run_variant(*given, **more)
        steps.append(-1)
        return evidence

    monkeypatch.setattr("blastiq_conformance.runner.scenario_pool.run_variant", counted)
    return steps


def test_scenarios_that_wait_run_beside_each_other(steps: list[int]) -> None:
    """More are alive than there are processors, for those that wait keep none of them busy."""
    run(Target(command=GOOD), [scenarios()["sign-in"], *(late(f"late-{n}") for n in range(6))], jobs=2)
    assert max(accumulate(steps)) > 2


def test_a_single_job_runs_one_after_the_other(steps: list[int]) -> None:
    """An integration that cannot run twice at once is judged with one job."""
    run(Target(command=GOOD), [late("one"), late("two"), late("three")], jobs=1)
    assert steps == [1, -1] * 3
