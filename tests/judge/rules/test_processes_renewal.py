"""BIQ501 and BIQ510 where several processes and callers meet the end of a token (D40)."""

from dataclasses import replace

import pytest

from blastiq_conformance.catalogue.example_messages import (
    REFRESH_1,
    REFRESH_2,
    TOKEN_2,
    called,
    died,
    granted,
    refreshed,
    signed_in,
    story,
)
from tests.judge.example import read_example
from tests.judge.rules.verdicts import verdict


def shared(calls: int, *blocks: str) -> str:
    """Callers who share a token that is good for one call: all but the first are refused, and it is renewed once."""
    at_once = "\n### -0.04\n"
    return f"facts: api_calls = {calls}\n###\n{signed_in()}\n### +1.5\n{called()}{at_once}{at_once.join(blocks)}"


RENEWAL = refreshed(REFRESH_1, granted(TOKEN_2, REFRESH_2))
FOUR_CALLERS = shared(4, died(), died(), died(), RENEWAL)


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(
            f"{FOUR_CALLERS}\n###\n{called(TOKEN_2)}\n###\n{died(TOKEN_2)}\n###\n{died(TOKEN_2)}\n###\nexit: 1",
            "passed",
            id="it dies again before the last has had his second try",
        ),
        pytest.param(
            f"{FOUR_CALLERS}\n###\n{called(TOKEN_2)}\n###\n{died(TOKEN_2)}\n###\nexit: 1",
            "warning",
            id="one never tried",
        ),
        pytest.param(
            f"{shared(4, died(), died(), RENEWAL)}\n###\n{called(TOKEN_2)}\n###\n{died(TOKEN_2)}\n###\nexit: 1",
            "cant_tell",
            id="a batch of three, of which one meets the next death, and then no fourth call",
        ),
        pytest.param(
            "\n###\n".join(
                (
                    *("facts: api_calls = 4", "client: p1/p2", signed_in(), "client: p1/p3", called()),
                    *("client: p1/p4", died(), "client: p1/p5", died(), "client: p1/p6", died(), "exit: 1"),
                )
            ),
            "warning",
            id="four processes at once, which do not hear of each other",
        ),
        pytest.param(
            f"{shared(3, died(), RENEWAL)}\n###\n{called(TOKEN_2)}\n### +1.5\n{died(TOKEN_2)}\n###\nexit: 1",
            "warning",
            id="the next call, and no renewal",
        ),
        pytest.param(
            story(
                "facts: api_calls = 3",
                *("client: p1/p2", signed_in(), called()),
                *("client: p1/p3", died()),
                *("client: p1/p4", signed_in(granted(TOKEN_2)), called(TOKEN_2)),
                "exit: 1",
            ),
            "passed",
            id="a job ended with the 401, and the next one signed in",
        ),
        pytest.param(
            story("facts: api_calls = 2", "client: p1/p2", signed_in(), called(), "client: p1/p3", died(), "exit: 1"),
            "warning",
            id="a job ended with the 401, and none came after it",
        ),
        pytest.param(
            story(
                "facts: api_calls = 3",
                *(signed_in(), called(), died(), signed_in(granted(TOKEN_2)), called(TOKEN_2)),
                "exit: 1",
            ),
            "warning",
            id="one process, and a call is missing",
        ),
    ],
)
def test_501_is_about_work_that_stops(example: str, expected: str) -> None:
    """A call that was given up by right, or in a process that ended, is none that the client is stuck with."""
    assert verdict("BIQ501", example) == expected


def test_501_a_token_of_another_session_is_nobodys() -> None:
    """What came from elsewhere, and died, is not renewed by a token that came meanwhile."""
    old = called("of-another-session")
    example = story("facts: api_calls = 1", signed_in(), old, called(), died(), "exit: 1")
    assert verdict("BIQ501", example) == "passed"


def test_501_callers_who_were_under_way_are_not_stubborn() -> None:
    """In a recording, too: three refused at once are one death; three later ones are obstinate."""
    at_once = replace(read_example(shared(1, died(), died(), died())), child=None)
    assert verdict("BIQ501", at_once) == "untested"
    later = replace(read_example(story(signed_in(), called(), died(), died(), died())), child=None)
    assert verdict("BIQ501", later) == "error"


CALLERS = "facts: concurrency = 2, api_calls = 2"


def test_510_each_worker_renews_its_own_token() -> None:
    """Two dead tokens are two renewals, of one process or of two; a third is one too many."""
    start = (CALLERS, signed_in(), signed_in(granted(TOKEN_2, REFRESH_2)), called(), called(TOKEN_2))
    renewals = (refreshed(REFRESH_1, granted("t3", "h4")), refreshed(REFRESH_2, granted("t4", "h5")))
    assert verdict("BIQ510", story(*start, died(), died(TOKEN_2), *renewals)) == "passed"
    assert verdict("BIQ510", story(*start, died(), renewals[0], died(TOKEN_2), renewals[1])) == "passed"
    third = refreshed("h4", granted("t5", "h6"))
    assert verdict("BIQ510", story(*start, died(), died(TOKEN_2), *renewals, third)) == "warning"
    processes = (
        *(CALLERS, "client: p1/p2", signed_in(), called(), died(), renewals[0]),
        *("client: p1/p3", signed_in(granted(TOKEN_2, REFRESH_2)), called(TOKEN_2), died(TOKEN_2), renewals[1]),
    )
    assert verdict("BIQ510", story(*processes)) == "passed"


def test_510_a_process_may_lose_no_token() -> None:
    """Where several processes call, the one whose token stays good has nothing to renew."""
    fortunate = ("client: p1/p3", signed_in(granted(TOKEN_2, REFRESH_2)), called(TOKEN_2))
    unlucky = ("client: p1/p2", signed_in(), called(), died(), refreshed(REFRESH_1, granted("t3", "h4")))
    assert verdict("BIQ510", story(CALLERS, *unlucky, *fortunate)) == "passed"
