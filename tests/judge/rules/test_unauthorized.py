"""BIQ607 call by call: one renewal and one more try for each, whatever was asked for in all."""

import pytest

from blastiq_conformance.example_messages import HANDLE_1, TOKEN_2, called, died, granted, refreshed, signed_in
from tests.judge.rules.verdicts import verdict

RENEWAL = refreshed(HANDLE_1, granted(TOKEN_2))
ELSEWHERE = died().replace("/api", "/api/v3/holes")


def loop(*blocks: str, calls: int = 3, pause: float = 0.2, facts: str = "") -> str:
    """A sign-in, then these messages, a pause before each."""
    gap = f"\n### +{pause}\n"
    return f"facts: api_calls = {calls}{facts}\n###\n{signed_in()}{gap}{gap.join(blocks)}\n###\nexit: 1"


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(loop(died(), RENEWAL, died()), "passed", id="one more try"),
        pytest.param(loop(died(), RENEWAL, died(), RENEWAL, died()), "error", id="a third for one call"),
        pytest.param(loop(died(), RENEWAL, died(), died(), RENEWAL, died()), "passed", id="two calls, two tries each"),
        pytest.param(
            loop(died(), RENEWAL, died(), RENEWAL, died(), RENEWAL, died(), pause=1.0), "passed", id="a second apart"
        ),
        pytest.param(loop(died(), RENEWAL, ELSEWHERE, RENEWAL, died()), "passed", id="other addresses between"),
        pytest.param(loop(died(), RENEWAL, died(), called(), died(), RENEWAL, died()), "passed", id="one that worked"),
        pytest.param(
            loop(died(), RENEWAL, died(), RENEWAL, died(), facts=", concurrency = 3"), "passed", id="several callers"
        ),
        pytest.param(loop(*[died()] * 7), "error", id="no renewal at all: the tries of three calls are six"),
    ],
)
def test_each_call_is_tried_twice(example: str, expected: str) -> None:
    """What follows within a second, after a renewal, to the same address, is the same call."""
    assert verdict("BIQ607", example) == expected
