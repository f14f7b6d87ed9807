"""What rules are given to look at: attempts kept together, and whether anything went wrong."""

import pytest

from blastiq_conformance.catalogue.example_messages import DISCOVERED, called, signed_in, story
from tests.judge.example import read_example

REFUSED = signed_in('{"error":"invalid_grant"}', "400 Bad Request")
KEYS = "GET /identity/.well-known/openid-configuration/jwks\nHTTP/1.1 200 OK\n\n{}"
ELSEWHERE = "GET /favicon.ico\nHTTP/1.1 404 Not Found\n\n"


@pytest.mark.parametrize(
    ("between", "attempts"),
    [
        pytest.param((), [2], id="one after the other"),
        pytest.param((DISCOVERED, KEYS, ELSEWHERE), [2], id="discovery in between"),
        pytest.param((called("none", "401 Unauthorized"),), [1, 1], id="a call of the API in between"),
        pytest.param((signed_in(), DISCOVERED), [2, 1], id="success in between"),
    ],
)
def test_what_ends_an_attempt_to_get_a_token(between: tuple[str, ...], attempts: list[int]) -> None:
    """The token, or a call of the API without it: who discovers anew each time is still at the same attempt."""
    evidence = read_example(story(DISCOVERED, REFUSED, *between, REFUSED, called()))
    assert [len(attempt) for attempt in evidence.attempts] == attempts


@pytest.mark.parametrize(
    ("blocks", "troubled"),
    [
        pytest.param((signed_in(), called()), False, id="all is well"),
        pytest.param((signed_in(), called(), ELSEWHERE), False, id="an error of others"),
        pytest.param((signed_in(), called(status="400 Bad Request")), True, id="the least of errors"),
        pytest.param((signed_in(), called(status="304 Not Modified")), False, id="no error yet"),
        pytest.param((signed_in("{}"), called()), True, id="an answer without a token"),
        pytest.param((signed_in(), called(), "exit: 1"), True, id="the process itself"),
    ],
)
def test_what_is_trouble(blocks: tuple[str, ...], troubled: bool) -> None:
    """Whatever a client may have to tell of: it decides whether its output is a log or an error text."""
    assert read_example(story(*blocks)).troubled is troubled
