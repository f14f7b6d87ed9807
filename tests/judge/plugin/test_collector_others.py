"""What blastiq.toml as tests says beside the rules that a scenario is for, and what it is compared with."""

import pytest

from blastiq_conformance.scenarios import scenarios
from tests.judge.plugin.test_collector import AUDIENCE, starts, write

pytestmark = pytest.mark.slow


def test_what_a_scenario_is_not_for_speaks_all_the_same(suite: pytest.Pytester) -> None:
    """One item holds all that: an audience is sent in every scenario, and sign-in alone is for BIQ211 (D37)."""
    write(suite, AUDIENCE, scenarios="'sign-in', 'extra-members'")
    result = suite.runpytest("blastiq.toml", "-k", "extra-members and (others or BIQ401)", "-rA")
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(["FAIL  BIQ211 audience-sent*", "FAILED blastiq.toml::shop::extra-members::others*"])


def test_the_control_is_played_once_for_all(suite: pytest.Pytester) -> None:
    """Each odd scenario is compared with the same play of its target."""
    write(suite, scenarios="'extra-members', 'endpoint-query', 'endpoint-moved'")
    suite.runpytest("blastiq.toml", "-k", "BIQ401 or BIQ204 or BIQ103")
    assert starts(suite) == 3 + len(scenarios()["extra-members"].variants)
