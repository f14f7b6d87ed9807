"""Rules 4xx beyond their examples: what looks wrong and is not, and what is wrong in other ways."""

from dataclasses import replace

import pytest

from blastiq_conformance.catalogue.example_messages import (
    REFRESH_1,
    REFUSED,
    SIGN_IN,
    TOKEN_1,
    TOKEN_2,
    called,
    died,
    granted,
    refreshed,
    renewal,
    signed_in,
    story,
)
from blastiq_conformance.evidence import Child, Evidence
from fake_idp.wire import Delivery, Ending
from tests.judge.example import read_example
from tests.judge.rules.verdicts import result, verdict

BAD = "400 Bad Request"
GATEWAY = "502 Bad Gateway"
TRACE = "Traceback (most recent call last):\\n  File x\\nKeyError: 'access_token'"
UNKNOWN = called("undefined", "401 Unauthorized")
BARE = "GET /api\nHTTP/1.1 401 Unauthorized\n\n"


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(story(signed_in(REFUSED, BAD), "exit: 1"), "passed", id="reported"),
        pytest.param(story(signed_in('{"error":"invalid_client"}', "401 Unauthorized"), "exit: 1"), "passed", id="401"),
        pytest.param(story(signed_in(REFUSED, BAD), "exit: 0"), "passed", id="exit status: BIQ806"),
        pytest.param(story(signed_in(REFUSED, BAD), signed_in(), called()), "passed", id="a second attempt worked"),
        pytest.param(story(signed_in(REFUSED, BAD), BARE), "error", id="API without a header"),
        pytest.param(story(signed_in(REFUSED, BAD), UNKNOWN, UNKNOWN), "error error", id="API twice"),
        pytest.param(story(signed_in(REFUSED, BAD), "exit: timeout"), "error", id="hangs"),
        pytest.param(story(*[signed_in(REFUSED, BAD)] * 3, "exit: timeout"), "passed", id="tries for ever: BIQ801"),
        pytest.param(
            story(signed_in(), called(), refreshed(REFRESH_1, '{"error":"invalid_grant"}', BAD), called()),
            "passed",
            id="the old token is still good",
        ),
        pytest.param(story(signed_in('{"message":"no"}', GATEWAY), UNKNOWN), "error", id="JSON of a gateway"),
        pytest.param(story(signed_in("<html>", GATEWAY), UNKNOWN), "inapplicable", id="no OAuth error: BIQ409"),
        pytest.param(story(signed_in('{"error":"x"}'), UNKNOWN), "inapplicable", id="with 200: BIQ410"),
        pytest.param(story(signed_in(), called()), "inapplicable", id="no error"),
    ],
)
def test_408_oauth_error(example: str, expected: str) -> None:
    """After an OAuth error the API is left alone until a token comes."""
    assert verdict("BIQ408", example) == expected


def page(*after: str, body: str = "<html>", status: str = GATEWAY) -> str:
    return story(signed_in(body, status, "text/html"), *after)


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(page("exit: 1"), "passed", id="clean failure"),
        pytest.param(page("exit: 1", body="", status="500 Internal Server Error"), "passed", id="empty body"),
        pytest.param(page("exit: 0"), "passed", id="exit status 0: BIQ806"),
        pytest.param(page("stderr: error: the server answered 502", "exit: 1"), "passed", id="a message"),
        pytest.param(page(f"stderr: {TRACE}", "exit: 1"), "warning", id="stack trace"),
        pytest.param(page("exit: -11"), "warning", id="killed by a signal"),
        pytest.param(page("exit: timeout"), "error", id="hangs"),
        pytest.param(page(UNKNOWN, "exit: 1"), "error", id="API all the same"),
        pytest.param(page(UNKNOWN, "exit: 1", status="200 OK"), "error", id="200 HTML, API all the same"),
        pytest.param(page(signed_in(), called()), "passed", id="tried again"),
        pytest.param(story(signed_in("null"), UNKNOWN), "inapplicable", id="null is JSON: BIQ410"),
        pytest.param(story(signed_in(REFUSED, BAD), f"stderr: {TRACE}", "exit: 1"), "inapplicable", id="JSON error"),
        pytest.param(SIGN_IN, "inapplicable", id="no answer at all"),
    ],
)
def test_409_not_json(example: str, expected: str) -> None:
    """A crash is a warning (D34), a hang or a call of the API an error."""
    assert verdict("BIQ409", example) == expected


@pytest.mark.parametrize(
    "body", ["{}", "null", "[]", '{"access_token":""}', '{"access_token":7}', '{"error":"server_error"}']
)
def test_410_no_token(body: str) -> None:
    """Whatever 200 brings, without a token there is none to call the API with."""
    assert verdict("BIQ410", story(signed_in(body), "exit: 1")) == "passed"
    assert verdict("BIQ410", story(signed_in(body), UNKNOWN)) == "error"
    assert verdict("BIQ410", story(signed_in(body), called("", "401 Unauthorized"))) == "error"
    assert verdict("BIQ410", story(signed_in(body), "exit: timeout")) == "error"


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(story(signed_in("{}"), signed_in(), called()), "passed", id="tried again"),
        pytest.param(story(signed_in("<html>"), UNKNOWN), "inapplicable", id="HTML: BIQ409"),
        pytest.param(story(signed_in("{}", BAD), UNKNOWN), "inapplicable", id="not 200"),
        pytest.param(SIGN_IN, "inapplicable", id="no answer at all"),
    ],
)
def test_410_guards(example: str, expected: str) -> None:
    """What is not JSON, or not 200, is not this rule's."""
    assert verdict("BIQ410", example) == expected


def delivered(example: str, **delivery: object) -> Evidence:
    """The example with its first answer delivered otherwise."""
    evidence = read_example(example)
    first, *others = evidence.exchanges
    assert first.response is not None
    response = replace(first.response, delivery=Delivery(**delivery))  # type: ignore[arg-type]  # fields of a Delivery
    return replace(evidence, exchanges=(replace(first, response=response), *others))


HALF = called(TOKEN_1[:30], "401 Unauthorized")


@pytest.mark.parametrize(
    ("example", "after", "expected"),
    [
        pytest.param(story(signed_in(), "exit: 1"), 60, "passed", id="failed"),
        pytest.param(story(signed_in(), HALF), 60, "error", id="half a token"),
        pytest.param(story(signed_in(), called()), 60, "error", id="a whole token out of half an answer"),
        pytest.param(story(signed_in(), BARE), 60, "error", id="no token"),
        pytest.param(story(signed_in(), "exit: timeout"), 60, "error", id="hangs"),
        pytest.param(story(signed_in(), signed_in(granted(TOKEN_2)), called(TOKEN_2)), 60, "passed", id="asked again"),
        pytest.param(
            story(signed_in(), signed_in(granted(TOKEN_2)), signed_in(), called(TOKEN_2)),
            60,
            "passed",
            id="an older one",
        ),
        pytest.param(story(signed_in(), HALF), None, "inapplicable", id="nothing arrived: BIQ805"),
    ],
)
def test_412_truncated(example: str, after: int | None, expected: str) -> None:
    """Nothing is made of half an answer, and BIQ409 and BIQ410 leave it to this rule."""
    evidence = delivered(example, ending=Ending.CUT, after=after)
    assert verdict("BIQ412", evidence) == expected
    assert {verdict("BIQ409", evidence), verdict("BIQ410", evidence)} <= {"inapplicable"}


def test_412_edited_recording() -> None:
    """A filter shortens bodies and leaves Content-Length: nobody can tell that from a truncation."""
    cut = signed_in(granted(), media_type="application/json\nContent-Length: 999")
    evidence = read_example(story(cut, called()))
    assert verdict("BIQ412", evidence) == "error"
    edited = tuple(replace(exchange, edited="filtered") for exchange in evidence.exchanges)
    assert verdict("BIQ412", replace(evidence, exchanges=edited)) == "cant_tell"


WITH_ID = granted().replace("{", f'{{"id_token":"{TOKEN_2}",', 1)


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(story(signed_in(), called()), "inapplicable", id="absent"),
        pytest.param(story(signed_in(WITH_ID), called(TOKEN_2, "401 Unauthorized")), "warning", id="sent to the API"),
        pytest.param(story(signed_in(WITH_ID), "exit: 1"), "warning", id="fails with it"),
        pytest.param(story(signed_in(WITH_ID), called()), "passed", id="works with it"),
        pytest.param(story(signed_in(WITH_ID), "exit: 0"), "inapplicable", id="only signs in"),
        pytest.param(story(signed_in(), "exit: 1"), "inapplicable", id="fails without: BIQ808"),
    ],
)
def test_414_id_token(example: str, expected: str) -> None:
    """An answer with an id_token is compared with one without."""
    assert verdict("BIQ414", example) == expected


@pytest.mark.parametrize(
    ("control", "played", "expected"),
    [
        pytest.param(story(signed_in(), "exit: 1"), story(signed_in(WITH_ID), called()), "warning", id="without"),
        pytest.param(story(signed_in(), "exit: 1"), story(signed_in(WITH_ID), "exit: 1"), "cant_tell", id="neither"),
        pytest.param(story(signed_in(REFUSED, BAD), "exit: 1"), story(signed_in(WITH_ID), called()), "passed", id="no"),
    ],
)
def test_414_a_client_that_needs_an_id_token(control: str, played: str, expected: str) -> None:
    """It works with one and not without; one that never works has another fault."""
    assert verdict("BIQ414", replace(read_example(played), control=read_example(control))) == expected


NONE = granted(TOKEN_1, "")


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(story(signed_in(NONE), called(), died(), "exit: 1"), "passed", id="stuck later: BIQ501"),
        pytest.param(
            story(signed_in(NONE), called(), renewal("grant_type=refresh_token&refresh_token=null")), "error", id="null"
        ),
        pytest.param(story(signed_in(NONE), called(), renewal("grant_type=refresh_token")), "error", id="nothing sent"),
        pytest.param(story(signed_in(), called()), "inapplicable", id="one came"),
        pytest.param(story(signed_in(NONE), "exit: stopped"), "error", id="a service that makes no call"),
        pytest.param(
            story(signed_in(), called(), refreshed(REFRESH_1, NONE), renewal("grant_type=refresh_token")),
            "passed",
            id="lost on a refresh: BIQ506",
        ),
    ],
)
def test_415_no_refresh_token(example: str, expected: str) -> None:
    """A sign-in without a refresh token is no reason to fail, nor to refresh with nothing."""
    assert verdict("BIQ415", example) == expected


def test_a_crash_is_told_by_its_first_line() -> None:
    """The finding quotes the line by which the stack trace shows."""
    (finding,) = result("BIQ409", page(f"stderr: oh\\n{TRACE}", "exit: 1")).findings
    assert "Traceback (most recent call last):" in finding.received


def test_nobody_watched() -> None:
    """Without a process the wire alone is judged."""
    evidence = replace(read_example(page(f"stderr: {TRACE}", "exit: timeout")), child=None)
    assert verdict("BIQ409", evidence) == "passed"
    assert verdict("BIQ409", replace(evidence, child=Child(exit_status=-6))) == "warning"
