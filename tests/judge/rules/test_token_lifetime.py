"""BIQ605, BIQ606 and BIQ609: a token is used until it expires, and no longer, whatever the clocks say."""

import pytest

from blastiq_conformance.catalogue.example_messages import (
    DISCOVERED,
    REFRESH_1,
    REFRESH_2,
    TOKEN_1,
    TOKEN_2,
    TOKEN_3,
    called,
    died,
    granted,
    refreshed,
    signed_in,
    story,
)
from tests.judge.rules.verdicts import verdict

FORBIDDEN = called(status="403 Forbidden")
RENEWED = refreshed(REFRESH_1, granted(TOKEN_2, REFRESH_2))

FRESH = [signed_in(granted(token, REFRESH_2)) for token in (TOKEN_1, TOKEN_2, TOKEN_3)]
CALLS = [called(TOKEN_1), called(TOKEN_2), called(TOKEN_3)]
RENEWED_TWICE = (
    CALLS[0],
    refreshed(REFRESH_2, granted(TOKEN_2, REFRESH_2)),
    CALLS[1],
    refreshed(REFRESH_2, granted(TOKEN_3, REFRESH_2)),
    CALLS[2],
)


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(story(FRESH[0], FRESH[1], CALLS[1], CALLS[1]), "cant_tell", id="two at start, or two workers"),
        pytest.param(story(FRESH[0], FRESH[1], *[CALLS[1]] * 4), "warning", id="two at start, and one for nothing"),
        pytest.param(story(FRESH[0], CALLS[0], FRESH[1], *[CALLS[1]] * 4), "passed", id="a second component"),
        pytest.param(story(FRESH[0], died(), FRESH[1], died(TOKEN_2), FRESH[2], CALLS[2]), "passed", id="after 401"),
        pytest.param(story(FRESH[0], FORBIDDEN, FRESH[1], FORBIDDEN, FRESH[2]), "passed", id="after 403: BIQ608"),
        pytest.param(
            "\n### +3400\n".join((FRESH[0], FRESH[1], FRESH[2], *CALLS)), "passed", id="shortly before the end"
        ),
        pytest.param("\n### +700\n".join((FRESH[0], *RENEWED_TWICE)), "warning", id="long before the end"),
        pytest.param("\n### +950\n".join((FRESH[0], *RENEWED_TWICE)), "passed", id="renewed at half of its life"),
        pytest.param(story(*FRESH, CALLS[2]), "inapplicable", id="one call"),
        pytest.param(story(*FRESH, *CALLS).replace("3600", "5"), "inapplicable", id="short life: N12"),
        pytest.param(story(*FRESH, *CALLS).replace("3600", '"3600"'), "inapplicable", id="odd life: BIQ405"),
        pytest.param(story("facts: scenario = clock-skew", *FRESH, *CALLS), "inapplicable", id="BIQ609"),
        pytest.param(story("facts: other_user = a:b", *FRESH, *CALLS), "inapplicable", id="two users"),
        pytest.param(story(FRESH[0], signed_in("{}"), *CALLS), "passed", id="no token came"),
    ],
)
def test_a_token_serves_all_calls(example: str, expected: str) -> None:
    """BIQ605: needless tokens are those that come while the one before is good."""
    assert verdict("BIQ605", example) == expected


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(f"{signed_in()}\n### +3700\n{died()}\n###\nexit: 1", "warning", id="never renewed"),
        pytest.param(f"{signed_in()}\n### +3700\n{died()}\n###\n{RENEWED}", "info", id="renewed after the 401"),
        pytest.param(f"{signed_in()}\n### +3602\n{called()}", "inapplicable", id="within the tolerance"),
        pytest.param(f"{signed_in('{}')}\n### +3700\n{called()}", "inapplicable", id="no token"),
        pytest.param(f"{signed_in().replace('3600', '0')}\n### +3700\n{called()}", "inapplicable", id="no lifetime"),
    ],
)
def test_an_expired_token_is_not_used(example: str, expected: str) -> None:
    """BIQ606: by the lifetime that the answer named."""
    assert verdict("BIQ606", example) == expected


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(story(signed_in(), "exit: 1"), "warning", id="not yet valid"),
        pytest.param(story(signed_in(), died(), RENEWED, called(TOKEN_2)), "passed", id="refused by the API"),
        pytest.param(story(signed_in("{}"), "exit: 1"), "inapplicable", id="no token"),
        pytest.param(story(DISCOVERED, "exit: 1"), "warning", id="stopped by the Date of discovery"),
    ],
)
def test_clocks_are_not_compared(example: str, expected: str) -> None:
    """BIQ609: a good token is used, whatever the clocks say."""
    assert verdict("BIQ609", story("facts: scenario = clock-skew", example)) == expected
