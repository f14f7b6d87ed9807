"""D41: one bound for whatever is tried again, and what a transport repeats by itself."""

from dataclasses import replace

import pytest

from blastiq_conformance.catalogue import Outcome, catalogue
from blastiq_conformance.catalogue.example_messages import DISCOVERED, SIGN_IN, called, signed_in
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.judge.engine import judge
from blastiq_conformance.judge.explanations import explained
from tests.judge.example import read_example
from tests.judge.rules.verdicts import verdict

DOWN = signed_in("", "503 Service Unavailable")
LOST = "facts: scenario = connection-lost"


def apart(seconds: float, *blocks: str) -> str:
    return f"\n### +{seconds}\n".join(blocks)


@pytest.mark.parametrize("rule", ["BIQ802", "BIQ805"])
@pytest.mark.parametrize(
    ("pause", "tries", "expected"),
    [
        pytest.param(14.9, 5, "passed", id="five in a minute"),
        pytest.param(11.9, 6, "warning", id="six in a minute"),
        pytest.param(12.1, 6, "passed", id="six in more than a minute"),
        pytest.param(12.1, 40, "passed", id="never more than five in any minute"),
    ],
)
def test_one_bound_for_whatever_failed(rule: str, pause: float, tries: int, expected: str) -> None:
    """D41: BIQ802 and BIQ805 allow the same number of tries in the same time."""
    example = apart(pause, *[DOWN] * tries) if rule == "BIQ802" else f"{LOST}\n###\n{apart(pause, *[SIGN_IN] * tries)}"
    assert verdict(rule, example) == expected


def test_a_storm_in_an_outage_is_told_once() -> None:
    """D26: that its calls exceed the limits of the API as well has the same cause."""
    storm = f"{signed_in()}\n### +1\n{called(status='503 Down')}\n###\nrepeat: 29 +0.2\n###\nexit: 1"
    (results,) = explained([judge(read_example(storm), catalogue().values())])
    assert {result.rule for result in results if result.outcome is Outcome.FAILED} == {"BIQ802"}
    (limit,) = (result for result in results if result.rule == "BIQ821")
    assert (limit.outcome, limit.explained) == (Outcome.CANT_TELL, ("BIQ802",))


def test_who_hammers_and_hides_it_is_told_both() -> None:
    """BIQ806: that an outage was hammered does not explain exit status 0; one that tries for ever does not hang."""
    tries = apart(0.2, signed_in(), *[called(status="503 Down")] * 6)
    for end, rules in (("exit: 0", {"BIQ802", "BIQ806"}), ("exit: timeout", {"BIQ802"})):
        (results,) = explained([judge(read_example(f"{tries}\n###\n{end}"), catalogue().values())])
        assert {result.rule for result in results if result.outcome is Outcome.FAILED} == rules


NOT_FOUND = DISCOVERED.partition("HTTP/1.1")[0] + "HTTP/1.1 503 Down\n"
ASKED_TO_WAIT = signed_in("", "503 Service Unavailable\nRetry-After: 20")


def processes(pause: float, *jobs: str) -> str:
    """Each by another process of a script that has begun before."""
    return "".join(
        f"{job}\n### {pause:+}\n"
        for job in (DISCOVERED, *(f"client: p1/p{n}\n###\n{job}" for n, job in enumerate(jobs)))
    )


@pytest.mark.parametrize(
    ("rule", "example", "expected"),
    [
        pytest.param("BIQ802", processes(0.1, *[DOWN] * 11), "error", id="a script whose tries are processes"),
        pytest.param(
            "BIQ802", processes(0.1, *[apart(1.0, DISCOVERED, DOWN, DOWN)] * 6), "passed", id="jobs, two tries each"
        ),
        pytest.param("BIQ802", processes(0.3, *[NOT_FOUND] * 5), "passed", id="jobs that end with their first request"),
        pytest.param("BIQ802", processes(-0.04, *[NOT_FOUND] * 8), "passed", id="processes at once"),
        pytest.param("BIQ803", processes(1, ASKED_TO_WAIT, DOWN), "warning", id="a script that does not wait"),
        pytest.param(
            "BIQ803",
            processes(1, ASKED_TO_WAIT, apart(1, DISCOVERED, DOWN)),
            "passed",
            id="another job did not hear it",
        ),
    ],
)
def test_a_process_tries_for_itself_or_for_its_script(rule: str, example: str, expected: str) -> None:
    """D40: a process with a single request is a try of the script that started it, unless others run beside it."""
    assert verdict(rule, example) == expected


def by(evidence: Evidence, *connections: int) -> Evidence:
    """The same, each exchange by the connection of this number."""
    exchanges = [replace(x, via=via) for x, via in zip(evidence.exchanges, connections, strict=True)]
    return replace(evidence, exchanges=tuple(exchanges))


TOKEN_LOST = f"{LOST}\n###\n{signed_in()}\n### +1\n" + apart(0.01, "GET /api", "GET /api")
MORE = "\n### +1\nGET /api" * 4


@pytest.mark.parametrize(
    ("connections", "expected"),
    [
        pytest.param((1, 1, 2, 3, 4, 5, 6), "passed", id="a stale connection, then a new one"),
        pytest.param((1, 2, 3, 4, 5, 6, 7), "passed", id="a new connection, then another"),
        pytest.param((1, 1, 1, 3, 4, 5, 6), "warning", id="the same connection again"),
        pytest.param((0, 0, 0, 0, 0, 0, 0), "warning", id="nobody knows"),
    ],
)
def test_what_the_transport_repeats_is_no_try(connections: tuple[int, ...], expected: str) -> None:
    """D41: a request on a kept connection that was closed meanwhile is sent again by the transport, once."""
    assert verdict("BIQ805", by(read_example(TOKEN_LOST + MORE), *connections)) == expected


@pytest.mark.parametrize(
    ("pauses", "expected"),
    [
        pytest.param((0.01, 1), "passed", id="each try twice, as the JDK does"),
        pytest.param((0.01, 0.01), "warning", id="a loop without pauses"),
        pytest.param((1, 1), "warning", id="ten tries"),
    ],
)
def test_a_transport_repeats_once(pauses: tuple[float, float], expected: str) -> None:
    """D41: two requests at once, each by a new connection, are one try; ten are not five."""
    between, after = (f"\n### +{pause}\n" for pause in pauses)
    example = f"{LOST}\n###\n" + after.join([f"GET /api{between}GET /api"] * 5)
    assert verdict("BIQ805", by(read_example(example), *range(1, 11))) == expected


def test_a_transport_does_not_wait() -> None:
    """D41: what comes a second later is a try of the integration, whatever connection the first one took."""
    evidence = read_example(TOKEN_LOST.replace("+0.01", "+1") + MORE)
    assert verdict("BIQ805", by(evidence, 1, 1, 2, 3, 4, 5, 6)) == "warning"


@pytest.mark.parametrize(
    ("connections", "expected"),
    [
        pytest.param((1, 1, 2, 3, 4, 5, 6), "passed", id="a stale connection and five tries"),
        pytest.param((1, 2, 3, 4, 5, 6, 7), "warning", id="six tries"),
    ],
)
def test_a_loop_without_pauses_is_no_replay(connections: tuple[int, ...], expected: str) -> None:
    """D41: where the integration itself repeats at once, only the first of its connections can have been stale."""
    example = f"{LOST}\n###\n{signed_in()}\n### +1\n" + apart(0.01, *["GET /api"] * 6)
    assert verdict("BIQ805", by(read_example(example), *connections)) == expected
