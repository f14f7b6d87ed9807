"""Calls without a token: those that only ask for one, and those that lack it (D40)."""

import pytest

from blastiq_conformance.catalogue.example_messages import TOKEN_1, TOKEN_2, called, died, granted, signed_in, story
from blastiq_conformance.evidence.challenge import challenges, forgotten
from blastiq_conformance.evidence.clients import clients
from tests.judge.example import read_example

FIRST, SECOND = (signed_in(granted(token, "")) for token in (TOKEN_1, TOKEN_2))
ONE, TWO = called(TOKEN_1), called(TOKEN_2)
BARE = "GET /api\nHTTP/1.1 401 Unauthorized\n\n"


@pytest.mark.parametrize(
    ("example", "number"),
    [
        pytest.param(story(BARE, FIRST, ONE), 0, id="asked, signed in, and called"),
        pytest.param(f"{FIRST}\n###\n{BARE}\n###\n{ONE}", 0, id="asked, and called at once"),
        pytest.param(story(FIRST, BARE, ONE), 2, id="called later"),
        pytest.param(story(FIRST, ONE, BARE), 3, id="never called"),
        pytest.param(story(BARE, FIRST), 0, id="it ended with its sign-in"),
        pytest.param(story(FIRST, ONE, BARE, signed_in("{}")), 0, id="no token came"),
        pytest.param(story(FIRST, ONE, BARE, BARE, signed_in("{}")), 0, id="for two that asked"),
        pytest.param(story(FIRST, signed_in("{}"), BARE), 0, id="it had just got none: BIQ410"),
        pytest.param(story(BARE, signed_in("{}"), BARE), 0, id="never a token"),
        pytest.param(story(BARE.replace("401", "503"), FIRST, ONE), 0, id="answered otherwise"),
        pytest.param(story(FIRST, ONE, BARE.replace("/api", "/api/b"), SECOND, TWO), 3, id="another address"),
        pytest.param(story(FIRST, ONE, BARE, SECOND, *[TWO] * 4), 3, id="a new token, though it had one"),
        pytest.param(story(FIRST, ONE, BARE, SECOND, TWO, TWO), 0, id="a new token, perhaps another worker's first"),
        pytest.param(story(FIRST, ONE, died(), BARE, SECOND, *[TWO] * 4), 0, id="a new token, for it had none"),
        pytest.param(story(BARE, FIRST, ONE, BARE, SECOND, *[TWO] * 4), 0, id="asked for each: BIQ605"),
    ],
)
def test_a_call_without_a_token_is_a_challenge_where_it_is_repeated_with_one(example: str, number: int) -> None:
    """Whoever begins so works so; who has sent its token before, and leaves it out, has forgotten it."""
    (client,) = clients(read_example(example))
    assert [call.exchange.number for call in forgotten(client)] == ([number] if number else [])
    assert number not in challenges(client)


def test_challenges_are_known_by_their_numbers() -> None:
    """Those that are met alone."""
    (client,) = clients(read_example(story(BARE, FIRST, ONE, BARE)))
    assert challenges(client) == {1}
