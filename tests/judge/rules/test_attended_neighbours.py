"""Rules of other families where a person signs in: they leave alone what is right there, and see what is wrong."""

import pytest

from blastiq_conformance.catalogue.example_messages import called, story
from blastiq_conformance.rules.attended.messages import ANSWERED, ASKED, EXCHANGE, EXCHANGED, FLOW, attended
from tests.judge.rules.verdicts import verdict


@pytest.mark.parametrize("rule", ["201", "202", "203", "205", "206", "207", "208", "209", "210", "211", "212", "223"])
def test_rules_of_the_password_grant_leave_the_code_exchange_alone(rule: str) -> None:
    """BIQ906 is their twin; without a person, a code exchange is a wrong password grant as before."""
    secret = EXCHANGE.replace("&client_id", "&client_secret=x&client_id")
    assert verdict(f"BIQ{rule}", story(FLOW, secret)) == "untested"
    assert verdict("BIQ205", story(secret)) == "error"


def test_215_knows_the_parameters_of_a_code_exchange() -> None:
    """Where people sign in, and nowhere else."""
    assert verdict("BIQ215", attended()) == "passed"
    assert verdict("BIQ215", story(EXCHANGE)) == "info info info"
    assert verdict("BIQ215", story(FLOW, EXCHANGE + "&realm=x")) == "info"


@pytest.mark.parametrize(
    ("field", "expected"), [("code=5C", "error"), ("redirect_uri=x", "error"), ("code_verifier=y", "passed")]
)
def test_213_hears_what_comes_with_a_code(field: str, expected: str) -> None:
    """RFC 6749's parameters are sent once; of an extension's it says nothing."""
    assert verdict("BIQ213", story(FLOW, f"{EXCHANGE}&{field}")) == expected


def test_708_a_person_may_type_the_password_on_the_login_page() -> None:
    """It is the identity server's own; the API is not."""
    login = (
        "POST /identity/account/login\nContent-Type: application/x-www-form-urlencoded\n\n"
        "username=svc.pit-42%40mine.example&password=k7Fq2vN9xW4mZ8tR1pLs\nHTTP/1.1 302 Found\n"
    )
    assert verdict("BIQ708", story(FLOW, login, EXCHANGED, called())) == "passed"
    assert verdict("BIQ708", story(login, called())) == "error"
    assert verdict("BIQ708", story(FLOW, login.replace("/identity/account/login", "/api/login"))) == "error"


@pytest.mark.parametrize(("status", "expected"), [("0", "error"), ("1", "passed"), ("timeout", "error")])
def test_806_a_person_who_says_no_is_a_failure(status: str, expected: str) -> None:
    """The integration got no token, and its exit status says so."""
    denied = "HTTP/1.1 302 Found\nLocation: http://127.0.0.1:49152/callback?error=access_denied&state=af0ifjsldkj"
    assert verdict("BIQ806", attended(ASKED, denied, f"exit: {status}")) == expected


@pytest.mark.parametrize(
    ("scenario", "status", "expected"),
    [
        ("attended-wrong-state", "0", "error"),
        ("attended-wrong-state", "1", "passed"),
        ("attended-wrong-state", "timeout", "info"),
        ("attended-mix-up", "0", "error"),
        ("attended-sign-in, benign = yes", "0", "inapplicable"),
    ],
)
def test_806_a_foreign_answer_is_a_failure_too(scenario: str, status: str, expected: str) -> None:
    """Who refuses it says so; who waits on for the right one, as some libraries do, is told that nothing came."""
    foreign = ANSWERED.replace("state=af0ifjsldkj", "state=somebody-elses")
    example = attended(ASKED, foreign, f"exit: {status}").replace("facts: ", f"facts: scenario = {scenario}, ")
    assert verdict("BIQ806", example) == expected
