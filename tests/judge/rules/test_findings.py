"""What findings show: the words received, the parameter, and the exchange where a reader has to look."""

import pytest

from blastiq_conformance.catalogue import catalogue
from blastiq_conformance.catalogue.example_messages import (
    REFRESH_1,
    REFRESH_2,
    REFUSED,
    SIGN_IN,
    TOKEN_2,
    called,
    granted,
    refreshed,
    signed_in,
    story,
)
from fake_idp.secrets.encodings import encodings
from tests.judge.example import PASSWORD
from tests.judge.rules.verdicts import result

DENIED = signed_in(REFUSED, "400 Bad Request")
BASIC = DENIED.replace("Content-Type", "Authorization: Basic ZXh0ZXJuYWwuY3VzdG9tZXI6\nContent-Type", 1)
THROTTLED = called(status="429 Too Many Requests")
NO_TOKEN_CALL = "GET /api\nHTTP/1.1 401 Unauthorized\n\n"
LONE_DISCOVERY = "GET /identity/.well-known/openid-configuration"
UNTYPED = granted().replace('"token_type":"Bearer",', "")
BASE64 = next(form for form in encodings(PASSWORD) if form.endswith("="))


@pytest.mark.parametrize(
    ("rule", "example", "parameter", "exchange", "received"),
    [
        (
            "BIQ202",
            SIGN_IN.replace("Content-Type: application/x-www-form-urlencoded\n", ""),
            "Content-Type",
            1,
            "no Content-Type",
        ),
        ("BIQ202", SIGN_IN.replace("x-www-form-urlencoded", "xml"), "Content-Type", 1, "Content-Type: application/xml"),
        ("BIQ214", SIGN_IN.replace("k7Fq2", "k7%E92"), "password", 1, "password=k7%E92vN9xW4mZ8tR1pLs (form field 3)"),
        (
            "BIQ308",
            story(
                "facts: username = , password = ",
                SIGN_IN.replace("svc.pit-42%40mine.example", "").replace(PASSWORD, ""),
            ),
            "username",
            1,
            "username= & password=",
        ),
        (
            "BIQ308",
            story("facts: username = , password = ", SIGN_IN.replace(f"&password={PASSWORD}", "")),
            "password",
            1,
            "no password parameter",
        ),
        ("BIQ403", story(signed_in(UNTYPED), called()), "token_type", 1, "no token_type"),
        ("BIQ403", story(signed_in(granted().replace("Bearer", "mac")), called()), "token_type", 1, "token_type mac"),
        ("BIQ410", story(signed_in("{}"), NO_TOKEN_CALL), "", 2, "GET /api, Authorization: absent"),
        ("BIQ410", story(signed_in("{}"), called("x")), "", 2, "GET /api, Authorization: Bearer x"),
        ("BIQ606", f"{signed_in()}\n### +3700\n{called()}", "", 2, "a token that had expired 100 s before"),
        ("BIQ801", story(DENIED, DENIED, DENIED), "", 3, "attempt 3 after 400 invalid_grant, unchanged"),
        (
            "BIQ801",
            story(BASIC, DENIED),
            "",
            2,
            "attempt 2 after 400 invalid_grant, with another style of client authentication",
        ),
        (
            "BIQ827",
            story(signed_in(), f"{THROTTLED}\n### +0.4\n{called()}"),
            "",
            3,
            "again after 0.40 s, and nothing was compared: its usual pause is not known",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 40 else "",
)
def test_a_finding_shows_what_was_received(
    rule: str, example: str, parameter: str, exchange: int, received: str
) -> None:
    """The last finding of these: its quotation, its parameter, its exchange."""
    finding = result(rule, example).findings[-1]
    assert (finding.received, finding.parameter, finding.exchange) == (received, parameter, exchange)


@pytest.mark.parametrize(
    ("stdout", "said"),
    [
        (f"password={PASSWORD}", "the password"),
        (f"password={PASSWORD[:14]}", "the beginning of the password, 12 characters or more"),
        (f"password={BASE64}", "the password (raw, base64)"),
    ],
)
def test_a_leak_is_named_by_its_part_and_form(stdout: str, said: str) -> None:
    """BIQ701: whether all of the secret was written, and how it was encoded."""
    (finding,) = result("BIQ701", story(signed_in(), called(), f"stdout: {stdout}")).findings
    assert finding.message.endswith(f": {said}")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/identity//.well-known/openid-configuration", "a doubled slash"),
        ("/identity/.well-known/openid-configuration/", "ends in a slash"),
        ("/.well-known/openid-configuration", "at other addresses only"),
    ],
)
def test_a_wrong_discovery_address_is_described(path: str, said: str) -> None:
    """BIQ101: three mistakes, three messages."""
    (finding,) = result("BIQ101", story(f"GET {path}\nHTTP/1.1 404 Not Found\n\n", "exit: 1")).findings
    assert said in finding.message


@pytest.mark.parametrize(("ending", "said"), [("timeout", ", and was still running at the timeout"), ("1", "")])
def test_a_wait_without_end_is_told_from_a_long_one(ending: str, said: str) -> None:
    """BIQ804: how long, and whether it was ever over."""
    example = story("facts: scenario = hangs", SIGN_IN, "took: 119", f"exit: {ending}")
    (finding,) = result("BIQ804", example).findings
    assert finding.received == f"it waited for 119 s{said}"


@pytest.mark.parametrize(
    ("grant", "said"), [("", "names no grant_type"), ("grant_type=Password&", "grant_type is not password")]
)
def test_a_missing_grant_is_told_from_a_wrong_one(grant: str, said: str) -> None:
    """BIQ205: one is added, the other corrected."""
    (finding,) = result("BIQ205", SIGN_IN.replace("grant_type=password&", grant)).findings
    assert finding.message.endswith(said)


@pytest.mark.parametrize(
    ("scope", "said"), [("cosmos+other", "more than was granted: other"), ("", "the scope is empty")]
)
def test_a_wider_scope_is_told_from_an_empty_one(scope: str, said: str) -> None:
    """BIQ507: which words are too many."""
    renewal = refreshed(REFRESH_1, granted(TOKEN_2, REFRESH_2))
    wider = renewal.replace("external.customer", f"external.customer&scope={scope}", 1)
    (finding,) = result("BIQ507", story(signed_in(), wider)).findings
    assert finding.message.endswith(said)


@pytest.mark.parametrize("times", [1, 2])
def test_a_refused_refresh_token_says_how_often_it_came(times: int) -> None:
    """BIQ508: how many requests there were after the refusal."""
    refusal = refreshed(REFRESH_1, REFUSED, "400 Bad Request")
    (finding,) = result("BIQ508", story(signed_in(), refusal, *[refusal] * times)).findings
    assert finding.received.endswith(f"requests with it since then: {times}")


def test_a_pace_too_fast_is_told_in_minutes() -> None:
    """BIQ823: what was seen, and where it leads; at the last call."""
    (finding,) = result("BIQ823", story(signed_in(), called(), "repeat: 400 +9.9")).findings
    assert finding.received == "401 calls in 66 minutes, 1458 in four hours"
    assert finding.exchange == 402


def test_a_crash_names_its_signal() -> None:
    """BIQ106 and BIQ409: as the system counts signals, without the sign."""
    broken = f"{LONE_DISCOVERY}\nHTTP/1.1 503 Service Unavailable\n\n"
    (finding,) = result("BIQ106", story("facts: scenario = discovery-broken", broken, "exit: -11")).findings
    assert finding.received == "ended by signal 11"
    for signal in (11, 1):
        page = signed_in("<html>", "502 Bad Gateway", "text/html")
        (finding,) = result("BIQ409", story(page, f"exit: -{signal}")).findings
        assert finding.received == f"an end by signal {signal}"


def test_thrown_away_tokens_are_shown_at_the_second() -> None:
    """BIQ609: the first token was needed."""
    second = signed_in(granted(TOKEN_2, REFRESH_2))
    example = story("facts: scenario = clock-skew", signed_in(), called(), second, called(TOKEN_2))
    (finding,) = result("BIQ609", example).findings
    assert finding.exchange == 3


def test_an_outage_is_shown_at_its_last_try() -> None:
    """BIQ802: there it had gone on too long."""
    down = signed_in("", "503 Service Unavailable")
    (finding,) = result("BIQ802", "\n### +0.1\n".join([down] * 7)).findings
    assert finding.exchange == 7


def test_an_answer_that_could_not_be_used_is_shown_at_its_last() -> None:
    """BIQ401: the client may have tried more than once."""
    extra = signed_in(granted().replace("{", '{"x":1,', 1))
    (finding,) = result("BIQ401", story(extra, extra, extra, "exit: 1")).findings
    assert finding.exchange == 3


def test_additions_are_shown_at_the_last_answer() -> None:
    """BIQ828: what came before was still understood."""
    rule = catalogue()["BIQ828"]
    (finding,) = result(rule.id, rule.bad.replace(called(), f"{called()}\n###\n{called()}", 1)).findings
    assert finding.exchange == max(1, rule.bad.count("\nHTTP/1.1 ") + 1)
