"""One cause, one rule: where two might report the same, the tables here say which does."""

import json

import pytest

from blastiq_conformance.catalogue import Outcome, catalogue
from blastiq_conformance.catalogue.example_messages import (
    REFRESH_1,
    SIGN_IN,
    TOKEN_1,
    TOKEN_2,
    answered,
    called,
    died,
    granted,
    refreshed,
    signed_in,
    story,
)
from blastiq_conformance.judge.engine import judge
from blastiq_conformance.judge.explanations import explained
from blastiq_conformance.scenarios import scenarios
from tests.judge.example import read_example
from tests.judge.rules.verdicts import result

FOREIGN = "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJhbm90aGVyIn0.b3RoZXItc2lnbmVy"
LONG = TOKEN_1 + "c2lnbmVk" * 600
BROKEN = "GET /identity/.well-known/openid-configuration\nHTTP/1.1 404 Not Found\n\n"
PAGE = signed_in("<html>", "502 Bad Gateway", "text/html")


def cut(token: str, length: int) -> str:
    """A run that keeps so much of its token."""
    return story(signed_in(granted(token)), called(token[:length], "401 Unauthorized"), "exit: 1")


# The head came, and never the body.
LEFT = SIGN_IN.partition("\n\n")[0] + "\nContent-Length: 115\n\n"
# A stream that the first try has read to its end.
RETRIED = story(
    signed_in("", "503 Service Unavailable", "text/plain"),
    SIGN_IN.partition("\n\n")[0] + "\n\n" + answered('{"error":"invalid_request"}', "400 Bad Request"),
    "exit: 1",
)
# A list of headers that outlives its call, and a renewal whose answer has no refresh token.
APPENDED = story(
    "facts: api_calls = 3",
    signed_in(),
    called(),
    died(),
    refreshed(REFRESH_1, granted(TOKEN_2, "")),
    called(f"{TOKEN_1}\nAuthorization: Bearer {TOKEN_2}", "401 Unauthorized"),
    "exit: 1",
)
# The members of an answer, taken by their position where they come in another order.
MISREAD = story(
    signed_in(json.dumps(dict(reversed(json.loads(granted()).items())), indent=1)),
    called("cosmos offline_access", "401 Unauthorized"),
    "exit: 1",
)


def failed(text: str) -> set[str]:
    return {found.rule for found in judge(read_example(text), catalogue().values()) if found.outcome is Outcome.FAILED}


@pytest.mark.parametrize(
    ("example", "rules"),
    [
        pytest.param(cut(LONG, 4096), {"BIQ407"}, id="a long token cut to 4096"),
        pytest.param(cut(LONG, 255), {"BIQ407"}, id="a long token cut to 255"),
        pytest.param(cut(TOKEN_1, 30), {"BIQ604"}, id="a usual token cut"),
        pytest.param(story(signed_in(), called(), f"stdout: got {FOREIGN}"), set(), id="another's JWT on stdout"),
        pytest.param(story(signed_in(), called(), f"stdout: {TOKEN_1[:20]}"), set(), id="the header of the token"),
        pytest.param(story(signed_in(), called(), f"stdout: {TOKEN_1[:36]}"), {"BIQ701"}, id="more of the token"),
        pytest.param(story(signed_in(), called(), LEFT), set(), id="a worker that was ended within its sign-in"),
        pytest.param(story(BROKEN, "exit: 0"), {"BIQ806"}, id="no document, exit status 0"),
        pytest.param(story(BROKEN, "exit: 1"), set(), id="no document, exit status 1"),
        pytest.param(story(PAGE, "exit: 0"), {"BIQ806"}, id="an error page, exit status 0"),
        pytest.param(story(PAGE, "exit: 1"), set(), id="an error page, exit status 1"),
        pytest.param(story(signed_in("<html>"), "exit: 0"), {"BIQ806"}, id="200 with a page, exit status 0"),
    ],
)
def test_one_cause_breaks_one_rule(example: str, rules: set[str]) -> None:
    """All rules over a run with one thing wrong."""
    assert failed(example) == rules


@pytest.mark.parametrize(
    ("example", "rule"),
    [
        pytest.param(RETRIED, "BIQ202", id="a retry without its body"),
        pytest.param(APPENDED, "BIQ603", id="two headers"),
        pytest.param(MISREAD, "BIQ411", id="another member in place of the token"),
    ],
)
def test_effects_are_told_under_their_cause(example: str, rule: str) -> None:
    """What is refused for one mistake in it is told as that mistake alone."""
    (results,) = explained([judge(read_example(example), catalogue().values())])
    assert {found.rule for found in results if found.outcome is Outcome.FAILED} == {rule}


def test_whoever_judges_a_clean_failure_judges_its_exit_status() -> None:
    """D34: BIQ106 and BIQ409 leave exit status 0 to BIQ806, so no scenario is for them without it."""
    rows = [row for row in scenarios().values() if row.rules & {"BIQ106", "BIQ409"}]
    assert rows
    assert all("BIQ806" in row.rules for row in rows)
    assert all("BIQ806" not in row.without for row in scenarios().values())


@pytest.mark.parametrize("example", [BROKEN, PAGE])
def test_a_hidden_failure_is_told_with_its_cause(example: str) -> None:
    """The finding names the exchange, what it was answered, and the decision."""
    (finding,) = result("BIQ806", story(example, "exit: 0")).findings
    assert finding.exchange == 1
    assert "was answered" in finding.received
    assert "D34" in catalogue()["BIQ806"].references
