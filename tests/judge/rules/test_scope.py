"""BIQ212: which scopes pass, and which are refused."""

import pytest

from blastiq_conformance.catalogue.example_messages import SIGN_IN
from tests.judge.rules.verdicts import result, verdict


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("", "passed"),
        ("&scope=cosmos", "passed"),
        ("&scope=", "warning"),
        ("&scope", "warning"),
        ("&scope=+", "warning"),
        ("&scope=cosmos+offline_access", "warning"),
        ("&scope=openid+cosmos", "warning"),
        ("&scope=cosmos+", "warning"),
        ("&scope=openid", "error"),
        ("&scope=offline_access", "error"),
        ("&scope=Cosmos", "error"),
        ("&scope=cosmos,openid", "error"),
        ("&scope=cosmos+admin", "error"),
        ("&scope=null", "error"),
    ],
)
def test_212_scope(scope: str, expected: str) -> None:
    """Absent and cosmos pass; empty, and cosmos with usual additions, warn; all else is an error (D3)."""
    assert verdict("BIQ212", SIGN_IN + scope) == expected


ANSWERS = {
    "invalid_scope": 'HTTP/1.1 400 Bad Request\n\n{"error": "invalid_scope"}',
    "invalid_grant": 'HTTP/1.1 400 Bad Request\n\n{"error": "invalid_grant"}',
    "granted": 'HTTP/1.1 200 OK\n\n{"access_token": "a7Lq2vN9xW4mZ8tR1pKs", "token_type": "Bearer"}',
    "unavailable": "HTTP/1.1 503 Service Unavailable",
}


@pytest.mark.parametrize(
    ("scope", "answer", "expected"),
    [
        ("&scope=openid+cosmos", "invalid_scope", "error"),
        ("&scope=openid+offline_access+cosmos", "invalid_scope", "error"),
        ("&scope=cosmos%09cosmos", "invalid_scope", "error"),
        ("&scope=openid+cosmos", "granted", "warning"),
        ("&scope=openid+cosmos", "invalid_grant", "warning"),
        ("&scope=openid+cosmos", "unavailable", "warning"),
        ("&scope=cosmos+offline_access", "invalid_scope", "warning"),
        ("&scope=cosmos+offline_access", "granted", "warning"),
        ("&scope=", "invalid_scope", "warning"),
        ("&scope=cosmos+admin", "granted", "error"),
        ("&scope=cosmos", "invalid_scope", "passed"),
        ("", "invalid_scope", "passed"),
    ],
)
def test_212_what_is_refused_is_an_error(scope: str, answer: str, expected: str) -> None:
    """Too much is a warning where it was granted, an error where the client cannot sign in for it (D51)."""
    assert verdict("BIQ212", f"{SIGN_IN}{scope}\n\n{ANSWERS[answer]}\n") == expected


def test_212_says_that_it_was_the_scope() -> None:
    """The client hears invalid_scope, and which scope that was it does not."""
    (finding,) = result("BIQ212", f"{SIGN_IN}&scope=openid+cosmos\n\n{ANSWERS['invalid_scope']}\n").findings
    assert finding.message == "scope asks for what this client does not get: the answer is invalid_scope"


@pytest.mark.parametrize("scope", ["&scope=cosmos+", "&scope=+cosmos", "&scope=cosmos+cosmos"])
def test_212_cosmos_with_blanks_asks_for_no_more(scope: str) -> None:
    """The message says what is wrong: nothing was asked for beyond cosmos."""
    (finding,) = result("BIQ212", SIGN_IN + scope).findings
    assert "more than cosmos" not in finding.message
