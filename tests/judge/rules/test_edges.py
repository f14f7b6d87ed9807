"""Edges that no example has: the second of two statuses, the last of several attempts, names beyond any length."""

import base64
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
    signed_in,
    story,
)
from tests.judge.example import read_example
from tests.judge.rules.verdicts import result, verdict

DENIED = signed_in(REFUSED, "400 Bad Request")
REFUSAL = refreshed(REFRESH_1, '{"error":"invalid_client"}', "401 Unauthorized")
RENEWALS = (signed_in(granted(TOKEN_2)), signed_in(granted("another")))
STAND_IN = "S001Y001N001O001N001Y001M001"
TWO_USERS = "facts: api_calls = 2, other_user = loader-9@quarry.test:Bw6Tz3Hc8Yd5"


@pytest.mark.parametrize(
    ("rule", "example", "expected"),
    [
        pytest.param("BIQ508", story(signed_in(), REFUSAL, REFUSAL), "warning", id="refused with 401"),
        pytest.param("BIQ801", "\n### +40\n".join([DENIED] * 3), "error", id="each less than a minute after the last"),
        pytest.param(
            "BIQ509",
            story(signed_in(granted(TOKEN_1, STAND_IN)), f"GET /api?refresh={STAND_IN}"),
            "error",
            id="our own stand-in in a query",
        ),
        pytest.param(
            "BIQ510", story("facts: concurrency = 1", signed_in(), died(), *RENEWALS), "inapplicable", id="one caller"
        ),
        pytest.param("BIQ510", story("facts: concurrency = 2", signed_in(), died(), *RENEWALS), "warning", id="two"),
        pytest.param("BIQ510", story(signed_in(), died(), died(), *RENEWALS), "warning", id="two that nobody declared"),
        pytest.param(
            "BIQ807",
            story(signed_in(), called(status="503 Service Unavailable"), called(status="499 Client Closed Request")),
            "warning",
            id="499 is not an outage, but an answer after one",
        ),
        pytest.param(
            "BIQ606", f"{signed_in()}\n### +3700\n{story(died(), REFUSAL)}", "warning", id="a refused renewal is none"
        ),
        pytest.param("BIQ823", story(called(), "repeat: 360 +10"), "info", id="just an hour of calls"),
        pytest.param("BIQ823", story(called(), "repeat: 1200 +12"), "passed", id="four hours are over"),
        pytest.param("BIQ823", story(called(), "repeat: 359 +10"), "passed", id="not quite an hour"),
        pytest.param("BIQ823", story(called(), "repeat: 384 +12.03125"), "passed", id="a pace of 1200 in four hours"),
        pytest.param("BIQ823", story(called(), "repeat: 384 +12.03"), "info", id="a little faster"),
        pytest.param(
            "BIQ306",
            story(TWO_USERS, refreshed("of-a-run-before", granted(TOKEN_1)), called(), signed_in(granted(TOKEN_2))),
            "warning warning",
            id="whose token it is nobody saw",
        ),
    ],
)
def test_an_edge_belongs_to_one_side(rule: str, example: str, expected: str) -> None:
    """Each of these is just inside or just outside."""
    assert verdict(rule, example) == expected


@pytest.mark.parametrize(
    ("token", "outcome"),
    [
        ("e30.e30-.c2ln", "passed"),
        ("e30.e30_.c2ln", "passed"),
        ("e30-.e30.c2ln", "inapplicable"),
        ("e30_.e30.c2ln", "inapplicable"),
        ("e30.e30.c2ln-_", "inapplicable"),
        ("e30.e30-.iv.text.tag", "inapplicable"),
    ],
)
def test_a_token_is_odd_by_its_claims(token: str, outcome: str) -> None:
    """BIQ406: nobody decodes the header or the signature to see when a token ends."""
    assert verdict("BIQ406", story(signed_in(granted(token)), called(token))) == outcome


@pytest.mark.parametrize("spaces", [0, 1, 2])
def test_claims_are_read_whatever_padding_they_lack(spaces: int) -> None:
    """BIQ406: an exp that contradicts the answer makes a token odd, however long its claims are."""
    claims = '{"nbf":0,"exp":99999}' + " " * spaces
    token = f"e30.{base64.b64encode(claims.encode()).decode().rstrip('=')}.c2ln"
    assert verdict("BIQ406", story(signed_in(granted(token)), called(token))) == "passed"


@pytest.mark.parametrize(
    ("client", "message"),
    [("other", "client_id is not the one that BlastIQ gave"), ("", "client_id is empty")],
)
def test_a_wrong_client_is_told_from_an_empty_one(client: str, message: str) -> None:
    """BIQ206: the two have different causes."""
    (finding,) = result("BIQ206", SIGN_IN.replace("external.customer", client)).findings
    assert finding.message == message


def test_a_long_name_is_shown_by_its_beginning() -> None:
    """BIQ215: eighty characters of it."""
    (finding,) = result("BIQ215", f"{SIGN_IN}&{'x' * 100}=1").findings
    assert finding.parameter == "x" * 80
    assert finding.message.endswith(f": {'x' * 80}")


def test_a_token_that_was_not_used_may_have_been_taken_out() -> None:
    """BIQ609: the calls of an edited recording prove nothing by their absence."""
    evidence = read_example(story("facts: scenario = clock-skew", signed_in(), called("another-token")))
    assert verdict("BIQ609", evidence) == "warning"
    edited = tuple(replace(exchange, edited="filtered") for exchange in evidence.exchanges)
    assert verdict("BIQ609", replace(evidence, exchanges=edited)) == "cant_tell"


def test_a_token_from_before_the_recording_was_not_thrown_away() -> None:
    """BIQ609: of one token that came, nobody can say that another was still good."""
    example = story("facts: scenario = clock-skew", called("another-token"), signed_in(), called())
    assert verdict("BIQ609", example) == "passed"
