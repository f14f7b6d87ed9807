"""Why a scenario was not played."""

import pytest

from blastiq_conformance.report.account import NOT_ASKED
from blastiq_conformance.runner.target import Target
from blastiq_conformance.scenarios import scenarios
from blastiq_conformance.trial import left_out

PLAIN = Target(command=("x",))
SLOW = "slow: --slow runs it"


@pytest.mark.parametrize(
    ("target", "slug", "reason"),
    [
        (PLAIN, "hangs", SLOW),
        (PLAIN, "two-users", "needs users in blastiq.toml"),
        (PLAIN, "attended-denied", 'needs flow = "attended" in blastiq.toml'),
        (PLAIN, "tls-old", "needs --tls"),
        (PLAIN, "endpoint-http", "needs --intercept"),
        (PLAIN, "throttled", NOT_ASKED),
        (Target(command=("x",), flow="attended"), "throttled", "for integrations that sign in by themselves"),
    ],
)
def test_what_was_not_played_has_its_reason(target: Target, slug: str, reason: str) -> None:
    """What it needs, that it is slow, or that nobody asked for it."""
    reasons = left_out(target, [scenarios()["sign-in"]], all_of_them=True)
    assert "sign-in" not in reasons
    assert reasons[slug].startswith(reason)


def test_of_a_few_nobody_asked_for_the_others() -> None:
    """Whatever else they would need."""
    reasons = left_out(PLAIN, [scenarios()["sign-in"]], all_of_them=False)
    assert set(reasons.values()) == {NOT_ASKED}
    assert len(reasons) == len(scenarios()) - 1
