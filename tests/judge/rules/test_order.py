"""What came before and after tells: rules look at the right one of several messages, and name it."""

from dataclasses import replace

import pytest

from blastiq_conformance.catalogue import Outcome
from blastiq_conformance.catalogue.example_messages import (
    DISCOVERED,
    REFRESH_1,
    REFRESH_2,
    TOKEN_2,
    TOKEN_3,
    called,
    died,
    granted,
    refreshed,
    signed_in,
    story,
)
from blastiq_conformance.evidence import Child, Evidence
from blastiq_conformance.rules.attended.messages import ASKED, attended
from tests.judge.example import read_example
from tests.judge.rules.verdicts import result, verdict

LOST = "GET /identity/.well-known/openid-configuration\nHTTP/1.1 404 Not Found\n\n"
THROTTLED = called(status="429 Too Many Requests")
RENEWED = refreshed(REFRESH_1, granted(TOKEN_2, REFRESH_2))


@pytest.mark.parametrize(
    ("rule", "example", "expected"),
    [
        pytest.param("BIQ106", story(signed_in(), LOST), "passed", id="a token before discovery failed"),
        pytest.param("BIQ106", story(LOST, signed_in(), LOST), "warning", id="between two failures"),
        pytest.param(
            "BIQ106", story(LOST, DISCOVERED, signed_in("<html>"), "exit: timeout"), "passed", id="a document came"
        ),
        pytest.param("BIQ106", story(LOST, "exit: -1"), "error", id="ended by the least of all signals"),
        pytest.param(
            "BIQ501",
            story("facts: api_calls = 2", signed_in(), called(), died(), RENEWED, called(TOKEN_2), died(), died()),
            "passed",
            id="the old token again, beside the new one",
        ),
        pytest.param("BIQ501", story(signed_in(), called(), *[died()] * 5, "exit: stopped"), "error", id="on and on"),
        pytest.param(
            "BIQ606",
            f"{story(signed_in(), called())}\n### +3700\n{died()}\n###\n{RENEWED}",
            "info",
            id="a call in time",
        ),
        pytest.param(
            "BIQ606", f"{story(signed_in('{}'), signed_in())}\n### +3700\n{called()}", "warning", id="a token at last"
        ),
        pytest.param(
            "BIQ606",
            f"{signed_in(granted().replace('3600', '1'))}\n### +10\n{called()}",
            "warning",
            id="a second is a lifetime",
        ),
        pytest.param(
            "BIQ606", f"{signed_in(granted().replace('3600', 'true'))}\n### +10\n{called()}", "inapplicable", id="true"
        ),
        pytest.param(
            "BIQ606",
            f"{signed_in(granted().replace('3600', '-9'))}\n### +10\n{called()}",
            "inapplicable",
            id="negative",
        ),
        pytest.param("BIQ827", f"{signed_in()}\n###\n{THROTTLED}\n###\n{called()}", "warning", id="at once"),
        pytest.param("BIQ827", f"{signed_in()}\n###\n{THROTTLED}\n### -0.01\n{called()}", "passed", id="under way"),
        pytest.param(
            "BIQ902",
            attended(ASKED.replace("response_type=code", "response_type=token").partition("&code_challenge")[0]),
            "passed",
            id="no code is asked for: BIQ903",
        ),
    ],
)
def test_the_order_decides(rule: str, example: str, expected: str) -> None:
    """Each of these is decided by what came first, or at all."""
    assert verdict(rule, example) == expected


def recorded(*blocks: str) -> Evidence:
    """The same without anybody who watched a process."""
    return replace(read_example(story(*blocks)), child=None)


def test_calls_before_a_death_are_no_stubbornness() -> None:
    """BIQ501: in a recording, one more try with the dead token shows nothing, whatever was called before."""
    before = (signed_in(), called(), called(), called(), died())
    assert verdict("BIQ501", recorded(*before, died())) == "untested"
    assert verdict("BIQ501", recorded(*before, died(), died())) == "error"


def test_a_hang_is_told_with_the_last_failure() -> None:
    """BIQ106: the last answer is what the process hangs on."""
    (finding,) = result("BIQ106", story(LOST, LOST, "exit: timeout")).findings
    assert finding.exchange == 2


def test_a_row_of_throttled_calls_is_told_with_its_last() -> None:
    """BIQ827: a storm is named by its end, a single hurry by the call that hurried."""
    storm = "\n### +0.3\n".join([signed_in(), *[THROTTLED] * 12])
    (finding,) = result("BIQ827", storm).findings
    assert (finding.severity, finding.exchange) == ("error", 13)
    hurry = f"{signed_in()}\n###\n{THROTTLED}\n### +0.3\n{THROTTLED}\n### +0.2\n{called()}"
    (finding,) = result("BIQ827", hurry).findings
    assert (finding.severity, finding.exchange) == ("warning", 3)


def test_tokens_for_each_call_are_told_with_the_last_answer() -> None:
    """BIQ404: three tokens of which none has a lifetime."""
    answers = [granted(token, refresh_token).replace('"expires_in":3600,', "") for token, refresh_token in TOKENS]
    calls = [
        block for (token, _), text in zip(TOKENS, answers, strict=True) for block in (signed_in(text), called(token))
    ]
    (finding,) = result("BIQ404", story(*calls)).findings
    assert (finding.exchange, finding.received) == (5, "3 tokens for 3 calls")


def test_a_token_for_each_call_is_told_before_the_last_is_used() -> None:
    """BIQ404: the client got one more, and was stopped."""
    answers = [granted(token).replace('"expires_in":3600,', "") for token, _ in TOKENS]
    calls = [called(token) for token, _ in TOKENS]
    work = (signed_in(answers[0]), calls[0], signed_in(answers[1]), calls[1], signed_in(answers[2]))
    assert verdict("BIQ404", story("facts: service = yes", *work, "exit: stopped")) == "error"


TOKENS = (("t-1", "h-1"), (TOKEN_2, REFRESH_2), (TOKEN_3, ""))


@pytest.mark.parametrize(("status", "shown"), [(-1, "an end by signal 1"), (-9, "an end by signal 9")])
def test_a_crash_is_told_with_its_signal(status: int, shown: str) -> None:
    """BIQ409: the least of all signals is one, too."""
    page = signed_in("<html>", "502 Bad Gateway", "text/html")
    (finding,) = result("BIQ409", replace(read_example(page), child=Child(exit_status=status))).findings
    assert finding.received == shown


@pytest.mark.parametrize(("given", "said"), [("text/html; charset=utf-8", "text/html"), ("", "no media type")])
def test_an_answer_that_is_no_json_is_told_with_its_media_type(given: str, said: str) -> None:
    """BIQ409: what came in place of JSON, or that nobody said."""
    page = signed_in("<html>", "502 Bad Gateway", given)
    (finding,) = result("BIQ409", story(page.replace("Content-Type: \n", ""), "exit: timeout")).findings
    assert finding.message == f"the integration did not end after the token endpoint had answered 502 with {said}"


CHALLENGE = "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"


@pytest.mark.parametrize(
    ("sent", "parameter", "received"),
    [
        ("", "code_challenge", "no code_challenge parameter"),
        ("&code_challenge_method=plain", "code_challenge", "no code_challenge parameter"),
        ("&code_challenge=abc", "code_challenge_method", "no code_challenge_method, which means plain"),
        ("&code_challenge=abc&code_challenge_method=S256", "code_challenge", "code_challenge=abc"),
        (
            f"&code_challenge={'x' * 300}&code_challenge_method=S256",
            "code_challenge",
            f"code_challenge={'x' * 100}",
        ),
    ],
)
def test_a_challenge_is_told_by_the_parameter_at_fault(sent: str, parameter: str, received: str) -> None:
    """BIQ902: the method where the challenge is there, the challenge where it is not one; not all of a long one."""
    (finding,) = result("BIQ902", attended(ASKED.replace(CHALLENGE, sent))).findings
    assert (finding.parameter, finding.received) == (parameter, received)


def test_a_call_just_in_time_is_none_too_late() -> None:
    """BIQ606: at the end of the tolerance nothing is judged yet, and what is judged is counted."""
    signed, call = read_example(f"{signed_in()}\n### +3700\n{called()}").exchanges
    end = signed.ended + 3605.0
    for started, outcome in ((end, Outcome.INAPPLICABLE), (end + 0.5, Outcome.FAILED)):
        evidence = replace(read_example(signed_in()), exchanges=(signed, replace(call, started=started)))
        assert result("BIQ606", evidence).outcome is outcome
