"""Rules 3xx beyond their examples: what looks wrong and is not, and what is wrong in other ways."""

from dataclasses import replace
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blastiq_conformance.catalogue.example_messages import (
    DISCOVERED,
    REFRESH_1,
    SIGN_IN,
    TOKEN_1,
    TOKEN_2,
    TOKEN_3,
    called,
    granted,
    refreshed,
    renewal,
    signed_in,
    story,
)
from blastiq_conformance.evidence import Child, Evidence, Facts
from fake_idp.classify import Kind
from fake_idp.journal import Exchange
from fake_idp.wire import FORM, Headers, Request
from tests.judge.rules.verdicts import result, verdict

USER = "svc.pit-42@mine.example"
MATRIX = ("BIQ301", "BIQ302", "BIQ303", "BIQ304")


def sent(body: str, given_password: str, *, username: str = USER, scenario: str = "special-characters") -> Evidence:
    """A sign-in with this body by an integration that was given these credentials."""
    request = Request(
        method="POST",
        target="/identity/connect/token",
        headers=Headers.of({"Content-Type": FORM}),
        body=body.encode("latin-1"),
    )
    exchange = Exchange(number=1, kind=Kind.TOKEN, request=request)
    return Evidence(exchanges=(exchange,), facts=Facts(scenario=scenario, username=username, password=given_password))


def form(password: str, username: str = quote(USER)) -> str:
    return f"grant_type=password&username={username}&password={password}&client_id=external.customer"


def owner(evidence: Evidence) -> str:
    """Name the rules of the matrix that fail, with their severities."""
    verdicts = {rule: verdict(rule, evidence) for rule in MATRIX}
    return " ".join(f"{rule}:{word}" for rule, word in verdicts.items() if word not in {"passed", "inapplicable"})


@pytest.mark.parametrize(
    ("password", "wire", "expected"),
    [
        pytest.param("a b", "a+b", "", id="plus for a space"),
        pytest.param("a b", "a%20b", "", id="%20 for a space"),
        pytest.param("a%41b", "a%2541b", "", id="a real %41 encoded once"),
        pytest.param("100%", "100%25", "", id="percent at the end"),
        pytest.param("tab\there", "tab%09here", "", id="tab"),
        pytest.param("e\u0301clair", "e%cc%81clair", "", id="NFD, lower hex"),
        pytest.param("£€é😀", quote("£€é😀"), "", id="UTF-8"),
        pytest.param("ab&cd=efgh", "ab&cd=efgh", "BIQ301:error", id="cut at an ampersand"),
        pytest.param("#abcdefgh", "", "BIQ301:error", id="nothing before a hash"),
        pytest.param("a+bcdefgh", "a+bcdefgh", "BIQ301:error", id="plus not encoded"),
        pytest.param("ab%2Bcdefg", "ab%2Bcdefg", "BIQ301:error", id="percent not encoded"),
        pytest.param("a$HOMEbcdefgh", "a%2Frootbcdefgh", "BIQ301:error", id="shell"),
        pytest.param(" abcdefgh ", "abcdefgh", "BIQ302:error", id="trimmed"),
        pytest.param("abcDEFgh", "abcdefgh", "BIQ302:error", id="lower case"),
        pytest.param("e\u0301clair-au-lait", quote("éclair-au-lait"), "BIQ302:error", id="NFC"),
        pytest.param("a+bcdefgh", "a%252Bbcdefgh", "BIQ303:error", id="encoded twice"),
        pytest.param("Xk4" * 33, "Xk4" * 8, "BIQ304:error", id="cut to a length"),
    ],
)
def test_each_change_of_a_password_has_one_rule(password: str, wire: str, expected: str) -> None:
    """Whatever happens to a password in special-characters, one rule of the four tells it, or none."""
    assert owner(sent(form(wire), password)) == expected


def test_a_trimmed_user_name_is_a_warning() -> None:
    """Spaces around a user name are hardly ever meant."""
    assert owner(sent(form("k7Fq2vN9"), "k7Fq2vN9", username=f" {USER}")) == "BIQ302:warning"


def test_a_missing_password_is_found() -> None:
    """Where BIQ207 and BIQ208 do not judge, BIQ301 tells a password that vanished."""
    evidence = sent("grant_type=password&username=" + quote(USER), "&abcdefgh")
    assert owner(evidence) == "BIQ301:error"
    assert result("BIQ301", evidence).findings[0].received == "no password parameter"


def test_other_scenarios_are_not_judged() -> None:
    """Elsewhere BIQ207 and BIQ208 judge, and the four do not apply."""
    evidence = sent(form("a+bcdefgh"), "a+bcdefgh", scenario="sign-in")
    assert {verdict(rule, evidence) for rule in MATRIX} == {"inapplicable"}


@pytest.mark.parametrize(
    ("child", "expected"),
    [
        pytest.param(Child(exit_status=1), "error", id="crashed"),
        pytest.param(Child(timed_out=True), "error", id="hung"),
        pytest.param(Child(exit_status=0), "inapplicable", id="ended well"),
        pytest.param(None, "inapplicable", id="nobody watched"),
    ],
)
def test_301_failed_before_sending(child: Child | None, expected: str) -> None:
    """A client that breaks on the characters before it sends them is found by its end."""
    facts = Facts(scenario="special-characters", username=USER, password="é")
    assert verdict("BIQ301", Evidence(exchanges=(), child=child, facts=facts)) == expected


PRINTABLE = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)


@given(
    password=PRINTABLE, username=PRINTABLE, encode=st.sampled_from([quote, quote_plus, lambda text: quote(text, "")])
)
def test_any_right_encoding_passes(password: str, username: str, encode: object) -> None:
    """Whatever the credentials, a client that encodes them in any legal way breaks none of the rules."""
    assert callable(encode)
    body = form(encode(password), encode(username))
    assert owner(sent(body, password, username=username)) == ""
    assert verdict("BIQ305", sent(body, password, username=username)) == "passed"


OTHER = "loader-9@quarry.test"
OTHER_FACTS = f"facts: api_calls = 2, other_user = {OTHER}:Bw6Tz3Hc8Yd5"
OTHER_SIGN_IN = (
    renewal(f"grant_type=password&username={OTHER}&password=Bw6Tz3Hc8Yd5&client_id=external.customer")
    + f"\nHTTP/1.1 200 OK\n\n{granted(TOKEN_2, '')}"
)


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(SIGN_IN.replace("svc.pit-42%40mine.example", "root"), "error", id="fixed user"),
        pytest.param(SIGN_IN.replace("svc.pit-42%40", "svc.pit-43%40"), "passed", id="changed only: BIQ207"),
        pytest.param(SIGN_IN.split("&username", maxsplit=1)[0], "passed", id="missing: BIQ207, BIQ208"),
        pytest.param(story("facts: username = unknown, password = unknown", SIGN_IN), "untested", id="recording"),
        pytest.param(story(OTHER_FACTS, OTHER_SIGN_IN), "passed", id="the other user"),
        pytest.param(
            story("facts: previous_password = Old8Rw3Yq6Mz", SIGN_IN.replace("k7Fq2vN9xW4mZ8tR1pLs", "Old8Rw3Yq6Mz")),
            "passed",
            id="the password of before: BIQ307",
        ),
    ],
)
def test_305_configuration(example: str, expected: str) -> None:
    """Only a value that has nothing to do with what was given counts as built in."""
    assert verdict("BIQ305", example) == expected


@pytest.mark.parametrize(("password", "expected"), [("Winter-2019!", "untested"), ("k7Fq2vN9xW4mZ8tR1pLs", "passed")])
def test_305_does_not_judge_what_somebody_mistyped(password: str, expected: str) -> None:
    """Where a person enters the password, a wrong one is not called built in; the right one shows that none is."""
    evidence = sent(form(password), "k7Fq2vN9xW4mZ8tR1pLs")
    typed = replace(evidence, facts=replace(evidence.facts, typed=True))
    assert verdict("BIQ305", evidence) == ("error" if expected == "untested" else "passed")
    assert verdict("BIQ305", typed) == expected


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(story(OTHER_FACTS, signed_in(), OTHER_SIGN_IN, called(), called(TOKEN_2)), "passed", id="apart"),
        pytest.param(story(OTHER_FACTS, signed_in(), called(), called()), "warning", id="the other never signs in"),
        pytest.param(
            story(
                OTHER_FACTS,
                signed_in(),
                OTHER_SIGN_IN,
                called(TOKEN_2),
                refreshed(REFRESH_1, granted(TOKEN_3)),
                called(TOKEN_3),
            ),
            "passed",
            id="renewed by refresh",
        ),
        pytest.param(story(signed_in(), called()), "inapplicable", id="one user"),
    ],
)
def test_306_sites(example: str, expected: str) -> None:
    """Each of two users must turn up among the calls, by a token of its own line."""
    assert verdict("BIQ306", example) == expected


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(SIGN_IN, "inapplicable", id="no run before"),
        pytest.param(story("facts: previous_password = k7Fq2vN9xW4mZ8tR1pLs", SIGN_IN), "passed", id="not changed"),
    ],
)
def test_307_new_password(example: str, expected: str) -> None:
    """Only after a change of the password can the old one be told."""
    assert verdict("BIQ307", example) == expected


EMPTY = "facts: username = , password ="
ORDINARY = "facts: benign = yes"


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(story(EMPTY, DISCOVERED, "exit: 1"), "passed", id="stopped"),
        pytest.param(story(EMPTY, SIGN_IN), "passed", id="a value from elsewhere"),
        pytest.param(story(EMPTY, renewal("grant_type=password&client_id=x")), "warning", id="left out, yet sent"),
        pytest.param(story("facts: password =", SIGN_IN), "passed", id="given no password, sends one"),
        pytest.param(SIGN_IN, "inapplicable", id="configured"),
        pytest.param(story(EMPTY, "exit: 1"), "inapplicable", id="never came"),
    ],
)
def test_308_empty(example: str, expected: str) -> None:
    """Sending nothing in two fields is worse than not sending."""
    assert verdict("BIQ308", example) == expected


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(story(ORDINARY, signed_in(), called(), "exit: timeout"), "passed", id="a service that stays up"),
        pytest.param(story(ORDINARY, signed_in(), called(), "exit: stopped"), "passed", id="a service, stopped"),
        pytest.param(story(ORDINARY, signed_in(), "exit: timeout"), "passed", id="hangs: BIQ808"),
        pytest.param(story(ORDINARY, signed_in(), "exit: asked"), "error", id="asks for something after the sign-in"),
        pytest.param(story(ORDINARY, signed_in(), "exit: asked", "exit: 0"), "error", id="asks, and does nothing"),
        pytest.param(story(ORDINARY, signed_in(), called(), "exit: asked"), "error", id="asks after its work"),
        pytest.param(story(ORDINARY, "GET /identity/connect/authorize?client_id=x", "exit: 0"), "error", id="browser"),
        pytest.param(story(ORDINARY, "POST /identity/connect/deviceauthorization", "exit: 1"), "error", id="device"),
        pytest.param(story(ORDINARY, signed_in("", "400 No"), "exit: asked"), "passed", id="refused, BIQ808's"),
        pytest.param(story(f"{ORDINARY}, flow = attended", "exit: asked"), "untested", id="attended"),
        pytest.param(story(signed_in(), "exit: asked"), "untested", id="not where something is odd"),
        pytest.param(
            story(ORDINARY, f"GET /identity/connect/userinfo\nAuthorization: Bearer {TOKEN_1}", "exit: 0"),
            "passed",
            id="userinfo",
        ),
    ],
)
def test_309_unattended(example: str, expected: str) -> None:
    """A process that fails once it has asked on standard input needs a person; so does a page to sign in on."""
    assert verdict("BIQ309", example) == expected
