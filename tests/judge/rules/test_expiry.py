"""Rule 501 beyond its example: what a process does when its token dies, and what no source demands of it."""

from dataclasses import replace

import pytest

from blastiq_conformance.catalogue.example_messages import (
    REFRESH_1,
    REFRESH_2,
    TOKEN_2,
    TOKEN_3,
    called,
    died,
    granted,
    refreshed,
    signed_in,
    story,
)
from tests.judge.example import read_example
from tests.judge.rules.verdicts import result, verdict

SECOND = granted(TOKEN_2, REFRESH_2)
TWO = "facts: api_calls = 2"
INVALID = '{"error":"invalid_grant"}'


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(story(signed_in(), called()), "untested", id="nothing died"),
        pytest.param(story(signed_in(), died(), died(), died()), "untested", id="never worked: BIQ607"),
        pytest.param(story(signed_in(), called(), signed_in(SECOND), called(TOKEN_2)), "passed", id="renewed early"),
        pytest.param(
            story("facts: api_calls = 3", signed_in(), called(), died(), refreshed(REFRESH_1, SECOND), called(TOKEN_2)),
            "error",
            id="a call is missing",
        ),
        pytest.param(
            story(
                "facts: api_calls = 2", signed_in(), called(), died(), refreshed(REFRESH_1, INVALID, "400 Bad Request")
            ),
            "error",
            id="refresh refused, no sign-in",
        ),
        pytest.param(story(signed_in(), called(), died(), died()), "passed", id="one stubborn retry"),
        pytest.param(story(signed_in(), called(), died(), died(), died()), "error", id="dead token on and on"),
        pytest.param(
            story("facts: api_calls = 2", signed_in(), called(), died(), died(), died(), "exit: 1"),
            "error",
            id="on and on, and then a failure",
        ),
        pytest.param(
            story(TWO, signed_in(), called(), died(), "exit: 1"), "warning", id="a job that ends with a failure"
        ),
        pytest.param(story(TWO, signed_in(), called(), died(), "exit: -15"), "warning", id="one that is ended"),
        pytest.param(story(TWO, signed_in(), called(), died(), "exit: 0"), "error", id="one that hides it"),
        pytest.param(story(TWO, signed_in(), called(), died(), "exit: timeout"), "error", id="one that hangs"),
        pytest.param(
            story(f"{TWO}, service = yes", signed_in(), called(), died(), "exit: stopped"),
            "error",
            id="a stuck service",
        ),
        pytest.param(
            story(f"{TWO}, service = yes", signed_in(), called(), died(), "exit: 1"),
            "warning",
            id="a service that ends, to be started again",
        ),
    ],
)
def test_501_expiry(example: str, expected: str) -> None:
    """The calls that were asked for must succeed once a token has died; to end with a failure is a warning (D39)."""
    assert verdict("BIQ501", example) == expected


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        pytest.param([called(TOKEN_2), died(TOKEN_2)], "passed", id="another caller used it up"),
        pytest.param([called(TOKEN_2), *[died(TOKEN_2)] * 4], "error", id="and who goes on with it is stubborn"),
        pytest.param([], "warning", id="the new token was not used"),
    ],
)
def test_501_a_token_that_dies_among_callers(after: list[str], expected: str) -> None:
    """Of two callers that were refused at once, one finds the new token dead as well: it tried as often as it may."""
    both = (signed_in(), called(), died(), died(), refreshed(REFRESH_1, SECOND))
    # No pause: a second later it would be the next call, and not a second try.
    assert verdict("BIQ501", "\n###\n".join(("facts: api_calls = 3", *both, *after, "exit: 1"))) == expected


def test_501_renews_once_and_never_again() -> None:
    """A single caller whose second token dies as well is no such case."""
    example = story(
        "facts: api_calls = 3",
        signed_in(),
        called(),
        died(),
        refreshed(REFRESH_1, SECOND),
        called(TOKEN_2),
        died(TOKEN_2),
    )
    assert verdict("BIQ501", story(example, "exit: 1")) == "warning"
    assert verdict("BIQ501", story(example, "exit: 0")) == "error"


@pytest.mark.parametrize(("ending", "expected"), [("exit: 1", "cant_tell"), ("exit: 0", "error")])
def test_501_callers_who_wait_for_their_turn(ending: str, expected: str) -> None:
    """A second try that keeps its callers' pace may meet the next death; a failure that is hidden stays an error."""
    example = story(
        "facts: api_calls = 3",
        signed_in(),
        called(),
        died(),
        refreshed(REFRESH_1, SECOND),
        died(),
        called(TOKEN_2),
        died(TOKEN_2),
        ending,
    )
    assert verdict("BIQ501", example) == expected


def test_501_says_that_a_call_was_dropped() -> None:
    """Who renews for the next call alone did go on, and is told what is missing."""
    work = (signed_in(), called(), died(), refreshed(REFRESH_1, SECOND), called(TOKEN_2))
    (finding,) = result("BIQ501", story("facts: api_calls = 3", *work, "exit: 0")).findings
    assert finding.message == "a call refused for an expired token was not repeated with the new one"


def test_501_says_what_the_sources_say() -> None:
    """The warning says that nobody demands more of one process, and how it ended."""
    (finding,) = result("BIQ501", story(TWO, signed_in(), called(), died(), "exit: 1")).findings
    assert finding.message == "the integration ended when its token had expired"
    assert finding.expected.endswith("; no source demands that within one process, but a service needs it")
    assert finding.received == "no token request after the 401; 1 successful calls; exit status 1"


def test_501_recording_that_ends_there() -> None:
    """A recording that ends after the 401 proves nothing."""
    evidence = read_example(story("facts: api_calls = 2", signed_in(), called(), died()))
    assert verdict("BIQ501", evidence) == "error"
    assert verdict("BIQ501", replace(evidence, child=None)) == "untested"
    for more, said in ((refreshed(REFRESH_1, SECOND), "untested"), (story(died(), died()), "error")):
        evidence = read_example(story(signed_in(), called(), died(), more))
        assert verdict("BIQ501", replace(evidence, child=None)) == said


def test_501_an_older_token_is_no_renewal() -> None:
    """A client that falls back to an earlier token for a while still owes the call until a new one comes."""
    renewed = (signed_in(), called(), refreshed(REFRESH_1, SECOND), called(TOKEN_2), died(TOKEN_2))
    again = "\n###\n".join((signed_in(granted(TOKEN_3)), called(TOKEN_3)))
    evidence = read_example(story(*renewed, called(), again))
    assert verdict("BIQ501", replace(evidence, child=None)) == "passed"


def test_501_fewer_calls_prove_nothing_where_the_control_makes_too_few_as_well() -> None:
    """Then it is no token that stopped it; a dead token used on and on is the client's own doing all the same."""
    control = read_example(story(TWO, signed_in(), called(), "exit: 0"))
    short = read_example(story(TWO, signed_in(), called(), died(), "exit: 0"))
    assert verdict("BIQ501", replace(short, control=control)) == "cant_tell"
    stubborn = read_example(story(TWO, signed_in(), called(), died(), died(), died(), "exit: 0"))
    assert verdict("BIQ501", replace(stubborn, control=control)) == "error"
