"""What a client does after a 403: BIQ608 beyond its example."""

import pytest

from blastiq_conformance.catalogue.example_messages import (
    REFRESH_1,
    REFRESH_2,
    TOKEN_2,
    TOKEN_3,
    called,
    granted,
    refreshed,
    signed_in,
    story,
)
from tests.judge.rules.verdicts import verdict

FORBIDDEN = called(status="403 Forbidden")
RENEWED = refreshed(REFRESH_1, granted(TOKEN_2, REFRESH_2))


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(story(signed_in(), FORBIDDEN, RENEWED, called(TOKEN_2)), "passed", id="once: a misunderstanding"),
        pytest.param(
            story(signed_in(), FORBIDDEN, "client: p2", signed_in(granted(TOKEN_2, REFRESH_2)), called(TOKEN_2)),
            "passed",
            id="another process",
        ),
        pytest.param(
            story(
                *("client: p1/p2", signed_in(), "client: p1/p3", FORBIDDEN),
                *("client: p1/p4", RENEWED, "client: p1/p5", called(TOKEN_2, "403 Forbidden")),
                *("client: p1/p6", refreshed(REFRESH_2, granted(TOKEN_3, "")), "client: p1/p7", called(TOKEN_3)),
            ),
            "warning",
            id="curl for each",
        ),
    ],
)
def test_a_403_is_met_by_no_renewal(example: str, expected: str) -> None:
    """BIQ608: a loop is its example."""
    assert verdict("BIQ608", example) == expected
