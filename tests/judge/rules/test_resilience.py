"""Rules 801 to 807 and 828 beyond their examples: retries, waits, and what a run says of its failure."""

from dataclasses import replace

import pytest

from blastiq_conformance.catalogue.example_messages import (
    REFRESH_1,
    REFUSED,
    SIGN_IN,
    called,
    died,
    refreshed,
    signed_in,
    story,
)
from blastiq_conformance.evidence import Evidence
from fake_idp.wire import Delivery, Ending
from tests.judge.example import read_example
from tests.judge.rules.verdicts import verdict

DENIED = signed_in(REFUSED, "400 Bad Request")
DISCOVERY = "GET /identity/.well-known/openid-configuration"
BASIC = DENIED.replace("Content-Type", "Authorization: Basic ZXh0ZXJuYWwuY3VzdG9tZXI6\nContent-Type", 1)
DOWN = signed_in("", "503 Service Unavailable")


def apart(seconds: float, *blocks: str) -> str:
    return f"\n### +{seconds}\n".join(blocks)


def delivered(example: str, delivery: Delivery, *numbers: int) -> Evidence:
    """Let the answers of these exchanges leave like this."""
    evidence = read_example(example)
    exchanges = [
        replace(x, response=replace(x.response, delivery=delivery)) if x.number in numbers and x.response else x
        for x in evidence.exchanges
    ]
    return replace(evidence, exchanges=tuple(exchanges))


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(story(DENIED), "passed", id="once"),
        pytest.param(story(DENIED, DENIED), "warning", id="twice"),
        pytest.param(f"{DENIED}\n### -0.01\n{DENIED}", "passed", id="under way when the first was refused"),
        pytest.param(story(BASIC, DENIED), "warning", id="another style: D9"),
        pytest.param(story(DENIED, DENIED, DENIED), "error", id="three times"),
        pytest.param(story(*[DENIED] * 5), "error", id="a loop, told once"),
        pytest.param(story(DENIED.replace("invalid_grant", "invalid_request")), "passed", id="D21"),
        pytest.param(story(*[DENIED.replace("invalid_grant", "x")] * 3), "error", id="whatever code: D21"),
        pytest.param(story(*[signed_in("{}", "401 Unauthorized")] * 3), "error", id="401"),
        pytest.param(apart(61, DENIED, DENIED, DENIED), "passed", id="scheduled runs"),
        pytest.param(story(DENIED, DENIED.replace("k7Fq2", "x7Fq2")), "passed", id="another password"),
        pytest.param(
            story(refreshed(REFRESH_1, REFUSED, "400 Bad Request"), DENIED), "passed", id="after a refused refresh"
        ),
        pytest.param(story(DENIED, refreshed(REFRESH_1, "{}")), "passed", id="a refresh afterwards"),
        pytest.param(story(DENIED, signed_in()), "warning", id="the second one worked"),
        pytest.param(story(signed_in(), called()), "inapplicable", id="never refused"),
        pytest.param(story(DOWN, DOWN), "inapplicable", id="an outage: BIQ802"),
    ],
)
def test_refused_credentials_are_final(example: str, expected: str) -> None:
    """BIQ801: one attempt, a second is a warning, a third an error."""
    assert verdict("BIQ801", example) == expected


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(DOWN, "passed", id="no retry"),
        pytest.param(apart(0.3, DOWN, DOWN, signed_in()), "passed", id="two retries"),
        pytest.param(apart(0.3, *[DOWN] * 4), "warning", id="pauses that do not grow"),
        pytest.param(apart(0.3, *[signed_in("", "500 Oops")] * 4), "warning", id="any server error"),
        pytest.param(apart(2.1, *[DOWN] * 4), "passed", id="long pauses"),
        pytest.param(apart(1.5, *[DOWN] * 8), "warning", id="more than five"),
        pytest.param(apart(0.1, *[DOWN] * 12), "error", id="storm"),
        pytest.param(apart(90, *[DOWN] * 12), "passed", id="scheduled runs"),
        pytest.param(
            apart(0.1, *[called(status="500 Oops").replace("/api", f"/api/{n}") for n in range(6)]),
            "passed",
            id="other addresses",
        ),
        pytest.param(story(signed_in(), called()), "inapplicable", id="no outage"),
    ],
)
def test_outages_are_not_hammered(example: str, expected: str) -> None:
    """BIQ802: few tries, growing pauses."""
    assert verdict("BIQ802", example) == expected


def asked(value: str, date: str = "") -> str:
    head = f"503 Service Unavailable\nRetry-After: {value}" + (f"\nDate: {date}" if date else "")
    return signed_in("", head)


NOON, LATER = "Tue, 01 Jul 2025 12:00:00 GMT", "Tue, 01 Jul 2025 12:00:03 GMT"


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(asked("2"), "passed", id="gave up"),
        pytest.param(apart(1.96, asked("2"), signed_in()), "passed", id="50 ms early: N8"),
        pytest.param(apart(1.9, asked("2"), signed_in()), "warning", id="early"),
        pytest.param(apart(61, asked("3600"), signed_in()), "passed", id="a minute is enough"),
        pytest.param(apart(2.1, asked(LATER, NOON), signed_in()), "passed", id="date, to the second"),
        pytest.param(apart(1.5, asked(LATER, NOON), signed_in()), "warning", id="date, early"),
        pytest.param(apart(0.1, asked(NOON, LATER), signed_in()), "passed", id="date that is over"),
        pytest.param(apart(0.1, asked("soon", NOON), signed_in()), "inapplicable", id="no time at all"),
        pytest.param(apart(0.1, asked(LATER), signed_in()), "inapplicable", id="date without a clock"),
        pytest.param(apart(0.1, asked("2"), called()), "passed", id="another kind of request"),
        pytest.param(apart(-0.02, asked("2"), signed_in()), "passed", id="under way already"),
        pytest.param(signed_in("", "400 Bad Request\nRetry-After: 2"), "inapplicable", id="another status"),
    ],
)
def test_retry_after_is_heeded(example: str, expected: str) -> None:
    """BIQ803: seconds and dates; giving up is right."""
    assert verdict("BIQ803", example) == expected


def test_a_date_is_read_by_the_wall_clock_of_the_journal() -> None:
    """BIQ803: where the answer has no Date, the moment of the exchange is known."""
    evidence = read_example(apart(0.5, asked(LATER), signed_in()))
    first, second = evidence.exchanges
    first = replace(first, at="2025-07-01T12:00:00.500+00:00")
    assert verdict("BIQ803", replace(evidence, exchanges=(first, second))) == "warning"


HANGS = "facts: scenario = hangs"
LOST = "facts: scenario = connection-lost"


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(story(HANGS, SIGN_IN, "took: 60", "exit: 1"), "passed", id="a minute"),
        pytest.param(story(HANGS, SIGN_IN, "took: 62", "exit: 1"), "warning", id="longer"),
        pytest.param(story(HANGS, SIGN_IN, "took: 20", SIGN_IN, "took: 20", "exit: timeout"), "warning", id="for ever"),
        pytest.param(story(SIGN_IN, "took: 600"), "inapplicable", id="not recorded"),
        pytest.param(story(LOST, SIGN_IN, "exit: timeout"), "inapplicable", id="lost: BIQ805"),
        pytest.param(
            story("facts: scenario = many-calls", signed_in(), "GET /api", "exit: timeout"), "inapplicable", id="left"
        ),
        pytest.param(story(HANGS, signed_in()), "inapplicable", id="answered"),
    ],
)
def test_no_answer_is_awaited_without_end(example: str, expected: str) -> None:
    """BIQ804: an error within the declared limit."""
    assert verdict("BIQ804", example) == expected


@pytest.mark.parametrize(
    ("delivery", "expected"), [(Delivery(ending=Ending.NEVER, after=0), "warning"), (Delivery(drip=5.0), "info")]
)
def test_half_an_answer_is_none(delivery: Delivery, expected: str) -> None:
    """BIQ804: bytes that stop are waited for just as long; a time for each read, and none for all, is usual."""
    assert verdict("BIQ804", delivered(story(signed_in(), "took: 90", "exit: 1"), delivery, 1)) == expected


@pytest.mark.parametrize(("count", "expected"), [(1, "passed"), (5, "passed"), (6, "warning")])
def test_lost_connections_cause_no_storm(count: int, expected: str) -> None:
    """BIQ805: five tries; before or after the request, or in the middle of the answer."""
    assert verdict("BIQ805", story(LOST, *[SIGN_IN] * count)) == expected
    cut = delivered(story(*[signed_in()] * count), Delivery(ending=Ending.RESET, after=10), *range(1, count + 1))
    assert verdict("BIQ805", cut) == expected


PAGE = f'{DISCOVERY}\nHTTP/1.1 200 OK\n\n{{"token_endpoint": "http://127.0.0.1:8080/identity/connect/token"}}'
REFUSED_CALL = story(signed_in(), died())


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(story(DENIED, "exit: 1"), "passed", id="reported"),
        pytest.param(story(DENIED, "exit: -6"), "passed", id="crash"),
        pytest.param(story(DENIED, "exit: 0"), "error", id="refused"),
        pytest.param(story(signed_in("{}"), "exit: 0"), "error", id="no token"),
        pytest.param(f"{DISCOVERY}\nHTTP/1.1 404 Not Found\n\n\n###\nexit: 0", "error", id="no document"),
        pytest.param(story(PAGE, "exit: 0"), "inapplicable", id="a good document"),
        pytest.param(story(REFUSED_CALL, "exit: 0"), "error", id="API"),
        pytest.param(story(REFUSED_CALL, "exit: timeout"), "error", id="API, no end"),
        pytest.param(story(DENIED, "exit: timeout"), "passed", id="no end: BIQ408"),
        pytest.param(story(DENIED, "exit: stopped"), "inapplicable", id="a service"),
        pytest.param(story(DENIED, signed_in(), called(), "exit: 0"), "inapplicable", id="it worked in the end"),
        pytest.param(story(SIGN_IN, "exit: 0"), "inapplicable", id="nothing recorded"),
        pytest.param(story(LOST, SIGN_IN, "exit: 0"), "error", id="no answer"),
        pytest.param("exit: 0", "inapplicable", id="nothing at all"),
    ],
)
def test_a_failure_can_be_seen(example: str, expected: str) -> None:
    """BIQ806: by the exit status alone (D34)."""
    assert verdict("BIQ806", example) == expected


def test_half_an_answer_is_a_failure() -> None:
    """BIQ806: a token of which the end was cut off is none."""
    cut = delivered(story(signed_in(), "exit: 0"), Delivery(ending=Ending.CUT, after=10), 1)
    assert verdict("BIQ806", cut) == "error"


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(story(DOWN, signed_in(), called()), "passed", id="works again"),
        pytest.param(story(DOWN, signed_in(), called(), called(status="404 Not Found")), "passed", id="another error"),
        pytest.param(story(DOWN, "exit: 1"), "inapplicable", id="gave up"),
        pytest.param(story(signed_in(), called()), "inapplicable", id="no outage"),
        pytest.param(story(DOWN, *[called("undefined", "401 Unauthorized")] * 2), "warning", id="poisoned"),
        pytest.param(
            story(DOWN, called("undefined", "401 Unauthorized")), "inapplicable", id="BIQ409, not the next one"
        ),
    ],
)
def test_outages_end(example: str, expected: str) -> None:
    """BIQ807: the first call after them works."""
    assert verdict("BIQ807", example) == expected


EXTRA = "facts: scenario = api-extra"


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(story(EXTRA, signed_in(), called(), "exit: 1"), "warning", id="failed"),
        pytest.param(story(EXTRA, signed_in(), called(), died(), "exit: 1"), "passed", id="failed for another reason"),
        pytest.param(story(EXTRA, signed_in(), called(), "exit: timeout"), "passed", id="stays up after its work"),
        pytest.param(story(EXTRA, signed_in(), "exit: 1"), "inapplicable", id="never called"),
        pytest.param(story(signed_in(), called(), "exit: 1"), "inapplicable", id="another scenario"),
    ],
)
def test_additions_are_ignored(example: str, expected: str) -> None:
    """BIQ828: what the API adds is not a failure."""
    assert verdict("BIQ828", example) == expected
