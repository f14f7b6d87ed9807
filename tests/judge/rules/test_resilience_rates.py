"""Rules 821 to 827 beyond their examples: windows that slide, pauses, and what is not counted."""

from dataclasses import replace

import pytest

from blastiq_conformance.catalogue.example_messages import called, signed_in, story
from blastiq_conformance.evidence import Evidence
from fake_idp.classify import Kind
from fake_idp.wire import Delivery, Ending
from tests.judge.example import read_example
from tests.judge.rules.verdicts import result, verdict

CALL = story(signed_in(), called())
THROTTLED = called(status="429 Too Many Requests")
SLOW_DOWN = signed_in("", "429 Too Many Requests")
READY = called().replace("GET /api", "GET /api/v3/isReady/")


def apart(seconds: float, *blocks: str) -> str:
    return f"\n### {seconds:+}\n".join(blocks)


@pytest.mark.parametrize(
    ("rule", "repeat", "expected"),
    [
        ("BIQ821", "19 +0.1", "passed"),
        ("BIQ821", "20 +0.1", "error"),
        ("BIQ821", "20 +0.498", "passed"),  # 9.96 s: within the tolerance of N8
        ("BIQ821", "20 +0.497", "error"),
        ("BIQ822", "60 +0.99", "error"),
        ("BIQ822", "60 +1.0", "passed"),
        ("BIQ823", "1199 +1", "passed"),
        ("BIQ823", "1200 +1", "error"),
        ("BIQ823", "400 +10", "info"),
        ("BIQ823", "100 +60", "passed"),
        ("BIQ823", "1300 +12.5", "passed"),
    ],
)
def test_limits_hold_in_every_window(rule: str, repeat: str, expected: str) -> None:
    """Sliding windows over starts; at a pace that leads beyond four hours' limit, a word."""
    assert verdict(rule, f"{CALL}\n###\nrepeat: {repeat}") == expected


def test_a_window_may_begin_anywhere() -> None:
    """A burst late in a run is one."""
    assert verdict("BIQ821", f"{CALL}\n### +3600\n{called()}\n###\nrepeat: 20 +0.1") == "error"


def test_identity_traffic_does_not_count() -> None:
    """D11: the limits are the API's."""
    assert verdict("BIQ821", f"{signed_in()}\n###\nrepeat: 30 +0.1") == "untested"


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(f"{CALL}\n### -0.04\n{called()}", "passed", id="within the tolerance"),
        pytest.param(f"{CALL}\n###\ntook: 1\n### -0.5\n{called()}", "warning", id="overlap"),
        pytest.param(f"{CALL}\n###\ntook: 9\n### -8\n{called()}\n### +1\n{called()}", "warning", id="one long call"),
        pytest.param(
            f"facts: concurrency = 10\n###\n{CALL}\n###\ntook: 1\n### -0.5\n{called()}", "inapplicable", id="declared"
        ),
        pytest.param(CALL, "inapplicable", id="one call"),
    ],
)
def test_calls_follow_each_other(example: str, expected: str) -> None:
    """BIQ824: each begins after the one before has ended."""
    assert verdict("BIQ824", example) == expected


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(f"{CALL}\n### +0.951\n{called()}", "passed", id="within the tolerance"),
        pytest.param(f"{CALL}\n### +0.9\n{called()}", "warning", id="too fast"),
        pytest.param(apart(0.1, CALL, signed_in(), called()), "passed", id="across a token request"),
        pytest.param(f"{CALL}\n###\ntook: 1\n### -0.5\n{called()}", "passed", id="overlap: BIQ824"),
        pytest.param(f"facts: concurrency = 10\n###\n{CALL}\n### +0.1\n{called()}", "inapplicable", id="declared"),
        pytest.param(apart(0.1, signed_in(), called(status="503 Busy"), called()), "passed", id="a retry: BIQ802"),
        pytest.param(apart(0.1, signed_in(), called(status="500 Oops"), called()), "passed", id="of any 5xx"),
        pytest.param(apart(0.1, signed_in(), THROTTLED, called()), "passed", id="a retry: BIQ827"),
        pytest.param(apart(0.1, signed_in(), "GET /api", called()), "passed", id="a retry: BIQ805"),
        pytest.param(apart(0.1, CALL, *[called(status="401 No")] * 2), "warning", id="a refused call has a pace"),
        pytest.param(apart(0.1, signed_in(), *[called(status="401 No")] * 2), "passed", id="a retry: BIQ501"),
        pytest.param(apart(0.1, signed_in(), called(status="404 Not Found"), called()), "warning", id="no retry"),
        pytest.param(apart(0.1, CALL, called(status="503 Busy")), "warning", id="the call before it counts"),
        *(
            pytest.param(apart(0.1, signed_in(), called(status=f"{status} Moved"), called()), "passed", id=f"{status}")
            for status in (301, 302, 303, 307, 308)
        ),
    ],
)
def test_a_second_passes_between_calls(example: str, expected: str) -> None:
    """BIQ825: from end to start, 50 ms less are none (D12)."""
    assert verdict("BIQ825", example) == expected


@pytest.mark.parametrize(("rule", "seconds"), [("BIQ824", -2), ("BIQ825", 0.1)])
def test_a_call_that_was_given_up_ended_when_the_client_says(rule: str, seconds: float) -> None:
    """A busy server notices late that the client has left and tries again."""
    evidence = read_example(f"{CALL}\n###\ntook: 12\n### {seconds:+}\n{called()}")
    call = evidence.of_kind(Kind.API)[0]
    assert call.response is not None
    left = replace(call, response=replace(call.response, delivery=Delivery(ending=Ending.LEFT, after=1)))
    exchanges = tuple(left if x is call else x for x in evidence.exchanges)
    assert verdict(rule, evidence) == "warning"
    assert verdict(rule, replace(evidence, exchanges=exchanges)) == "passed"


def test_a_finding_counts_the_pauses() -> None:
    """How many, and the shortest: once, not for each call."""
    (finding,) = result("BIQ825", f"{CALL}\n### +0.2\n{called()}\n### +0.4\n{called()}").findings
    assert finding.received == "2 times less, 0.20 s at the least"


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(apart(4.96, signed_in(), READY, READY), "passed", id="five seconds"),
        pytest.param(apart(4.9, signed_in(), READY, READY), "warning", id="less"),
        pytest.param(apart(1.0, signed_in(), READY, called(), called()), "inapplicable", id="once"),
        pytest.param(
            "facts: ready_path = /api\n###\n" + apart(1.0, called(), READY, called()), "warning", id="declared"
        ),
        pytest.param("facts: ready_path = /api/x\n###\n" + apart(1.0, READY, READY), "inapplicable", id="another path"),
    ],
)
def test_ready_is_asked_for_slowly(example: str, expected: str) -> None:
    """BIQ826: the path that the target names, or one that ends in IsReady in any case."""
    assert verdict("BIQ826", example) == expected


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(THROTTLED, "passed", id="gave up"),
        pytest.param(apart(0.46, THROTTLED, called()), "passed", id="API, slower than its limit"),
        pytest.param(apart(0.44, THROTTLED, called()), "warning", id="API, faster than its limit"),
        pytest.param(apart(0.46, SLOW_DOWN, signed_in()), "passed", id="token endpoint"),
        pytest.param(apart(0.44, SLOW_DOWN, signed_in()), "warning", id="token endpoint, at once"),
        pytest.param(apart(1.0, CALL, called(), THROTTLED, called()), "warning", id="as before"),
        pytest.param(apart(1.0, CALL, called(), f"{THROTTLED}\n### +0.2", called()), "passed", id="longer than before"),
        pytest.param(
            apart(0.5, called(status="429 Slow\nRetry-After: 5"), called()), "passed", id="Retry-After: BIQ803"
        ),
        pytest.param(apart(0.1, *[THROTTLED] * 12), "error", id="storm"),
        pytest.param(apart(0.1, THROTTLED, *[called()] * 19), "error", id="a storm that is answered well"),
        pytest.param(apart(0.1, THROTTLED, *[called()] * 9), "warning", id="ten are not a storm"),
        pytest.param(apart(0.1, f"{THROTTLED}\n### +2", *[called()] * 19), "passed", id="many calls after a pause"),
        pytest.param(
            apart(0.1, THROTTLED.replace("/api", "/api/1"), called().replace("/api", "/api/2")),
            "warning",
            id="another address of the same API",
        ),
        pytest.param(apart(0.1, THROTTLED, signed_in()), "passed", id="another server"),
        pytest.param(apart(2.0, THROTTLED, THROTTLED, THROTTLED, called()), "passed", id="several pauses"),
        pytest.param(CALL, "inapplicable", id="never throttled"),
        pytest.param(f"{THROTTLED}\n###\ntook: 0\n### +2\n{called()}", "passed", id="recorded without a duration"),
    ],
)
def test_a_429_slows_down(example: str, expected: str) -> None:
    """BIQ827: a pause longer than the usual one, or an end."""
    assert verdict("BIQ827", example) == expected


def beside(pause: float, example: str) -> Evidence:
    """The example, of a client that pauses so long between its calls where nothing is odd."""
    control = read_example(apart(pause, signed_in(), called(), called(), called()))
    return replace(read_example(example), control=control)


def paused(*pauses: float) -> str:
    """A call that is refused with 429, and again after each of these pauses."""
    return signed_in() + "\n###\n" + THROTTLED + "".join(f"\n### +{pause}\n{THROTTLED}" for pause in pauses)


@pytest.mark.parametrize(
    ("usual", "pauses", "expected"),
    [
        pytest.param(1.0, (1.0, 1.0), "warning", id="as usual"),
        pytest.param(1.0, (1.1, 1.1), "warning", id="give or take"),
        pytest.param(1.0, (1.0, 2.0), "passed", id="one longer pause is enough"),
        pytest.param(1.0, (0.0, 2.0), "passed", id="the first retry at once, as urllib3 does"),
        pytest.param(1.0, (1.0, 12.0), "passed", id="longer than a storm lasts"),
        pytest.param(1.0, (1.3, 1.3), "passed", id="longer than usual"),
        pytest.param(1.0, (0.3, 0.6), "warning", id="growing, and still shorter than usual"),
        pytest.param(0.0, (0.2, 0.2), "warning", id="no pause is usual, and this is none either"),
        pytest.param(0.0, (0.6, 0.6), "passed", id="no pause is usual, and this is one"),
        pytest.param(3.0, (3.0, 3.0), "warning", id="a slow client that goes on"),
        pytest.param(3.0, (1.0, 2.0), "passed", id="a slow client that backs off: 1, 2, 4 s"),
        pytest.param(30.0, (5.0, 5.0), "passed", id="five seconds are a pause for anybody"),
        pytest.param(30.0, (2.0, 2.0), "warning", id="faster than ever"),
    ],
)
def test_a_pause_is_measured_by_those_where_nothing_is_odd(
    usual: float, pauses: tuple[float, ...], expected: str
) -> None:
    """D42: only who pauses no longer than in the control goes on at the same rate."""
    assert verdict("BIQ827", beside(usual, paused(*pauses))) == expected


@pytest.mark.parametrize(("usual", "expected"), [(1.0, "warning"), (-0.05, "passed")])
@pytest.mark.parametrize("header", [pytest.param("", id="BIQ827"), pytest.param("\nRetry-After: 2", id="BIQ803")])
def test_calls_at_once_cannot_heed_each_other(usual: float, expected: str, header: str) -> None:
    """Of a client that sends its calls together, the second was on its way when the first was refused."""
    refused = called(status=f"429 Too Many Requests{header}")
    example = f"{signed_in()}\n###\n{refused}\n### +0.002\n{called()}"
    assert verdict("BIQ803" if header else "BIQ827", beside(usual, example)) == expected


def test_it_is_said_what_a_pause_was_compared_with() -> None:
    """D42: with the control; where there is none, that nothing was."""
    (finding,) = result("BIQ827", beside(1.0, paused(1.0))).findings
    assert finding.received == "again after 1.00 s, where 1.00 s is its usual pause"
    (finding,) = result("BIQ827", paused(0.3)).findings
    assert "nothing was compared" in finding.received
