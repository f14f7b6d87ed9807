"""Rules 2xx on who signs in: client id, username, password, secrets and Basic headers, beyond their examples."""

import base64
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blastiq_conformance.catalogue import Outcome, Profile, catalogue
from blastiq_conformance.catalogue.example_messages import REFRESH_1, SIGN_IN, refreshed, story
from blastiq_conformance.evidence import Evidence, Facts
from blastiq_conformance.judge.engine import judge
from fake_idp.classify import Kind
from fake_idp.journal import Exchange
from fake_idp.wire import Headers, Request
from tests.judge.example import PASSWORD, USERNAME
from tests.judge.rules.verdicts import result, verdict

NO_ID = SIGN_IN.partition("\n&client_id")[0]
REFRESH = refreshed(REFRESH_1, "{}")
FORM_RULES = [rule for rule in catalogue().values() if rule.id.startswith("BIQ2")]


def basic(user: str, password: str, message: str = SIGN_IN) -> str:
    value = base64.b64encode(f"{user}:{password}".encode()).decode()
    return message.replace("\n\n", f"\nAuthorization: Basic {value}\n\n", 1)


def other(old: str, new: str, message: str = SIGN_IN) -> str:
    return message.replace(old, new, 1)


ID = "external.customer"
NOBODY = other("username=svc.pit-42%40mine.example&", "")
GRANT_WITHOUT_USER = SIGN_IN.partition("\n\n")[0] + "\n\ngrant_type=client_credentials"
# D26: what is found, and by which of the five, in whichever way the header is used.
BASICS = [
    pytest.param(SIGN_IN, set(), id="none"),
    pytest.param(basic(ID, ""), {"BIQ216"}, id="id beside the body's"),
    pytest.param(basic(ID, "", NO_ID), {"BIQ206", "BIQ216"}, id="id alone"),
    pytest.param(basic(ID, "s", NO_ID), {"BIQ206", "BIQ209"}, id="id and secret"),
    pytest.param(basic(ID, "s"), {"BIQ209"}, id="secret beside the body's id"),
    pytest.param(basic(USERNAME, PASSWORD), {"BIQ217"}, id="the user's own"),
    pytest.param(basic(USERNAME, PASSWORD, NO_ID), {"BIQ206", "BIQ217"}, id="the user's own, no id"),
    pytest.param(basic(quote(USERNAME), PASSWORD), {"BIQ217"}, id="the user's own, encoded"),
    pytest.param(basic("somebody", "else"), {"BIQ209"}, id="another pair"),
    pytest.param(story("facts: username = unknown", basic(USERNAME, "x")), {"BIQ217"}, id="recording, the form's name"),
    pytest.param(story("facts: username = unknown", basic("app", "x")), {"BIQ209"}, id="recording, another name"),
    pytest.param(
        story("facts: username = unknown", basic("x", "y", other("username=svc.pit-42%40mine.example&", ""))),
        {"BIQ207", "BIQ217"},
        id="recording, nobody in the form",
    ),
    pytest.param(
        story("facts: username = unknown", basic("app", "s", GRANT_WITHOUT_USER)),
        {"BIQ206", "BIQ207", "BIQ209"},
        id="recording, a grant without user",
    ),
    pytest.param(
        story("facts: username = unknown, client_id = app", basic("vendor", "s", REFRESH.replace(ID, "vendor"))),
        set(),
        id="recording, another client's secret on refresh is BIQ504's",
    ),
    pytest.param(
        story("facts: username = unknown", basic("vendor", "s", NOBODY.replace(ID, "vendor"))),
        {"BIQ206", "BIQ207", "BIQ209"},
        id="recording, the client that the form names",
    ),
    pytest.param(other("\n\n", "\nAuthorization: Bearer T\n\n", basic(ID, "s")), {"BIQ209"}, id="a second header"),
    pytest.param(other("\n\n", "\nAuthorization: Bearer T\n\n"), {"BIQ216"}, id="bearer"),
    pytest.param(other("\n\n", "\nAuthorization: Basic ###\n\n"), {"BIQ216"}, id="malformed"),
    pytest.param(basic(ID, "", REFRESH), {"BIQ216"}, id="on refresh"),
    pytest.param(basic(ID, "s", REFRESH), set(), id="a secret on refresh is BIQ504's"),
    pytest.param(basic(USERNAME, PASSWORD, REFRESH), {"BIQ217"}, id="the user on refresh"),
]


@pytest.mark.parametrize(("example", "expected"), BASICS)
def test_basic_header(example: str, expected: set[str]) -> None:
    """One cause breaks one rule (D26)."""
    rules = ("BIQ206", "BIQ207", "BIQ209", "BIQ210", "BIQ216", "BIQ217")
    assert {rule for rule in rules if result(rule, example).outcome is Outcome.FAILED} == expected


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(SIGN_IN, "passed", id="right"),
        pytest.param(other("client_id", "CLIENT_ID"), "passed", id="name in other case is BIQ218"),
        pytest.param(other("\nContent", "?client_id=external.customer\nContent", NO_ID), "passed", id="in the query"),
        pytest.param(story("facts: client_id = mine", other("external.customer", "mine")), "passed", id="given"),
        pytest.param(REFRESH, "untested", id="a refresh is BIQ503's"),
        pytest.param(other("external.customer", "External.Customer"), "error", id="other case"),
        pytest.param(other("external.customer", ""), "error", id="empty"),
        pytest.param(NO_ID, "error", id="missing"),
    ],
)
def test_206_client_id(example: str, expected: str) -> None:
    """The id must be the one given, wherever it was put."""
    assert verdict("BIQ206", example) == expected


@pytest.mark.parametrize(
    ("rule", "example", "expected"),
    [
        ("BIQ206", basic(ID, "", NO_ID), "warning"),
        ("BIQ206", NO_ID, "error"),
        ("BIQ210", SIGN_IN + "&client_secret", "warning"),
        ("BIQ209", SIGN_IN + "&client_secret=x", "error"),
    ],
)
def test_lenient(rule: str, example: str, expected: str) -> None:
    """What IdentityServer forgives is a warning in the profile lenient, and nothing else is (D1, D2)."""
    assert verdict(rule, example, Profile.LENIENT) == expected


@pytest.mark.parametrize(
    ("rule", "suffix", "expected"),
    [
        ("BIQ209", "&client_secret=x&client_secret=y", "error error"),
        ("BIQ209", "&client_secret=", "passed"),
        ("BIQ210", "&client_secret=x", "passed"),
        ("BIQ210", "&client_secret", "error"),
        ("BIQ223", "", "passed"),
        ("BIQ223", "&client_assertion=a&client_assertion_type=b", "error error"),
    ],
)
def test_secrets(rule: str, suffix: str, expected: str) -> None:
    """A secret with a value, one without, and an assertion are three rules."""
    assert verdict(rule, SIGN_IN + suffix) == expected


SPECIAL = "facts: scenario = special-characters, password = a+b longer"
SENT = "password=k7Fq2vN9xW4mZ8tR1pLs"


@pytest.mark.parametrize(
    ("example", "broken"),
    [
        pytest.param(SIGN_IN, set(), id="right"),
        pytest.param(other(SENT + "\n", "\n"), {"BIQ208"}, id="missing"),
        pytest.param(other("=svc.pit-42%40mine.example", "="), {"BIQ207"}, id="empty"),
        pytest.param(other("svc.pit", "SVC.pit"), {"BIQ207"}, id="changed"),
        pytest.param(other(SENT, "password=something-else"), set(), id="unrelated is BIQ305"),
        pytest.param(other(SENT, "password=S001Y001N001O001N001Y001M001"), set(), id="redacted"),
        pytest.param(story("facts: password = unknown", other(SENT, "password=x")), set(), id="unknown"),
        pytest.param(story("facts: password = unknown", other(SENT, "password=")), {"BIQ208"}, id="unknown, empty"),
        pytest.param(story("facts: password = a+b longer", other(SENT, "password=a+b+longer")), {"BIQ208"}, id="plus"),
        pytest.param(story(SPECIAL, other(SENT, "password=a+b+longer")), set(), id="plus, where BIQ301 judges"),
        pytest.param(story("facts: password = käse-brot", other(SENT, "password=k%E4se-brot")), {"BIQ214"}, id="bytes"),
        pytest.param(
            story(
                "facts: other_user = two:word", other("svc.pit-42%40mine.example", "two", other(SENT, "password=word"))
            ),
            set(),
            id="another user of ours",
        ),
        pytest.param(
            story(
                "facts: other_user = two:word", other("svc.pit-42%40mine.example", "two", other(SENT, "password=words"))
            ),
            {"BIQ208"},
            id="another user, its password changed",
        ),
        pytest.param(
            story("facts: other_user = two:word", other("svc.pit-42%40mine.example", "two")),
            set(),
            id="another user, the first one's password: BIQ305",
        ),
    ],
)
def test_one_cause_one_rule(example: str, broken: set[str]) -> None:
    """Missing, empty and changed are 207 and 208; spoilt bytes 214 instead; another value 305 instead (D25)."""
    rules = ("BIQ207", "BIQ208", "BIQ214")
    assert {rule for rule in rules if result(rule, example).outcome is Outcome.FAILED} == broken


@pytest.mark.parametrize(
    ("given_value", "sent", "expected"),
    [
        pytest.param("a b", "a%20b", "passed", id="%20"),
        pytest.param("a b", "a+b", "passed", id="+"),
        pytest.param("é~!@/", "%c3%a9~!@/", "passed", id="lower case hex, reserved characters"),
        pytest.param("a b", "a b", "warning", id="raw space"),
        pytest.param("käse", "käse", "warning", id="raw UTF-8"),
        pytest.param("50%", "50%", "warning", id="percent sign that is not an escape"),
        pytest.param('"', '"', "warning", id="raw quote"),
        pytest.param("unknown", "%E9", "warning", id="recording"),
        pytest.param("käse-brot", "k%E4se-brot", "error", id="Latin-1"),
        pytest.param("käse-brot", "k%u00E4se-brot", "error", id="escape()"),
        pytest.param("käse-brot", "k%3Fse-brot", "error", id="question mark"),
    ],
)
def test_214_encoding(given_value: str, sent: str, expected: str) -> None:
    """Bad bytes are an error where they spoil the password, a warning where it can be read or is not known."""
    assert verdict("BIQ214", story(f"facts: password = {given_value}", other(SENT, f"password={sent}"))) == expected


def test_214_leaves_other_bodies_alone() -> None:
    """JSON needs no percent signs: that it is JSON is BIQ202 alone."""
    example = 'POST /identity/connect/token\nContent-Type: application/json\n\n{"password": "ä b"}'
    assert verdict("BIQ214", story("facts: password = ä b", example)) == "passed"


def signed_in(body: bytes, username: str, password: str) -> Evidence:
    request = Request(
        method="POST",
        target="/identity/connect/token",
        headers=Headers.of({"Content-Type": "application/x-www-form-urlencoded"}),
        body=body,
    )
    exchange = Exchange(number=1, kind=Kind.TOKEN, request=request)
    return Evidence(exchanges=(exchange,), facts=Facts(username=username, password=password))


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)


@given(TEXT, TEXT, st.sampled_from(["", "/", "~!*'()", "/:@?,;$"]), st.booleans(), st.permutations(range(4)))
def test_a_right_form_breaks_nothing(username: str, password: str, safe: str, plus: bool, order: list[int]) -> None:
    """Whatever the credentials, the encoder's taste and the order of fields: no rule of 2xx finds a thing."""
    pairs = [("grant_type", "password"), ("username", username), ("password", password), ("client_id", ID)]
    body = urlencode([pairs[index] for index in order], safe=safe)
    if not plus:
        body = body.replace("+", "%20")
    results = judge(signed_in(body.encode(), username, password), FORM_RULES)
    assert {found.rule for found in results if found.outcome is Outcome.FAILED} == set()


@pytest.mark.parametrize(
    ("sent", "told", "fix"),
    [
        (PASSWORD + "%0A", "white space added", "echo"),
        (PASSWORD.lower(), "upper or lower case changed", "entered"),
    ],
)
def test_208_tells_how_a_masked_value_differs(sent: str, told: str, fix: str) -> None:
    """A report masks both values: <password:2> for <password:1> told nobody that echo had added a line feed."""
    (finding,) = result("BIQ208", SIGN_IN.replace(PASSWORD, sent)).findings
    assert finding.received.endswith(f", {told}")
    assert fix in finding.fix
