"""Rules 401 to 407 and 411: unusual answers, told apart, and clients that cope with them or do not."""

import base64
import gzip
import json
from dataclasses import replace

import pytest

from blastiq_conformance.catalogue import catalogue
from blastiq_conformance.catalogue.example_messages import TOKEN_1, TOKEN_2, called, died, granted, signed_in, story
from fake_idp.wire import Delivery, Ending, Headers
from tests.judge.example import read_example
from tests.judge.rules.verdicts import verdict

RULES = ("BIQ401", "BIQ402", "BIQ404", "BIQ405", "BIQ406", "BIQ407", "BIQ411", "BIQ415", "BIQ416")

TRACE = "stderr: Traceback (most recent call last):\\nTypeError: can only concatenate str"


def jwt(**claims: object) -> str:
    payload = base64.urlsafe_b64encode(json.dumps(claims, ensure_ascii=False).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJSUzI1NiJ9.{payload}.c2ln"


def answer(**changes: object) -> str:
    """The server's answer with members changed, added, or (None) left out; one line without spaces."""
    members = json.loads(granted()) | changes
    return json.dumps({k: v for k, v in members.items() if v is not None}, separators=(",", ":"), ensure_ascii=False)


CASES = [
    pytest.param(answer(), "", id="plain"),
    pytest.param(answer(id_token=TOKEN_2), "", id="id_token"),
    pytest.param(answer(extra=[1]), "BIQ401", id="array"),
    pytest.param(answer(token_type="bearer"), "BIQ402", id="bearer"),
    pytest.param(answer(token_type="BEARER"), "BIQ402", id="BEARER"),
    pytest.param(answer(expires_in=None), "BIQ404", id="no lifetime"),
    pytest.param(answer(expires_in="3600"), "BIQ405", id="text"),
    pytest.param(answer(expires_in=3600.0), "BIQ405", id="fraction"),
    pytest.param(answer(expires_in=-1), "BIQ405", id="negative"),
    pytest.param(answer(expires_in=10 * 365 * 86_400), "BIQ405", id="ten years"),
    pytest.param(answer(expires_in=10 * 365 * 86_400 - 1), "", id="less, and plain"),
    pytest.param(answer(expires_in=True), "BIQ405", id="true"),
    pytest.param(answer().replace("3600", "null"), "BIQ405", id="null"),
    pytest.param(answer(access_token="AB12" * 16), "BIQ406", id="reference token"),
    pytest.param(answer(access_token="not-hex-and-no-jwt"), "", id="a recording's placeholder"),
    pytest.param(answer(access_token=jwt(nbf=1000, exp=4600)), "", id="JWT"),
    pytest.param(answer(access_token=jwt(nbf=1000, exp=8200)), "", id="an hour longer than the answer says"),
    pytest.param(answer(access_token=jwt(nbf=1000, exp=8201)), "BIQ406", id="more than an hour longer"),
    pytest.param(answer(access_token=jwt(nbf=1000, exp=9)), "BIQ406", id="exp long over"),
    pytest.param(answer(access_token=jwt(exp="soon")), "BIQ406", id="exp as text"),
    pytest.param(answer(access_token=jwt(sub="??>~")), "BIQ406", id="base64url letters"),
    pytest.param(answer(access_token="a.!.c"), "", id="no payload that anybody could read"),
    pytest.param(answer(access_token="a.WzFd.c"), "", id="a payload that is not an object"),
    pytest.param(answer(access_token=TOKEN_1 + "c2ln" * 2000), "BIQ407", id="8 KiB"),
    pytest.param(json.dumps(json.loads(granted()), indent=2), "BIQ411", id="pretty"),
    pytest.param(answer().replace("Bearer", "\\u0042earer"), "BIQ411", id="escape"),
    pytest.param('{"scope":"cosmos",' + answer(scope=None)[1:], "BIQ411", id="order"),
    pytest.param(answer(refresh_token=None), "BIQ415", id="no refresh token"),
    pytest.param(answer(scope=None), "BIQ416", id="no scope"),
    pytest.param(answer(scope=""), "", id="an empty scope"),
]


@pytest.mark.parametrize(("body", "rule"), CASES)
def test_each_trait_has_one_rule(body: str, rule: str) -> None:
    """An answer is unusual in the eyes of one rule, and of no other."""
    evidence = read_example(story(signed_in(body), "exit: 1"))
    assert [name for name in RULES if catalogue()[name].select(evidence)] == ([rule] if rule else [])


@pytest.mark.parametrize(("body", "rule"), [case for case in CASES if case.values[1]])
def test_coping_passes_and_failing_fails(body: str, rule: str) -> None:
    """Who uses the token passes, who crashes without a call fails, and who only signs in shows nothing."""
    (token,) = read_example(signed_in(body)).access_tokens
    assert verdict(rule, story(signed_in(body), called(token))) == "passed"
    assert verdict(rule, story(signed_in(body), TRACE, "exit: 1")) in {"error", "warning"}
    assert verdict(rule, story(signed_in(body), "exit: stopped")) in {"error", "warning"}
    assert verdict(rule, story(signed_in(body), "exit: 0")) == "inapplicable"
    assert verdict(rule, story(signed_in(body), signed_in(body), called(token))) == "passed"


@pytest.mark.parametrize(
    ("media_type", "failed"),
    [
        ("application/json; charset=UTF-8", "inapplicable"),
        ("application/json; charset=utf-8", "inapplicable"),
        ("application/json", "error"),
        ('application/json; profile=x; charset="utf-8"', "error"),
        ("Application/JSON;Charset=Utf-8", "info"),
    ],
)
def test_a_media_type_may_be_spelled_in_other_ways(media_type: str, failed: str) -> None:
    """BIQ411: as the product does, without parameters, with others, in other letters; one that is not told is none."""
    body = signed_in(media_type=media_type)
    assert verdict("BIQ411", story(body, "exit: 1")) == failed
    assert verdict("BIQ411", story(body, called())) == ("inapplicable" if failed == "inapplicable" else "passed")
    untold = body.replace(f"Content-Type: {media_type}", "X-Nothing: told")
    assert verdict("BIQ411", story(untold, "exit: 1")) == "inapplicable"


@pytest.mark.parametrize("rule", [*RULES, "BIQ403", "BIQ412"])
def test_no_answer_has_no_look(rule: str) -> None:
    """A request without an answer lacks what an answer may lack, and is no unusual answer for that."""
    assert verdict(rule, story(signed_in().partition("\nHTTP")[0], "exit: 1")) == "inapplicable"


@pytest.mark.parametrize(
    ("kind", "used"),
    [("mac", "warning"), ("DPoP", "warning"), (None, "warning"), (7, "warning"), ("bEARER", "inapplicable")],
)
def test_403_other_kinds(kind: object, used: str) -> None:
    """A token of another kind, or of none, is not for the Authorization header."""
    body = answer(token_type=kind)
    assert verdict("BIQ403", story(signed_in(body), called())) == used
    assert verdict("BIQ403", story(signed_in(body), "exit: 1")) == used.replace("warning", "passed")


def twice(first: str, second: str, *between: str) -> str:
    return story("facts: api_calls = 2", signed_in(first), called(), *between, signed_in(second), called(TOKEN_2))


@pytest.mark.parametrize(
    ("rule", "changes", "expected", "after_401"),
    [
        pytest.param("BIQ404", {"expires_in": None}, "error", "passed", id="no lifetime taken for none"),
        pytest.param("BIQ405", {"expires_in": "3600"}, "warning", "passed", id="text taken for none"),
        pytest.param("BIQ405", {"expires_in": 0}, "passed", "info", id="zero is over at once"),
        pytest.param("BIQ405", {"expires_in": -1}, "passed", "info", id="so is less"),
    ],
)
def test_a_token_for_each_call(rule: str, changes: dict[str, object], expected: str, after_401: str) -> None:
    """Who takes a good token for dead at once is told; not so after a 401."""
    first, second = answer(**changes), answer(access_token=TOKEN_2, **changes)
    assert verdict(rule, twice(first, second)) == expected
    assert verdict(rule, twice(first, second, died())) == after_401


def test_406_a_token_for_each_call() -> None:
    """A decoder that fails and signs in again is a warning, one that gives up an error."""
    first, second = "AB12" * 16, "CD34" * 16
    example = story(signed_in(granted(first)), called(first), signed_in(granted(second)), called(second))
    assert verdict("BIQ406", example) == "warning"
    assert verdict("BIQ406", story(signed_in(granted(first)), "exit: 1")) == "error"
    assert verdict("BIQ406", story("facts: other_user = b:c", example)) == "passed"


def test_405_over_and_used_on() -> None:
    """A token that was over when it came: used again it is a word, used on after a 401 a warning."""
    over = signed_in(answer(expires_in=0))
    assert verdict("BIQ405", story(over, called())) == "passed"
    assert verdict("BIQ405", story(over, called(), called())) == "info"
    assert verdict("BIQ405", story(over, called(), died(), died())) == "warning"


@pytest.mark.parametrize(
    ("lifetime", "after", "expected"),
    [
        pytest.param("3600", ["stderr: expires_in is not a number", "exit: 1"], "info", id="text refused in words"),
        pytest.param(3600.5, ["exit: 1"], "info", id="a fraction"),
        pytest.param(-1, ["exit: 1"], "info", id="less than nothing"),
        pytest.param(0, ["exit: 1"], "info", id="over when it came"),
        pytest.param(True, ["exit: 1"], "info", id="no number at all"),
        pytest.param("3600", [TRACE, "exit: 1"], "warning", id="a crash"),
        pytest.param("3600", ["exit: -6"], "warning", id="a signal"),
        pytest.param("3600", ["exit: 0"], "inapplicable", id="nothing was tried"),
        pytest.param("3600", ["exit: timeout"], "warning", id="a hang"),
        pytest.param("3600", ["exit: stopped"], "warning", id="a service that makes no call, and does not end"),
        pytest.param(10**12, ["stderr: date value out of range", "exit: 1"], "warning", id="beyond the calendar"),
    ],
)
def test_405_refused(lifetime: object, after: list[str], expected: str) -> None:
    """No source asks for tolerance: a clear failure on a malformed value is a word, to misread it a warning (D48)."""
    assert verdict("BIQ405", story(signed_in(answer(expires_in=lifetime)), *after)) == expected


@pytest.mark.parametrize(("tries", "expected"), [(5, "info"), (6, "warning")])
def test_405_a_storm_is_no_clear_failure(tries: int, expected: str) -> None:
    """Who asks again and again for another answer does not take the value for a failure."""
    sign_ins = [signed_in(answer(expires_in="3600"))] * tries
    assert verdict("BIQ405", story(*sign_ins, "exit: 1")) == expected


def test_407_cut() -> None:
    """The beginning of a long token is told, once for each call: a warning, for the source says should (D43)."""
    token = TOKEN_1 + "c2ln" * 2000
    cut = called(token[:4000], "401 Unauthorized")
    assert verdict("BIQ407", story(signed_in(granted(token)), cut, cut, "exit: 1")) == "warning warning"
    assert verdict("BIQ407", story(signed_in(granted(token)), "exit: 1")) == "warning"
    assert verdict("BIQ407", story(signed_in(granted(token)), called(token))) == "passed"


def test_411_slow_and_coded() -> None:
    """A body that comes letter by letter, or under gzip, is legal too."""
    evidence = read_example(story(signed_in(), called()))
    first, second = evidence.exchanges
    assert first.response is not None
    for response in (
        replace(first.response, delivery=Delivery(drip=0.01)),
        replace(
            first.response,
            headers=Headers.of({"Content-Encoding": "gzip"}),
            body=gzip.compress(first.response.body),
        ),
    ):
        changed = replace(evidence, exchanges=(replace(first, response=response), second))
        assert verdict("BIQ411", changed) == "passed"
        assert verdict("BIQ409", changed) == "inapplicable"


@pytest.mark.parametrize(
    ("drip", "after", "expected"),
    [
        pytest.param(0.02, "exit: 1", "error", id="the beginning taken for all of it"),
        pytest.param(0.02, story(signed_in(), called()), "inapplicable", id="asked again, and used"),
        pytest.param(5.0, "exit: 1", "inapplicable", id="a byte in five seconds: BIQ804"),
    ],
)
def test_411_a_slow_answer_that_was_not_waited_for(drip: float, after: str, expected: str) -> None:
    """A client that leaves a dripping answer has not read the whole body; BIQ412 is for what others cut off."""
    evidence = read_example(story(signed_in(), after))
    first, *others = evidence.exchanges
    assert first.response is not None
    left = replace(first.response, delivery=Delivery(drip=drip, ending=Ending.LEFT, after=40))
    changed = replace(evidence, exchanges=(replace(first, response=left), *others))
    assert verdict("BIQ411", changed) == expected
    assert verdict("BIQ412", changed) == "inapplicable"


@pytest.mark.parametrize("after", [called(), "exit: 1"])
def test_an_edited_recording_proves_what_was_seen(after: str) -> None:
    """A token that was used was used; a call that is not there may have been taken out."""
    evidence = read_example(story(signed_in(answer(extra=1)), after))
    edited = tuple(replace(exchange, edited="a filter took fields out") for exchange in evidence.exchanges)
    expected = "passed" if after == called() else "cant_tell"
    assert verdict("BIQ401", replace(evidence, exchanges=edited)) == expected
