"""BIQ607 call by call: one renewal and one more try for each, whatever was asked for in all; BIQ608 after a 403."""

from dataclasses import replace

import pytest

from blastiq_conformance.catalogue.example_messages import (
    REFRESH_1,
    TOKEN_1,
    TOKEN_2,
    called,
    died,
    granted,
    refreshed,
    signed_in,
    story,
)
from blastiq_conformance.evidence import Evidence
from tests.judge.example import read_example
from tests.judge.rules.verdicts import result, verdict

PACED = story(signed_in(), called(), called(), called())
FORBIDDEN = called(status="403 Forbidden")
RENEWAL = refreshed(REFRESH_1, granted(TOKEN_2))
SERVICE = ", service = yes"
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
        pytest.param(
            loop(*[died(), RENEWAL, died()] * 3, calls=1, pause=2.0, facts=SERVICE), "passed", id="jobs of a service"
        ),
        pytest.param(
            loop(*[died(), RENEWAL, died()] * 6, calls=1, pause=2.0, facts=SERVICE), "error", id="too many of them"
        ),
    ],
)
def test_each_call_is_tried_twice(example: str, expected: str) -> None:
    """What follows within a second, after a renewal, to the same address, is the same call."""
    assert verdict("BIQ607", beside(example, PACED)) == expected


def beside(example: str, control: str) -> Evidence:
    """A play, and the same client where nothing is odd."""
    return replace(read_example(example), control=read_example(control))


THREE = loop(died(), RENEWAL, died(), RENEWAL, died())
FOUR = loop(died(), RENEWAL, died(), RENEWAL, died(), RENEWAL, died(), calls=2)


@pytest.mark.parametrize(
    ("control", "expected"),
    [
        pytest.param(PACED, "error", id="it parts its calls by a second"),
        pytest.param(f"{signed_in()}\n###\n{called()}\n###\n{called()}", "passed", id="no pause between its calls"),
        pytest.param(story(signed_in(), called(), RENEWAL, called(TOKEN_2)), "passed", id="a new token for each call"),
        pytest.param(
            story(signed_in(), called(), "client: p1/p2", signed_in(granted(TOKEN_2)), called(TOKEN_2)),
            "error",
            id="a process for each call",
        ),
        pytest.param(story(signed_in(), called()), "cant_tell", id="a single call shows nothing"),
    ],
)
@pytest.mark.parametrize("example", [THREE, FOUR])
def test_jobs_that_give_up_may_follow_each_other_at_once(example: str, control: str, expected: str) -> None:
    """Two jobs with two tries each look like one with four, unless the client is known to part its calls."""
    assert verdict("BIQ607", beside(example, control)) == expected


def test_a_loop_that_nothing_is_compared_with_is_none_for_certain() -> None:
    """In a recording nobody knows how many calls were meant: a doubt is said, and eleven in a row are a storm."""
    few = replace(read_example(THREE), child=None, control=None)
    doubtful = result("BIQ607", few)
    assert "several calls that were given up" in doubtful.reason
    assert doubtful.alone, "a recording of the same client where nothing is odd would tell"
    many = [block for _ in range(10) for block in (RENEWAL, died())]
    assert verdict("BIQ607", replace(read_example(loop(died(), *many)), child=None, control=None)) == "error"
    for fewer in (many[:-2], many[:-4]):
        recorded = replace(read_example(loop(died(), *fewer)), child=None, control=None)
        assert verdict("BIQ607", recorded) == "cant_tell"


def test_a_wait_before_the_call_parts_two_calls() -> None:
    """A job that was given up, the next one's sign-in at once, and its call a second later."""
    pause = "\n### +1.2\n"
    soon = "\n### +0.2\n"
    tries = f"{died()}{soon}{RENEWAL}{soon}{died()}{soon}{RENEWAL}"
    again = f"{died()}{soon}{RENEWAL}{soon}{died()}"
    waits = f"facts: api_calls = 2\n###\n{signed_in()}{pause}{tries}{pause}{again}\n###\nexit: 1"
    assert verdict("BIQ607", beside(waits, PACED)) == "passed"
    assert verdict("BIQ607", beside(waits.replace(pause, "\n### +0.9\n"), PACED)) == "error"


def test_each_worker_has_its_own_tries() -> None:
    """Two workers with a token each, both refused for ever: two tries for each, of one process or of two."""
    first, second = signed_in(), signed_in(granted(TOKEN_2, "other"))
    tries = [died(TOKEN_1), died(TOKEN_2), refreshed(REFRESH_1, granted("t3")), refreshed("other", granted("t4"))]
    workers = loop(second, *tries, died("t3"), died("t4"), calls=1)
    assert first in workers
    assert verdict("BIQ607", workers) == "passed"
    more = [refreshed("other", granted("t5")), died("t5")]
    assert verdict("BIQ607", loop(second, *tries, died("t3"), died("t4"), *more, calls=1)) == "error"


def test_each_process_has_its_own_tries() -> None:
    """A job after the other, each refused twice and given up, is not a loop, though they share an address."""
    job = "\n### +0.2\n".join((signed_in(), died(), RENEWAL, died(TOKEN_2)))
    other = job.replace(TOKEN_1, "t3").replace(TOKEN_2, "t4")
    assert verdict("BIQ607", f"{job}\n###\nclient: p1/p2\n###\n{other}") == "passed"
    assert verdict("BIQ607", f"{job}\n###\n{other}") == "error"


BARE = "GET /api\nHTTP/1.1 401 Unauthorized\n\n"


def test_a_challenge_is_no_try() -> None:
    """A first call without a token, answered 401 and repeated at once with one, leaves both tries."""
    blocks = (BARE, signed_in(), died(), RENEWAL, died(TOKEN_2))
    assert verdict("BIQ607", "\n### +0.2\n".join(blocks)) == "passed"
    assert verdict("BIQ607", "\n### +0.2\n".join((*blocks, died(TOKEN_2)))) == "error"


TWICE = (died(), died())


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(story(signed_in(), *TWICE), "passed", id="call and retry"),
        pytest.param(story(signed_in(), *TWICE, died()), "error", id="three for one"),
        pytest.param(story("facts: api_calls = 2", signed_in(), *TWICE, *TWICE), "passed", id="two calls"),
        pytest.param(story(signed_in(), *TWICE, called(), *TWICE), "passed", id="it worked between"),
        pytest.param(story(signed_in(), *TWICE) + "\n### +30\n" + story(*TWICE), "passed", id="the next run"),
        pytest.param(story(signed_in(), called()), "inapplicable", id="never refused"),
    ],
)
def test_a_401_is_met_once(example: str, expected: str) -> None:
    """BIQ607: one more try for each call that was meant."""
    assert verdict("BIQ607", example) == expected


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(story(signed_in(), FORBIDDEN, RENEWAL, called(TOKEN_2)), "passed", id="once: a misunderstanding"),
        pytest.param(story(signed_in(), FORBIDDEN, "client: p1/p3", signed_in()), "passed", id="another process"),
    ],
)
def test_a_403_is_met_by_no_renewal(example: str, expected: str) -> None:
    """BIQ608: a loop is its example."""
    assert verdict("BIQ608", example) == expected
