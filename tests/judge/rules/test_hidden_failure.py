"""BIQ806 beyond its examples: what was given up must show, and nobody is blamed who gave up nothing (D45)."""

from dataclasses import replace

import pytest

from blastiq_conformance.catalogue.example_messages import (
    REFRESH_1,
    REFUSED,
    SIGN_IN,
    TOKEN_2,
    called,
    died,
    granted,
    refreshed,
    signed_in,
    story,
)
from blastiq_conformance.evidence import Evidence
from fake_idp.journal import Connection
from fake_idp.wire import Delivery, Ending
from tests.judge.example import read_example
from tests.judge.rules.verdicts import result, verdict

TWO, THREE = "facts: api_calls = 2", "facts: api_calls = 3"
DOWN, FORBIDDEN = called(status="503 Service Unavailable"), called(status="403 Forbidden")
DENIED = signed_in(REFUSED, "400 Bad Request")
DISCOVERY = "GET /identity/.well-known/openid-configuration"
FOUND = f'{DISCOVERY}\nHTTP/1.1 200 OK\n\n{{"token_endpoint": "http://127.0.0.1:8080/identity/connect/token"}}'
MISSING = f"{DISCOVERY}\nHTTP/1.1 503 Service Unavailable\n\n"
CHALLENGED = "GET /api\nHTTP/1.1 401 Unauthorized\n\n"
RENEWED = refreshed(REFRESH_1, granted(TOKEN_2))


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(story(TWO, signed_in(), FORBIDDEN, FORBIDDEN), "error", id="every call refused"),
        pytest.param(story(TWO, signed_in(), called(), died()), "error", id="the token died, and was not renewed"),
        pytest.param(story(TWO, signed_in(), called(), died(), RENEWED), "error", id="renewed, and not called again"),
        pytest.param(story(THREE, signed_in(), DOWN, DOWN, called()), "error", id="503, 503, 200"),
        pytest.param(story(TWO, signed_in(), FORBIDDEN, called()), "error", id="one of two"),
        pytest.param(story(TWO, signed_in(), called("x", "302 Found"), called()), "error", id="sent elsewhere"),
        pytest.param(story(MISSING, MISSING), "error", id="no document"),
        pytest.param(story(TWO, signed_in(), called(), MISSING), "error", id="no document for the renewal"),
        pytest.param(story(TWO, signed_in(), called(), DENIED), "error", id="a renewal refused ahead of time"),
        pytest.param("facts: username =", "error", id="not configured, and nothing sent"),
        pytest.param(story("facts: username =", DENIED), "error", id="not configured, and refused"),
        pytest.param(story("facts: scenario = hangs", signed_in(), "GET /api"), "error", id="no answer"),
    ],
)
def test_what_was_given_up_must_show(example: str, expected: str) -> None:
    """Fewer good answers than calls asked for, or no token: with exit status 0 an error, with another one right."""
    assert verdict("BIQ806", f"{example}\n###\nexit: 0") == expected
    assert verdict("BIQ806", f"{example}\n###\nexit: 1") == "passed"
    assert verdict("BIQ806", f"{example}\n###\nexit: stopped") == "inapplicable"


@pytest.mark.parametrize(
    "example",
    [
        pytest.param(story(TWO, signed_in(), DOWN, DOWN, called(), called()), id="recovered"),
        pytest.param(story(TWO, signed_in(), called(), died(), RENEWED, called(TOKEN_2)), id="renewed and repeated"),
        pytest.param(story(MISSING, FOUND, DENIED, signed_in(), called()), id="each worked in the end"),
        pytest.param(story(MISSING, signed_in(), called()), id="a fixed address in its place"),
        pytest.param(story(TWO, CHALLENGED, signed_in(), called(), called()), id="challenge first"),
        pytest.param(story(TWO, signed_in(), called(), called(), FORBIDDEN), id="one call more than was asked for"),
        pytest.param(story(THREE, signed_in(), called()), id="one call by design"),
        pytest.param(
            story(TWO, signed_in(), called(), MISSING, FOUND), id="one call, and a document at the second try"
        ),
        pytest.param(story(TWO, signed_in()), id="no call by design"),
        pytest.param(story(FOUND), id="nothing failed"),
        pytest.param(story(signed_in(), "GET /api"), id="an answer that was not recorded"),
        pytest.param("facts: username = unknown", id="nobody knows what was configured"),
    ],
)
def test_nobody_is_blamed_who_gave_up_nothing(example: str) -> None:
    """Work that was done, and calls that a client does not make by design, are not a hidden failure."""
    assert verdict("BIQ806", f"{example}\n###\nexit: 0") == "inapplicable"
    assert verdict("BIQ806", f"{example}\n###\nexit: timeout") == "inapplicable"


@pytest.mark.parametrize(
    ("skips", "calls", "expected"),
    [
        ("403", [FORBIDDEN, FORBIDDEN], "inapplicable"),
        ("403", [FORBIDDEN, called()], "inapplicable"),
        ("404 403", [called(), FORBIDDEN], "inapplicable"),
        ("404", [FORBIDDEN, called()], "error"),
        ("403", [FORBIDDEN, DOWN], "error"),
        ("400", [DENIED], "error"),
    ],
)
def test_what_is_passed_over_by_design_is_declared(skips: str, calls: list[str], expected: str) -> None:
    """A status that the target skips is not a failure of a call; of a sign-in it always is one."""
    start = [] if calls == [DENIED] else [signed_in()]
    assert verdict("BIQ806", story(f"facts: api_calls = 2, skips = {skips}", *start, *calls, "exit: 0")) == expected


def beside(control: str, example: str) -> Evidence:
    """The example, of a client that does this where nothing is odd."""
    return replace(read_example(example), control=read_example(control))


@pytest.mark.parametrize(
    ("control", "expected"),
    [
        pytest.param(story(signed_in(), called()), "inapplicable", id="it makes one call by design"),
        pytest.param(story(CHALLENGED, signed_in(), called()), "inapplicable", id="one call, challenged first"),
        pytest.param(story(signed_in()), "inapplicable", id="it makes none"),
        pytest.param(story(signed_in(), called(), called(), called()), "error", id="it makes three"),
        pytest.param(story(signed_in(), *[called()] * 9), "error", id="and more where more are asked for"),
        pytest.param(story(signed_in(), called(), died()), "error", id="it fails there as well"),
        pytest.param(story(DENIED), "error", id="it never signs in"),
    ],
)
def test_its_design_shows_where_nothing_is_odd(control: str, expected: str) -> None:
    """503, 503, 200 is one call and two retries, or three calls of which two were given up: the control tells."""
    example = story(THREE, signed_in(), DOWN, DOWN, called(), "exit: 0")
    assert verdict("BIQ806", beside(control, example)) == expected


@pytest.mark.parametrize(
    ("control", "expected"), [(story(signed_in(), called()), "error"), (story(FOUND), "inapplicable")]
)
def test_a_refusal_that_no_answer_shows(control: str, expected: str) -> None:
    """Who refuses a document that was answered well must say so; who gets no token anyway is BIQ808's."""
    evidence = beside(control, story("facts: scenario = issuer-mismatch", FOUND, "exit: 0"))
    assert verdict("BIQ806", evidence) == expected
    if expected == "error":
        (finding,) = result("BIQ806", evidence).findings
        assert (finding.exchange, finding.received) == (None, "no token came, and the exit status is 0")


def test_a_certificate_that_was_refused_is_a_failure() -> None:
    """Be it at once or at the API: what should have followed the handshake was never sent."""
    refused = Connection(number=9, ending="TLS handshake failed: TLSV1_ALERT_UNKNOWN_CA")
    for example, received in (("exit: 0", "no request was made"), (signed_in(), "0 of 1 calls were made")):
        evidence = replace(read_example(example), connections=(refused,))
        (finding,) = result("BIQ806", evidence).findings
        assert finding.received == f"{received}, and the exit status is 0"


def test_half_an_answer_of_the_api_is_none() -> None:
    """A call whose answer was left, or cut off, is not done."""
    evidence = read_example(story(signed_in(), called(), "exit: 0"))
    first, call = evidence.exchanges
    assert call.response is not None
    left = replace(call, response=replace(call.response, delivery=Delivery(ending=Ending.LEFT, after=1)))
    assert verdict("BIQ806", replace(evidence, exchanges=(first, left))) == "error"


def test_a_finding_counts_the_calls() -> None:
    """It names the last that was given up, and how many went well."""
    (finding,) = result("BIQ806", story(THREE, signed_in(), DOWN, DOWN, called(), "exit: 0")).findings
    assert finding.exchange == 3
    assert finding.received == "GET /api was answered 503, 1 of 3 calls were answered well, and the exit status is 0"


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(story(TWO, signed_in(), FORBIDDEN), "error", id="nothing after the failure"),
        pytest.param(story(THREE, signed_in(), DOWN, called()), "passed", id="it went on"),
        pytest.param(story(SIGN_IN), "inapplicable", id="nothing recorded"),
    ],
)
def test_a_process_without_an_end_is_told_where_it_stopped(example: str, expected: str) -> None:
    """Who still works when its time is up has not ended after a failure."""
    assert verdict("BIQ806", f"{example}\n###\nexit: timeout") == expected
