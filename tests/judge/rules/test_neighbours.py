"""What stands beside a case that a rule is about: the status before it, the scheme, the library, one word of a text."""

from dataclasses import replace

import pytest

from blastiq_conformance.catalogue import catalogue
from blastiq_conformance.catalogue.example_messages import (
    REFRESH_1,
    REFRESH_2,
    REFRESH_3,
    TOKEN_1,
    TOKEN_2,
    TOKEN_3,
    called,
    granted,
    refreshed,
    signed_in,
    story,
)
from blastiq_conformance.evidence import Facts
from blastiq_conformance.evidence.token_request import TokenRequest
from blastiq_conformance.judge.engine import judge
from blastiq_conformance.rules.attended.messages import VERIFIER
from blastiq_conformance.rules.resilience.series import TOLERANCE, unheeding
from blastiq_conformance.rules.response.traits import variety
from fake_idp.wire import Ending
from tests.judge.example import read_example
from tests.judge.rules.test_attended import exchanging
from tests.judge.rules.test_transport import WWW, redirected, replayed, sign_in
from tests.judge.rules.verdicts import result, verdict

TEXT = '{"access_token":"' + TOKEN_1 + '","token_type":"Bearer","expires_in":"3600"}'


@pytest.mark.parametrize(
    ("rule", "repeat", "window"),
    [("BIQ821", "20 +0.1", "20 calls in 10 s"), ("BIQ823", "1200 +1", "1200 calls in 4 hours")],
)
def test_a_window_is_told_in_its_own_unit(rule: str, repeat: str, window: str) -> None:
    """BIQ821 and BIQ823: seconds up to an hour, and then hours."""
    (finding,) = result(rule, f"{story(signed_in(), called())}\n###\nrepeat: {repeat}").findings
    assert finding.expected == f"at most {window}"


@pytest.mark.parametrize("status", ["200 OK", "302 Found"])
def test_an_answer_before_a_redirect_does_not_hide_it(status: str) -> None:
    """BIQ007: the first sign-in was answered, or redirected to nowhere, and the second redirected and followed."""
    followed = redirected("https://b.example/x", replayed("https://b.example/x"))
    assert verdict("BIQ007", story(f"{sign_in(WWW, status)}\n", followed)) == "warning"


@pytest.mark.parametrize(("end", "expected"), [("exit: stopped", "inapplicable"), ("exit: 1", "error")])
def test_who_was_stopped_was_at_work(end: str, expected: str) -> None:
    """BIQ808 judges what a client did in time: one that was stopped may have done it yet."""
    facts = "facts: scenario = sign-in, benign = yes"
    assert verdict("BIQ808", story(facts, signed_in(), end)) == expected


@pytest.mark.parametrize(("idle", "is_at_work"), [(1.4, True), (9.0, False), (None, False)])
def test_who_was_at_work_at_its_timeout_needs_more_time(idle: float | None, is_at_work: bool) -> None:
    """BIQ808: a client whose last pause was like those before did not hang, and its output tells nothing."""
    facts = "facts: scenario = sign-in, benign = yes, api_calls = 9"
    evidence = read_example(story(facts, signed_in(), called(), called(), "exit: timeout"))
    assert evidence.child is not None
    evidence = replace(evidence, child=replace(evidence.child, idle=idle))
    (finding,) = next(iter(judge(evidence, [catalogue()["BIQ808"]]))).findings
    assert ("was still at work" in finding.received, "--timeout" in finding.fix) == (is_at_work, is_at_work)


def test_who_used_the_token_declined_nothing() -> None:
    """BIQ405: a failure after the token was used is no refusal of its lifetime."""
    assert verdict("BIQ405", story(signed_in(TEXT), "exit: 1")) == "info"
    assert verdict("BIQ405", story(signed_in(TEXT), called(), "exit: 1")) == "passed"


def test_another_scheme_is_not_described() -> None:
    """BIQ604 is about what follows Bearer; a scheme that only begins so is BIQ601's."""
    printed = called("[object Object]")
    assert verdict("BIQ604", story(signed_in(), printed)) == "error"
    assert verdict("BIQ604", story(signed_in(), printed.replace("Bearer ", "Bearer: "))) == "passed"


@pytest.mark.parametrize(("wait", "expected"), [(298.0, "warning"), (299.0, "passed")])
def test_a_token_may_be_renewed_five_minutes_early(wait: float, expected: str) -> None:
    """BIQ605: no earlier; these live ten minutes, and are called with after a second and a half."""
    tokens = [(TOKEN_2, REFRESH_1, REFRESH_2), (TOKEN_3, REFRESH_2, REFRESH_3)]
    lives = [story(signed_in(), called())]
    lives += [story(refreshed(old, granted(token, new)), called(token)) for token, old, new in tokens]
    assert verdict("BIQ605", f"\n### +{wait}\n".join(lives).replace(":3600", ":600")) == expected


@pytest.mark.parametrize(("header", "expected"), [("", "warning"), ("\nRetry-After: 2", "passed")])
def test_a_pause_that_was_told_is_not_compared(header: str, expected: str) -> None:
    """BIQ827 looks at pauses after a 429 that names none; where it names one, BIQ803 does."""
    refused = called(status=f"429 Too Many Requests{header}")
    paced = f"{signed_in()}\n###\n{called()}\n### +1\n{called()}"
    assert verdict("BIQ827", f"{paced}\n### +1\n{refused}\n### +1\n{called()}") == expected


@pytest.mark.parametrize(("pause", "slack"), [(-0.04, TOLERANCE), (0.01, 0.0)])
def test_only_who_calls_without_pause_cannot_have_heeded_an_answer(pause: float, slack: float) -> None:
    """What the control shows of the client decides it; without a control, nothing does."""
    calls = read_example(f"\n### {pause:+}\n".join([story(signed_in(), called()), called()]))
    assert unheeding(replace(calls, control=calls)) == slack
    assert unheeding(calls) == 0.0


@pytest.mark.parametrize(("drip", "varied"), [(0.9, True), (1.1, False)])
def test_a_server_slower_than_a_byte_a_second_does_not_answer(drip: float, varied: bool) -> None:
    """BIQ411 is about answers in other spellings and framings, and BIQ804 about those that never end."""
    (request,) = read_example(signed_in()).token_requests
    answer = request.exchange.response
    assert answer is not None
    slow = replace(answer, delivery=replace(answer.delivery, drip=drip))
    assert bool(variety(TokenRequest(replace(request.exchange, response=slow), Facts()))) is varied


def test_a_refusal_that_was_cut_off_counts_for_no_row() -> None:
    """BIQ801: the client may not have read that it was refused."""
    evidence = read_example(catalogue()["BIQ801"].bad)
    cut = tuple(
        replace(each, response=replace(each.response, delivery=replace(each.response.delivery, ending=Ending.CUT)))
        for each in evidence.exchanges
        if each.response is not None
    )
    assert (verdict("BIQ801", evidence), verdict("BIQ801", replace(evidence, exchanges=cut))) == (
        "error",
        "inapplicable",
    )


@pytest.mark.parametrize(("mode", "expected"), [("0600", "passed"), ("0601", "warning"), ("0700", "passed")])
def test_whoever_else_may_do_anything_with_a_file_is_one_too_many(mode: str, expected: str) -> None:
    """BIQ705 looks at every permission of others, and at none of the owner's."""
    cache = f'file: {mode} token.json {{"refresh_token": "{REFRESH_1}"}}'
    assert verdict("BIQ705", story(signed_in(), called(), cache)) == expected


def test_a_recording_shows_no_flood() -> None:
    """BIQ809: only of a process that the kit watched is it known how long it would have gone on."""
    watched = read_example(story(signed_in(), called()))
    assert verdict("BIQ809", watched) == "passed"
    assert verdict("BIQ809", replace(watched, child=None)) == "inapplicable"


def test_a_storm_is_counted_with_the_call_that_began_it() -> None:
    """BIQ827: the refused call, and the twelve after it."""
    refused = called(status="429 Too Many Requests")
    (finding,) = result("BIQ827", "\n### +0.3\n".join([signed_in(), *[refused] * 13])).findings
    assert "13 times within" in str(finding.received)


def test_a_lost_query_is_named_by_its_parameter() -> None:
    """BIQ204: not by the value, which may be a secret."""
    (finding,) = result("BIQ204", catalogue()["BIQ204"].bad).findings
    assert finding.parameter == "t"


@pytest.mark.parametrize(
    ("sent", "said"), [("", "has no code_verifier"), ("&code_verifier=short", "has a wrong code_verifier")]
)
def test_a_parameter_that_is_wrong_was_not_left_out(sent: str, said: str) -> None:
    """BIQ906: the message says which of the two it may be."""
    (finding,) = result("BIQ906", exchanging((f"&code_verifier={VERIFIER}", sent))).findings
    assert str(finding.message) == f"the code exchange {said}"
