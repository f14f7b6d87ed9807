"""Who asked: requests and calls parted by process where it is known, and within one by tokens (D40)."""

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
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.clients import Client, clients
from blastiq_conformance.evidence.succession import is_certain, successions
from blastiq_conformance.evidence.workers import workers
from tests.judge.example import read_example

FIRST, SECOND, THIRD = (signed_in(granted(token, "")) for token in (TOKEN_1, TOKEN_2, TOKEN_3))
ONE, TWO, THREE = (called(token) for token in (TOKEN_1, TOKEN_2, TOKEN_3))
BARE = "GET /api\nHTTP/1.1 401 Unauthorized\n\n"


def by(client: str, *blocks: str) -> str:
    """What a process of that name sends."""
    return story(f"client: {client}", *blocks)


def parted(example: str) -> dict[str, tuple[list[int], list[int]]]:
    """By client, the numbers of its token requests and of its calls."""
    return {
        client.name: ([x.exchange.number for x in client.token_requests], [x.exchange.number for x in client.calls])
        for client in clients(read_example(example))
    }


def only(example: str) -> Client:
    (client,) = clients(read_example(example))
    return client


def last(example: str) -> tuple[bool, bool]:
    """Of the last token, whether it took the place of a good one, and whether that is certain."""
    client = only(example)
    found = successions(client)[-1]
    return found.needless, is_certain(client, found)


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(story(FIRST, ONE, ONE), {"p1": ([1], [2, 3])}, id="a process for all"),
        pytest.param(
            story(by("p1/p2", FIRST, ONE), by("p1/p3", SECOND, TWO)),
            {"p1/p2": ([1], [2]), "p1/p3": ([3], [4])},
            id="a process for each job",
        ),
        pytest.param(
            story(by("p1/p2", FIRST), by("p1/p3", ONE), by("p1/p4", SECOND), by("p1/p5", TWO)),
            {"p1": ([1, 3], [2, 4])},
            id="a script that starts a process for each request",
        ),
        pytest.param(
            story(by("p1/p2/p3", FIRST), by("p1/p2/p4", ONE), by("p1/p5/p6", SECOND), by("p1/p5/p7", TWO)),
            {"p1/p2": ([1], [2]), "p1/p5": ([3], [4])},
            id="a script for each job",
        ),
        pytest.param(
            story(by("p1/p2", FIRST, ONE), by("p1/p3", ONE), by("p1/p4", SECOND, TWO)),
            {"p1": ([1], [2, 3]), "p1/p4": ([4], [5])},
            id="a token that two processes share is their parent's",
        ),
        pytest.param(
            story(by("p1/p2", BARE), by("p1/p3", FIRST), by("p1/p4", ONE)),
            {"p1": ([2], [1, 3])},
            id="what carries no token is the script's that has one",
        ),
        pytest.param(
            story(by("p1/p2", signed_in("{}"), BARE), by("p1/p3", FIRST, ONE)),
            {"p1/p2": ([1], [2]), "p1/p3": ([3], [4])},
            id="nor another job's",
        ),
        pytest.param(story(by("", FIRST, ONE, SECOND, TWO)), {"": ([1, 3], [2, 4])}, id="nobody knows"),
        pytest.param(story(by("p1/p2", FIRST), by("", ONE)), {"p1/p2": ([1], [2])}, id="its token tells"),
    ],
)
def test_a_client_is_a_process_or_the_script_above_it(example: str, expected: object) -> None:
    """The client of a token is what the processes have in common that asked for it and used it."""
    assert parted(example) == expected


@pytest.mark.parametrize(
    ("example", "several"),
    [
        pytest.param(by("p1", FIRST, SECOND), False, id="known"),
        pytest.param(by("", DISCOVERED, FIRST, SECOND), False, id="it has looked the endpoint up before"),
        pytest.param(by("", DISCOVERED, FIRST, DISCOVERED, SECOND), True, id="it looks it up again"),
        pytest.param(by("", FIRST, SECOND), True, id="it never looks"),
        pytest.param(by("", DISCOVERED, FIRST), False, id="one request"),
    ],
)
def test_a_process_begins_with_discovery(example: str, several: bool) -> None:
    """Where processes are unknown, who asks for a token without looking the endpoint up has been there before."""
    assert only(example).may_be_several is several


@pytest.mark.parametrize(
    ("example", "breadth"),
    [
        pytest.param(story(FIRST, ONE, SECOND, TWO, THIRD, THREE), 1, id="one after the other"),
        pytest.param(story(FIRST, SECOND, ONE, TWO), 2, id="two at once"),
        pytest.param(story(FIRST, ONE, SECOND, TWO, THIRD, THREE, ONE), 3, id="three, each in its turn"),
        pytest.param(story(FIRST, SECOND), 1, id="never used"),
        pytest.param(story(BARE), 1, id="no token"),
    ],
)
def test_a_token_that_is_used_after_others_came_is_another_workers(example: str, breadth: int) -> None:
    """So many workers can be told apart."""
    assert only(example).breadth == breadth


@pytest.mark.parametrize(
    ("example", "fetches"),
    [
        pytest.param(story(FIRST, ONE, SECOND, TWO), [(True,)], id="for each"),
        pytest.param(story(FIRST, SECOND, ONE, TWO), [(False,)], id="two workers that began before the first call"),
        pytest.param(story(FIRST, ONE, ONE, SECOND, TWO), [(False, True)], id="one for two"),
        pytest.param(story(FIRST, ONE, died(), SECOND, TWO), [()], id="one was refused"),
        pytest.param(story(BARE, FIRST, ONE, BARE, SECOND, TWO), [(True,)], id="asked for each time"),
        pytest.param(story(FIRST, ONE), [()], id="a single call"),
        pytest.param(story(FIRST, ONE, called("unknown")), [(False,)], id="a token from elsewhere"),
        pytest.param(story(by("p1/p2", FIRST, ONE), by("p1/p3", SECOND, TWO)), [(), ()], id="by two processes"),
    ],
)
def test_a_token_for_each_call_was_fetched_after_the_call_before(example: str, fetches: object) -> None:
    """By one client, and none of them was refused."""
    assert [client.fetches for client in clients(read_example(example))] == fetches


@pytest.mark.parametrize(
    ("example", "needless", "certain"),
    [
        pytest.param(story(FIRST, ONE), False, False, id="the first"),
        pytest.param(story(FIRST, ONE, SECOND, *[TWO] * 4), True, True, id="never used again"),
        pytest.param(story(FIRST, ONE, SECOND, *[TWO] * 3), True, False, id="its worker may have its turn later"),
        pytest.param(story(FIRST, ONE, SECOND, TWO, ONE), False, False, id="used again, by another worker"),
        pytest.param(story(FIRST, ONE, died(), SECOND, *[TWO] * 4), False, True, id="refused"),
        pytest.param(story(FIRST, called("gone", "401 No"), SECOND, *[TWO] * 4), False, True, id="something was"),
        pytest.param(story(FIRST, ONE, BARE, SECOND, *[TWO] * 4), True, True, id="a call without a token was"),
        pytest.param(story(FIRST, ONE, signed_in("{}"), SECOND, *[TWO] * 4), True, True, id="a vain try between"),
        pytest.param(f"{FIRST}\n### -0.03\n{SECOND}\n###\n{story(*[TWO] * 4)}", False, False, id="both at once"),
        pytest.param(
            story(FIRST, ONE, SECOND.replace("svc.pit-42", "another"), *[TWO] * 4), False, False, id="another user's"
        ),
        pytest.param(
            story(signed_in(), ONE, refreshed(REFRESH_1, granted(TOKEN_2)), TWO), True, True, id="by its refresh token"
        ),
        pytest.param(
            story(signed_in(), ONE, refreshed(REFRESH_1, granted(TOKEN_2)), TWO, ONE), False, True, id="still in use"
        ),
        pytest.param(story(ONE, refreshed("elsewhere", granted(TOKEN_2)), TWO), False, False, id="by an unknown one"),
    ],
)
def test_a_token_takes_the_place_of_one_that_is_not_used_again(example: str, needless: bool, certain: bool) -> None:
    """Needless where that one was good; certain where no other worker can have had it."""
    assert last(example) == (needless, certain)


def test_more_callers_need_more_calls_to_be_sure() -> None:
    """Of eight callers, each may have its turn as the eighth."""
    example = story(FIRST, ONE, SECOND, *[TWO] * 7)
    assert last(example) == (True, True)
    assert last(story("facts: concurrency = 8", example)) == (True, False)


def test_a_refresh_token_that_stays_leads_to_the_last_token() -> None:
    """Where the answer brings no refresh token, the same one renews what it brought before."""
    example = story(
        signed_in(),
        ONE,
        refreshed(REFRESH_1, granted(TOKEN_2, "")),
        TWO,
        refreshed(REFRESH_1, granted(TOKEN_3, "")),
        THREE,
    )
    assert [each.old and each.old.access_token for each in successions(only(example))] == [None, TOKEN_1, TOKEN_2]


def test_a_sign_in_takes_the_place_of_what_was_refused_first() -> None:
    """Of two workers whose tokens died, the one that signs in again is taken for the first to know."""
    example = story(FIRST, SECOND, ONE, TWO, died(TOKEN_2), died(TOKEN_1), THIRD, signed_in(granted("t4", "")))
    found = successions(only(example))[2:]
    assert [each.old and each.old.access_token for each in found] == [TOKEN_1, TOKEN_2]


def test_workers_are_parted_by_their_tokens() -> None:
    """A new token goes on where the old one ended; what carries none of ours goes on where the last call did."""
    example = story(
        BARE,
        signed_in(),
        signed_in(granted(TOKEN_2, REFRESH_2)),
        *(ONE, TWO),
        refreshed(REFRESH_1, granted(TOKEN_3, "")),
        *(called("unknown"), THREE, TWO),
        signed_in("{}"),
    )
    found = workers(only(example))
    assert [[call.exchange.number for call in worker.calls] for worker in found] == [[4, 8], [5, 7, 9]]
    assert [[x.exchange.number for x in worker.token_requests] for worker in found] == [[2, 6, 10], [3, 10]]


def test_nothing_has_no_client() -> None:
    """Evidence without a request is nobody's."""
    assert clients(Evidence(exchanges=())) == ()
