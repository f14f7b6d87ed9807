"""Where rules begin and end: times, counts and lengths just inside and just outside their bounds."""

from dataclasses import replace

import pytest

from blastiq_conformance.catalogue import Outcome, catalogue
from blastiq_conformance.catalogue.example_messages import (
    REFRESH_1,
    REFRESH_2,
    REFRESH_3,
    REFUSED,
    SIGN_IN,
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
from fake_idp.wire import Headers
from tests.judge.example import PASSWORD, read_example
from tests.judge.rules.verdicts import result, verdict

DOWN = signed_in("", "503 Service Unavailable")
DENIED = signed_in(REFUSED, "400 Bad Request")
THROTTLED = called(status="429 Too Many Requests")
WAIT = signed_in("", "503 Service Unavailable\nRetry-After: 3600")
RENEWAL = refreshed(REFRESH_1, granted(TOKEN_2))


def apart(seconds: float, *blocks: str) -> str:
    return f"\n### +{seconds}\n".join(blocks)


def paused(block: str, *pauses: float) -> str:
    """The same message again and again, after these pauses."""
    return block + "".join(f"\n### +{pause}\n{block}" for pause in pauses)


OURS = "facts: authority = https://www.blastiq.com/identity"
HANGS = "facts: scenario = hangs"
CUT = signed_in('{"access_token":"eyJ', media_type="application/json\nContent-Length: 212")
STUCK = story(signed_in(), called(), "exit: stopped")
ELSEWHERE = f"GET /api\nX-Token: {TOKEN_1}\nHTTP/1.1 401 Unauthorized\n\n"
LOST = "GET /identity/.well-known/openid-configuration\nHTTP/1.1 404 Not Found\n\n"
# Its claims: nbf 0, exp 99999.
ENDING = "eyJhbGciOiJSUzI1NiJ9.eyJuYmYiOjAsImV4cCI6OTk5OTl9.c2lnbmVk"
LATE = f"{signed_in()}\n### +1000\n"


@pytest.mark.parametrize(
    ("rule", "example", "expected"),
    [
        pytest.param("BIQ802", paused(DOWN, 0.3, 0.2, 0.4), "passed", id="the last pause is longer than the first"),
        pytest.param("BIQ802", paused(DOWN, 0.3, 0.9, 0.3), "passed", id="with jitter one longer pause is enough"),
        pytest.param("BIQ802", paused(DOWN, 0.9, 0.3, 0.8), "warning", id="none is longer than the first"),
        pytest.param("BIQ802", paused(DOWN, 0.5, 0.5, 0.65), "passed", id="a pause that grows by a third"),
        pytest.param("BIQ802", paused(DOWN, 0.5, 0.5, 0.55), "warning", id="a pause that grows by a tenth"),
        pytest.param("BIQ802", apart(0.1, *[DOWN] * 6), "warning", id="one try too many"),
        pytest.param("BIQ802", LATE + apart(0.3, *[DOWN] * 4), "warning", id="pauses count, not the time of the run"),
        pytest.param("BIQ802", paused(DOWN, 0.1, 0.2, 0.4, 0.8, 1.6, 2.5), "warning", id="seven tries, however spaced"),
        pytest.param("BIQ802", paused(DOWN, 0.1, 0.2, 0.4, 0.8, 1.6), "warning", id="six tries, well spaced"),
        pytest.param("BIQ802", paused(DOWN, *[0.1] * 9), "warning", id="ten tries are not a storm"),
        pytest.param("BIQ802", paused(DOWN, *[0.1] * 10), "error", id="eleven are"),
        pytest.param("BIQ802", paused(DOWN, 1.9, 1.9, 1.9), "warning", id="pauses of less than two seconds"),
        pytest.param("BIQ802", paused(DOWN, 2.1, 2.1, 2.1), "passed", id="of more"),
        pytest.param("BIQ802", paused(DOWN, 0.3, 0.3, 0.3, 59.5), "passed", id="a long pause within the row"),
        pytest.param("BIQ802", paused(DOWN, 0.3, 0.3, 0.3, 60.5), "warning", id="a long pause after the row"),
        pytest.param("BIQ804", f"{HANGS}\n###\n{SIGN_IN}\n###\ntook: 60.5\n###\nexit: 1", "passed", id="a minute"),
        pytest.param("BIQ804", f"{HANGS}\n###\n{SIGN_IN}\n###\ntook: 61.5\n###\nexit: 1", "warning", id="and more"),
        pytest.param(
            "BIQ804",
            f"{HANGS}\n###\n{SIGN_IN}\n###\ntook: 70\n###\n{SIGN_IN}\n###\nexit: 1",
            "warning",
            id="the longest",
        ),
        pytest.param("BIQ103", story(OURS, LOST, signed_in(), LOST), "passed", id="discovery was tried first"),
        pytest.param(
            "BIQ406", story(signed_in(granted(ENDING).replace('"expires_in":3600,', ""))), "inapplicable", id="no life"
        ),
        pytest.param("BIQ803", apart(59.5, WAIT, signed_in()), "warning", id="within a minute it is a retry"),
        pytest.param("BIQ803", apart(60.5, WAIT, signed_in()), "passed", id="who waits a minute has waited"),
        pytest.param("BIQ412", story(signed_in(), CUT, called()), "passed", id="a token from before the cut"),
        pytest.param("BIQ501", story(STUCK, *[died()] * 3), "error", id="three calls with a dead token, and no end"),
        pytest.param("BIQ601", story(signed_in(), called(), ELSEWHERE), "error", id="one call of two"),
        pytest.param("BIQ701", story(signed_in(), called(), f"stdout: {REFRESH_1[:8]}***"), "warning", id="the last"),
        pytest.param("BIQ801", apart(59.5, DENIED, DENIED), "warning", id="within a minute it is an attempt"),
        pytest.param("BIQ801", LATE + story(DENIED, DENIED), "warning", id="attempts count, not the time of the run"),
        pytest.param("BIQ827", LATE + apart(0.4, THROTTLED, called()), "warning", id="so do calls"),
        pytest.param("BIQ827", paused(THROTTLED, *[0.3] * 10), "error", id="eleven is a storm"),
        pytest.param("BIQ827", paused(THROTTLED, *[0.3] * 9), "warning", id="ten are none"),
        pytest.param("BIQ606", f"{signed_in()}\n### +3605.5\n{called()}", "warning", id="half a second too late"),
        pytest.param("BIQ606", f"{signed_in()}\n### +3604.5\n{called()}", "inapplicable", id="tolerated"),
        pytest.param("BIQ803", paused(WAIT, 0.1, 0.1), "warning warning", id="each time it was asked"),
        pytest.param("BIQ604", story(signed_in(), called(TOKEN_1[:12])), "error", id="long enough to be known"),
        pytest.param("BIQ604", story(signed_in(), called(TOKEN_1[:11])), "passed", id="too short"),
        pytest.param("BIQ807", story(signed_in(), DOWN, called(), died()), "warning", id="the last answer counts"),
        pytest.param("BIQ825", story(signed_in(), called()), "inapplicable", id="one call has no pace"),
        pytest.param(
            "BIQ806", story(signed_in(), called(status="400 Bad Request"), "exit: timeout"), "error", id="400"
        ),
        pytest.param("BIQ607", apart(10.5, signed_in(), *[died()] * 3), "passed", id="later it is another call"),
        pytest.param("BIQ607", apart(9.5, signed_in(), *[died()] * 3), "error", id="sooner it is the same"),
    ],
)
def test_a_bound_holds_to_both_sides(rule: str, example: str, expected: str) -> None:
    """Just inside, just outside."""
    assert verdict(rule, example) == expected


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "308 Permanent"])
def test_every_redirect_is_one(status: str) -> None:
    """BIQ007: its own example has 307."""
    assert verdict("BIQ007", catalogue()["BIQ007"].bad.replace("307 Temporary Redirect", status)) == "warning"


@pytest.mark.parametrize(("lifetime", "outcome"), [(1, "inapplicable"), (0, "passed"), (315_360_000, "passed")])
def test_what_an_odd_lifetime_is(lifetime: int, outcome: str) -> None:
    """BIQ405: none at all, and ten years, are odd; a second is short, and no more."""
    answer = granted().replace("3600", str(lifetime))
    assert verdict("BIQ405", story(signed_in(answer), called())) == outcome


@pytest.mark.parametrize(("first", "expected"), [(died(), "passed"), (called(), "warning")])
def test_a_token_that_was_refused_is_no_token_thrown_away(first: str, expected: str) -> None:
    """BIQ405: a new token for each call is one too many only where the API took the old one."""
    odd, then = (granted(*of).replace("3600", '"3600"') for of in ((TOKEN_1, REFRESH_1), (TOKEN_2, REFRESH_2)))
    assert verdict("BIQ405", story(signed_in(odd), first, signed_in(then), called(TOKEN_2))) == expected


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        pytest.param([RENEWAL, died(), called(TOKEN_2)], "info", id="another caller had it in hand"),
        pytest.param([died(), RENEWAL, called(TOKEN_2)], "info", id="the renewal had not come"),
        pytest.param([RENEWAL, called(TOKEN_2), died()], "warning", id="the work ends with it"),
        pytest.param([RENEWAL, died()], "info", id="a newer one is never used: BIQ501"),
        pytest.param([died()], "warning", id="nothing newer came"),
    ],
)
def test_a_caller_may_hold_a_token_that_another_was_refused_with(after: list[str], expected: str) -> None:
    """BIQ405: only who ends with a dead token takes it for eternal."""
    assert verdict("BIQ405", story(signed_in(granted().replace("3600", "0")), called(), died(), *after)) == expected


@pytest.mark.parametrize(("renewals", "expected"), [(5, "passed"), (6, "warning")])
def test_a_timer_that_fires_at_once_is_a_storm(renewals: int, expected: str) -> None:
    """BIQ405: each renewal succeeds, and no call uses what it brings: a lifetime below zero is no reason for ten."""
    odd = [granted(f"{TOKEN_1[:-1]}{last}").replace("3600", "-1") for last in "ABCDEFG"[: renewals + 1]]
    renewed = [refreshed(REFRESH_1, answer) for answer in odd[1:]]
    assert verdict("BIQ405", story(signed_in(odd[0]), *renewed, called(f"{TOKEN_1[:-1]}{'ABCDEFG'[renewals]}"))) == (
        expected
    )


@pytest.mark.parametrize(("length", "expected"), [(4096, "error"), (4097, "passed")])
def test_a_token_of_ordinary_length_may_not_be_cut(length: int, expected: str) -> None:
    """BIQ604: what happens to a longer one is BIQ407's."""
    token = f"{TOKEN_1}{'x' * length}"[:length]
    example = story(signed_in(granted(token)), called(token[:2000]), "exit: 1")
    assert verdict("BIQ604", example) == expected
    assert verdict("BIQ407", example) == ("inapplicable" if expected == "error" else "warning")


@pytest.mark.parametrize(
    ("seconds", "outcome"),
    [(31_536_000, "warning"), (31_536_001, "inapplicable"), (600, "warning"), (599, "inapplicable")],
)
def test_a_token_of_ten_minutes_or_a_year_is_worth_keeping(seconds: int, outcome: str) -> None:
    """BIQ605: a shorter one is gone too soon, a longer one a mistake of the server's."""
    refreshes = [(TOKEN_2, REFRESH_1, REFRESH_2), (TOKEN_3, REFRESH_2, REFRESH_3)]
    blocks = [signed_in(), called()]
    for token, refresh_token, following in refreshes:
        blocks += [refreshed(refresh_token, granted(token, following)), called(token)]
    example = story(*blocks).replace("3600", str(seconds))
    assert verdict("BIQ605", example) == outcome


def with_authorization(value: str) -> Evidence:
    """A sign-in and a call with this header, as no example can write it."""
    evidence = read_example(story(signed_in(), called()))
    first, call = evidence.exchanges
    request = replace(call.request, headers=Headers((("Authorization", value),)))
    return replace(evidence, exchanges=(first, replace(call, request=request)))


@pytest.mark.parametrize(
    ("after", "expected"), [("", "passed"), (" ", "warning"), ("\n", "error"), ("\r", "error"), ("\r\n", "error")]
)
def test_a_line_break_behind_a_token_breaks_the_header(after: str, expected: str) -> None:
    """BIQ604: a blank is forgiven by servers, a line break of whatever kind is not."""
    assert verdict("BIQ604", with_authorization(f"Bearer {TOKEN_1}{after}")) == expected


def test_calls_after_a_tokens_end_are_counted_one_by_one() -> None:
    """BIQ606: what was looked at stands in the report."""
    example = f"{signed_in()}\n### +3700\n{story(signed_in(granted(TOKEN_2)), called(TOKEN_2), called(TOKEN_2))}"
    assert (result("BIQ606", example).outcome, result("BIQ606", example).checked) == (Outcome.PASSED, 2)


@pytest.mark.parametrize(("length", "expected"), [(11, "passed"), (12, "warning")])
def test_a_short_secret_may_be_masked_anyhow(length: int, expected: str) -> None:
    """BIQ701: its beginning turns up by chance."""
    password = PASSWORD[:length]
    example = story(f"facts: password = {password}", signed_in(), called(), f"stdout: {password[:4]}***")
    assert verdict("BIQ701", example.replace(PASSWORD, password)) == expected


@pytest.mark.parametrize(
    "rule",
    [202, *range(205, 209), *range(301, 306), 307, 401, 402, *range(404, 408), 411, 503],
)
def test_what_was_seen_stays_proved_in_an_edited_recording(rule: int) -> None:
    """The field is there, or the token was used, whatever else was taken out."""
    evidence = read_example(catalogue()[f"BIQ{rule}"].good)
    edited = tuple(replace(exchange, edited="filtered") for exchange in evidence.exchanges)
    assert verdict(f"BIQ{rule}", replace(evidence, exchanges=edited)) == "passed"


@pytest.mark.parametrize(
    ("rule", "absent", "wrong"),
    [
        ("BIQ205", "client_id=x", "client_id=x&grant_type=Password"),
        ("BIQ502", f"refresh_token={REFRESH_1}", f"refresh_token={REFRESH_1}&grant_type=Refresh_Token"),
    ],
)
def test_a_grant_that_is_missing_may_have_been_taken_out(rule: str, absent: str, wrong: str) -> None:
    """A wrong grant_type that is there stays wrong in an edited recording; an absent one proves nothing."""
    head = "POST /identity/connect/token\nContent-Type: application/x-www-form-urlencoded\n\n"
    outcomes = []
    for fields in (absent, wrong):
        evidence = read_example(story(signed_in(), f"{head}{fields}"))
        first, second = evidence.exchanges
        outcomes.append(verdict(rule, replace(evidence, exchanges=(first, replace(second, edited="filtered")))))
    assert outcomes == ["cant_tell", "error"]
