"""Rules 508 to 512 beyond their examples: where a refresh token goes, how often, and what goes with it."""

from dataclasses import replace

import pytest

from blastiq_conformance.catalogue import Outcome
from blastiq_conformance.catalogue.example_messages import (
    REFRESH_1,
    REFRESH_2,
    TOKEN_1,
    TOKEN_2,
    TOKEN_3,
    answered,
    called,
    died,
    granted,
    refreshed,
    renewal,
    signed_in,
    story,
)
from tests.judge.example import read_example
from tests.judge.rules.verdicts import verdict

FIELDS = f"grant_type=refresh_token&refresh_token={REFRESH_1}&client_id=external.customer"
SECOND = granted(TOKEN_2, REFRESH_2)
REFUSAL = refreshed(REFRESH_1, '{"error":"invalid_grant"}', "400 Bad Request")


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(story(signed_in(), REFUSAL, signed_in(SECOND)), "passed", id="one sign-in"),
        pytest.param(story(signed_in(), REFUSAL), "passed", id="stuck: BIQ501"),
        pytest.param(story(signed_in(), REFUSAL, REFUSAL), "warning", id="twice"),
        pytest.param(story(signed_in(), REFUSAL, REFUSAL, REFUSAL), "error", id="loop"),
        pytest.param(story(signed_in(), *(REFUSAL.replace(REFRESH_1, ""),) * 3), "passed", id="none sent: BIQ502"),
        pytest.param(story(signed_in(), f"{REFUSAL}\n### -0.05\n{REFUSAL}"), "passed", id="both under way"),
        pytest.param(
            story(signed_in(), REFUSAL, signed_in(SECOND), refreshed(REFRESH_2, "{}", "400 Bad Request")),
            "passed",
            id="another refresh token",
        ),
        pytest.param(
            story(signed_in(), refreshed(REFRESH_1, "<html>", "502 Bad Gateway"), refreshed(REFRESH_1, SECOND)),
            "inapplicable",
            id="an outage is not a refusal",
        ),
    ],
)
def test_508_refusal(example: str, expected: str) -> None:
    """Once too often is a slip, twice a loop."""
    assert verdict("BIQ508", example) == expected


@pytest.mark.parametrize(
    ("request_text", "expected"),
    [
        pytest.param(f"GET /api\nAuthorization: Bearer {TOKEN_1}", "passed", id="the access token"),
        pytest.param(f"GET /api?refresh={REFRESH_1}", "error", id="query"),
        pytest.param(f"GET /api\nAuthorization: Bearer {REFRESH_1}", "error", id="as a bearer token"),
        pytest.param(
            f'POST /api\nContent-Type: application/json\n\n{{"refresh_token":"{REFRESH_1}"}}', "error", id="body"
        ),
        pytest.param(f"GET /elsewhere\nCookie: rt={REFRESH_1}", "error", id="another address"),
        pytest.param(f"POST /identity/connect/revocation\n\ntoken={REFRESH_1}", "passed", id="revocation"),
        pytest.param(f"GET /identity/connect/userinfo\nAuthorization: Bearer {REFRESH_1}", "error", id="userinfo"),
        pytest.param(f"OPTIONS /api?refresh={REFRESH_1}", "passed", id="preflight"),
        pytest.param(f"GET /api?refresh={REFRESH_2}", "passed", id="never issued"),
    ],
)
def test_509_misdirected(request_text: str, expected: str) -> None:
    """An issued refresh token is found wherever it stands, but where a standard wants it."""
    assert verdict("BIQ509", story(signed_in(), request_text)) == expected


def test_509_nothing_issued() -> None:
    """Without a refresh token there is nothing to misdirect."""
    assert verdict("BIQ509", story(signed_in(granted(TOKEN_1, "")), called())) == "inapplicable"


PARALLEL = "facts: concurrency = 3, api_calls = 2"
# Two renewals, whatever died.
TWO = (signed_in(granted(TOKEN_2)), signed_in(granted(TOKEN_3)))


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(
            story(PARALLEL, signed_in(), called(), died(), REFUSAL, signed_in(SECOND)),
            "passed",
            id="refused, then one sign-in",
        ),
        pytest.param(
            story(
                PARALLEL, signed_in(), died(), refreshed(REFRESH_1, SECOND), died(TOKEN_2), signed_in(granted(TOKEN_3))
            ),
            "passed",
            id="two deaths, two renewals",
        ),
        pytest.param(
            story(PARALLEL, signed_in(), died(), refreshed(REFRESH_1, SECOND), died(TOKEN_2), *TWO),
            "warning",
            id="one renewal of the first makes up for none of the second",
        ),
        pytest.param(
            story(PARALLEL, signed_in(), died(), *TWO, died(TOKEN_3), refreshed(REFRESH_1, SECOND)),
            "warning",
            id="two renewals of the first are told, and one of the second is right",
        ),
        pytest.param(
            story(PARALLEL, signed_in(), died(), f"{renewal(FIELDS)}\n{answered(SECOND)}\n### -0.05\n{REFUSAL}"),
            "warning",
            id="one refresh token in two requests",
        ),
        pytest.param(story(PARALLEL, signed_in(), called()), "inapplicable", id="nothing died"),
        pytest.param(
            story(signed_in(), died(), signed_in(SECOND), signed_in(granted(TOKEN_3))),
            "inapplicable",
            id="not declared",
        ),
    ],
)
def test_510_single_flight(example: str, expected: str) -> None:
    """One death, one renewal; a second attempt after a refusal is none too many."""
    assert verdict("BIQ510", example) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param(FIELDS, "passed", id="right"),
        pytest.param(FIELDS + "&username=svc", "error", id="user name alone"),
        pytest.param(FIELDS + "&password=", "error", id="empty password"),
        pytest.param("grant_type=password&username=a&password=b&refresh_token=x", "inapplicable", id="a sign-in"),
    ],
)
def test_512_credentials(fields: str, expected: str) -> None:
    """Neither field has a place beside a refresh token."""
    assert verdict("BIQ512", renewal(fields)) == expected


@pytest.mark.parametrize("rule", ["BIQ502", "BIQ505", "BIQ506", "BIQ507", "BIQ508", "BIQ512"])
def test_an_edited_recording_proves_nothing(rule: str) -> None:
    """What rests on something that is not there cannot be told from a recording that was filtered."""
    evidence = read_example(story(signed_in(), REFUSAL))
    edited = tuple(replace(exchange, edited="a filter took fields out") for exchange in evidence.exchanges)
    assert verdict(rule, replace(evidence, exchanges=edited)) == Outcome.CANT_TELL
