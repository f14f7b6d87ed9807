"""A client that is refused where nothing is odd is never called conforming: some rule says what is wrong with it."""

from base64 import b64encode

import pytest

from blastiq_conformance.catalogue import Outcome, catalogue
from blastiq_conformance.catalogue.example_messages import DISCOVERED, called, died, signed_in, story
from blastiq_conformance.judge.engine import judge
from blastiq_conformance.judge.explanations import explained
from tests.judge.example import PASSWORD, USERNAME, read_example
from tests.judge.rules.verdicts import result, verdict

FACTS = "facts: scenario = sign-in, benign = yes, api_calls = 1"
REFUSED = signed_in('{"error":"invalid_client"}', "400 Bad Request")
IN_BASIC = (
    f"POST /identity/connect/token\nAuthorization: Basic {b64encode(f'{USERNAME}:{PASSWORD}'.encode()).decode()}\n"
    "Content-Type: application/x-www-form-urlencoded\n\ngrant_type=password&client_id=external.customer\n\n"
    'HTTP/1.1 400 Bad Request\n\n{"error":"invalid_client"}'
)
SLASH = "facts: scenario = authority-slash, benign = yes, authority = http://127.0.0.1:8080/identity/"
DOUBLED = "GET /identity//.well-known/openid-configuration\nHost: 127.0.0.1:8080\n\nHTTP/1.1 404 Not Found\n"
LOST = called(status="404 Not Found")
BASIC = signed_in().replace("Content-Type", "Authorization: Basic ZXh0ZXJuYWwuY3VzdG9tZXI6\nContent-Type", 1)


def spoken(text: str) -> set[str]:
    (results,) = explained([judge(read_example(text), catalogue().values())])
    return {found.rule for found in results if found.outcome is Outcome.FAILED}


@pytest.mark.parametrize(
    ("example", "rules"),
    [
        pytest.param(story(FACTS, DISCOVERED, signed_in(), LOST, "exit: 1"), {"BIQ808"}, id="nobody knows why"),
        pytest.param(story(FACTS, DISCOVERED, *[REFUSED] * 3, "exit: 1"), {"BIQ801", "BIQ808"}, id="nor why thrice"),
        pytest.param(
            story(FACTS, DISCOVERED, signed_in(), *[died()] * 8, "exit: 1"),
            {"BIQ607", "BIQ808"},
            id="nor why in a loop",
        ),
        pytest.param(story(FACTS, DISCOVERED, BASIC, LOST, "exit: 1"), {"BIQ216", "BIQ808"}, id="a warning elsewhere"),
        pytest.param(story(SLASH, DISCOVERED, "exit: 1"), {"BIQ808"}, id="the issuer lacks the authority's slash"),
        pytest.param(story(SLASH, DOUBLED, "exit: 1"), {"BIQ101"}, id="a doubled slash"),
        pytest.param(
            story(FACTS, DISCOVERED, REFUSED.replace("/connect/token", "/oauth/token"), "exit: 1"),
            {"BIQ103"},
            id="a fixed address that is not the server's",
        ),
        pytest.param(
            story(FACTS, DISCOVERED, signed_in(), LOST.replace("/api", "/v3/sites"), "exit: 1"),
            {"BIQ610"},
            id="an address that is not the API's",
        ),
        pytest.param(
            story(FACTS, DISCOVERED, IN_BASIC, "exit: 1"), {"BIQ217"}, id="in the header, and so not in the form"
        ),
        pytest.param(story(FACTS, DISCOVERED, signed_in(), LOST, "exit: 0"), {"BIQ806"}, id="hidden: BIQ806"),
        pytest.param(
            story(FACTS, DISCOVERED, REFUSED.replace("external.customer", "me"), "exit: 1"),
            {"BIQ206"},
            id="another client id",
        ),
        pytest.param(
            story(FACTS, DISCOVERED, signed_in(), called("[object Object]", "401 Unauthorized"), "exit: 1"),
            {"BIQ604"},
            id="no token",
        ),
    ],
)
def test_one_rule_tells_why(example: str, rules: set[str]) -> None:
    """What is wrong with the refused request explains the refusal; where nothing is known to be, BIQ808 speaks."""
    assert spoken(example) == rules


def test_808_a_failure_that_was_made_good_is_no_excuse() -> None:
    """Only the last answer of each kind counts: after it, the call could have been made."""
    down = signed_in("", "503 Service Unavailable")
    assert verdict("BIQ808", story(FACTS, DISCOVERED, down, signed_in(), "exit: 0")) == "error"


def test_808_says_what_was_refused() -> None:
    """Without it, who reads the finding does not know where to look."""
    (finding,) = result("BIQ808", story(FACTS, DISCOVERED, signed_in(), LOST, "stderr: no rows", "exit: 1")).findings
    assert finding.exchange == 3
    assert finding.received.startswith(
        "GET /api was answered 404; signed in, 0 of 1 calls of the API went well, ended with exit"
    )


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ("[object Object]", "[object …], what JavaScript prints of an object"),
        ("undefined", "the word undefined after it"),
        ("{'a': 1}", "{…}, a whole answer or what a language prints of it"),
    ],
)
def test_604_tells_in_words_what_stands_there(sent: str, told: str) -> None:
    """A report masks what stands behind Bearer, and hid the very point."""
    (finding,) = result("BIQ604", story(signed_in(), called(sent, "401 Unauthorized"))).findings
    assert finding.received == f"Authorization: Bearer, and {told}"


@pytest.mark.parametrize(("made", "expected"), [(1, "info"), (4, "passed"), (5, "passed")])
def test_808_says_where_fewer_calls_were_made(made: int, expected: str) -> None:
    """A number of its own is no mistake, but what the second call would have shown stays unseen."""
    facts = "facts: scenario = control, benign = yes, api_calls = 4"
    assert verdict("BIQ808", story(facts, DISCOVERED, signed_in(), *[called()] * made)) == expected


@pytest.mark.parametrize(
    "path", ["/identity", "/identity/well-known/openid-configuration", "/identity/.well-known/openid_configuration"]
)
def test_101_sees_a_misspelt_address_where_nothing_else_was_asked_for(path: str) -> None:
    """BIQ808 said that every answer was good, and named no address; now that request explains it."""
    refused = f"GET {path}\n\nHTTP/1.1 404 Not Found\n\n"
    example = story("facts: scenario = sign-in, benign = yes", refused, "exit: 1")
    (finding,) = result("BIQ101", example).findings
    assert finding.received == f"GET {path}"
    assert result("BIQ808", example).findings[0].exchange == finding.exchange
    # What a probe asks for beside it does not matter once the document was asked for.
    assert verdict("BIQ101", story(DISCOVERED, refused)) == "passed"
