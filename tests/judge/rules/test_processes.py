"""Right clients of several processes and workers, rule by rule, beside the wrong client that looks like each (D40)."""

from dataclasses import replace

import pytest

from blastiq_conformance.catalogue.example_messages import (
    DISCOVERED,
    TOKEN_1,
    TOKEN_2,
    TOKEN_3,
    called,
    granted,
    refreshed,
    signed_in,
    story,
)
from blastiq_conformance.catalogue.symptoms import Symptom, symptoms
from blastiq_conformance.evidence import Evidence
from tests.judge.example import read_example
from tests.judge.rules.verdicts import result, verdict

TOKENS = (TOKEN_1, TOKEN_2, TOKEN_3, *(f"{TOKEN_1[:-1]}{last}" for last in "QUYcg"))
REFRESH_TOKENS = tuple(f"{number:032X}" for number in range(1, 9))
BARE = "GET /api\nHTTP/1.1 401 Unauthorized\n\n"


def job(number: int, *, lifetime: str = '"expires_in":3600,', discovers: bool = True) -> str:
    """A sign-in and one call with its token."""
    body = granted(TOKENS[number], REFRESH_TOKENS[number]).replace('"expires_in":3600,', lifetime)
    return story(*([DISCOVERED] if discovers else []), signed_in(body), called(TOKENS[number]))


def jobs(count: int, *, name: str = "p1/p{}", lifetime: str = '"expires_in":3600,') -> str:
    """A job after the other, each by a process with its own name."""
    return story(*(f"client: {name.format(n)}\n###\n{job(n, lifetime=lifetime)}" for n in range(count)))


def fetching(count: int, *, name: str = "p1", lifetime: str = '"expires_in":3600,') -> str:
    """One process that gets a new token for each call."""
    return story(f"client: {name}", DISCOVERED, *(job(n, lifetime=lifetime, discovers=False) for n in range(count)))


def renewing(count: int) -> str:
    """One process that renews before each call."""
    blocks = [signed_in(granted(TOKENS[0], REFRESH_TOKENS[0])), called(TOKENS[0])]
    for n in range(1, count):
        blocks += [refreshed(REFRESH_TOKENS[n - 1], granted(TOKENS[n], REFRESH_TOKENS[n])), called(TOKENS[n])]
    return story(*blocks)


def workers(count: int, calls: int) -> str:
    """So many workers with a token each, that take turns."""
    return story(
        *(signed_in(granted(TOKENS[n], REFRESH_TOKENS[n])) for n in range(count)),
        *(called(TOKENS[n % count]) for n in range(calls)),
    )


def beside(example: str, control: str) -> Evidence:
    return replace(read_example(example), control=read_example(control))


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(jobs(8), "passed", id="a process for each job"),
        pytest.param(workers(4, 8), "passed", id="four workers"),
        pytest.param(workers(4, 2), "passed", id="four workers, of which the first two had a turn"),
        pytest.param(
            story(workers(4, 0), called(TOKENS[3]), called(TOKENS[3])),
            "cant_tell",
            id="four workers, of which the last had a turn",
        ),
        pytest.param(workers(1, 8), "passed", id="one token for all workers"),
        pytest.param(story(job(0), job(1), job(2), *[called(t) for t in TOKENS[:3]] * 2), "passed", id="late workers"),
        pytest.param(
            story(*(job(n) for n in range(8)), called(TOKENS[0]), called(TOKENS[1])), "passed", id="eight late workers"
        ),
        pytest.param(fetching(8), "warning", id="a token for each call"),
        pytest.param(fetching(3), "cant_tell", id="a token for each of three calls, or three workers"),
        pytest.param(fetching(8, name=""), "warning", id="of an unknown process, with one discovery"),
        pytest.param(jobs(8, name=""), "cant_tell", id="of unknown processes, each with its own discovery"),
        pytest.param(renewing(3), "warning", id="a renewal before each call"),
        pytest.param(story(renewing(2), *[called(TOKENS[0])] * 2), "passed", id="a renewal, and the old one in use"),
        pytest.param(
            story(job(0), *[block for n in range(1, 6) for block in (BARE, job(n, discovers=False))]),
            "cant_tell",
            id="a token forgotten each time: BIQ601",
        ),
        pytest.param(
            story(*[block for n in range(8) for block in (BARE, job(n, discovers=False))]),
            "warning",
            id="challenged each time, with a new token each time",
        ),
        pytest.param(
            story(
                *("client: p1/p2", signed_in(granted(TOKEN_1, "")), "client: p1/p3", signed_in(granted(TOKEN_2, ""))),
                *("client: p1/p4", called(TOKEN_2), "client: p1/p5", *[called(TOKEN_2)] * 3),
            ),
            "warning",
            id="a script of curl lines signs in twice",
        ),
    ],
)
def test_605_tokens_are_thrown_away_by_one_client(example: str, expected: str) -> None:
    """A token that took the place of a good one, which the same client then never used again."""
    assert verdict("BIQ605", example) == expected


def test_605_declared_callers_are_workers() -> None:
    """Where eight callers were asked for, the first token of each is none too many."""
    late = story(*(job(n) for n in range(8)))
    assert verdict("BIQ605", late) == "warning"
    assert verdict("BIQ605", story("facts: concurrency = 8", late)) == "cant_tell"


def test_605_says_what_it_cannot_know() -> None:
    """A doubt is not a finding, and the result says what it is about."""
    assert "several workers each began with their own" in result("BIQ605", fetching(3)).reason


ODD = {"BIQ404": "", "BIQ405": '"expires_in":"3600",', "BIQ406": '"expires_in":3600,'}


@pytest.mark.parametrize(("rule", "lifetime"), ODD.items())
def test_an_odd_answer_is_not_blamed_for_jobs_and_workers(
    rule: str, lifetime: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """BIQ404 to BIQ406: a process for each job has a token for each call; who fetches for each call is told."""
    odd = f"{'AB' * 32}"
    if rule == "BIQ406":
        monkeypatch.setattr(f"{__name__}.TOKENS", tuple(f"{n}{odd[1:]}" for n in range(8)))
    severity = "error" if rule == "BIQ404" else "warning"
    assert verdict(rule, jobs(3, lifetime=lifetime)) == "passed"
    assert verdict(rule, workers(4, 3).replace('"expires_in":3600,', lifetime)) == "passed"
    assert verdict(rule, fetching(3, lifetime=lifetime)) == severity
    assert verdict(rule, fetching(3, name="", lifetime=lifetime)) == severity
    assert verdict(rule, jobs(3, name="", lifetime=lifetime)) == "cant_tell"
    # A control that has odd tokens as well, and copes with them, shows that it is not these.
    expected = ("inapplicable", "inapplicable") if rule == "BIQ406" else ("cant_tell", severity)
    controls = (fetching(4), workers(1, 4))
    assert tuple(verdict(rule, beside(fetching(3, lifetime=lifetime), each)) for each in controls) == expected


SKEWED = "facts: scenario = clock-skew, api_calls = 3"


def test_609_is_about_one_client() -> None:
    """Jobs and workers have tokens of their own; one that throws good ones away is told."""
    assert verdict("BIQ609", story(SKEWED, jobs(3))) == "passed"
    assert verdict("BIQ609", story(SKEWED, workers(4, 3))) == "passed"
    assert verdict("BIQ609", story(SKEWED, fetching(3))) == "warning"
    assert verdict("BIQ609", story(SKEWED, jobs(3, name=""))) == "cant_tell"
    assert verdict("BIQ609", beside(story(SKEWED, fetching(3)), fetching(4))) == "cant_tell"
    assert verdict("BIQ609", beside(story(SKEWED, fetching(3)), jobs(4))) == "warning"


@pytest.mark.parametrize(
    ("example", "shows"),
    [
        pytest.param(fetching(4), {Symptom.NEW_TOKEN_PER_CALL, Symptom.NEEDLESS_TOKENS}, id="a token for each call"),
        pytest.param(story(workers(1, 3), job(1)), {Symptom.NEW_TOKEN_PER_CALL, Symptom.NEEDLESS_TOKENS}, id="at last"),
        pytest.param(workers(4, 4), {Symptom.NEEDLESS_TOKENS}, id="four workers"),
        pytest.param(jobs(4), set(), id="a process for each job"),
        pytest.param(workers(1, 4), set(), id="one token"),
    ],
)
def test_a_symptom_is_one_clients(example: str, shows: set[Symptom]) -> None:
    """What the control shows of tokens, it shows of one client."""
    told = {Symptom.NEW_TOKEN_PER_CALL, Symptom.NEEDLESS_TOKENS}
    assert symptoms(read_example(f"facts: api_calls = 4\n###\n{example}"), 4) & told == shows


def lookups(count: int, name: str) -> str:
    """A token, and as many calls, each with a lookup before it, by processes of these names."""
    each = (
        f"client: {name.format(n)}\n###\n{DISCOVERED}\n###\nclient: {name.format(n)}{{}}\n###\n{called()}"
        for n in range(count)
    )
    return story(DISCOVERED, signed_in(), *each)


FORBIDDEN = [story(DISCOVERED, signed_in(granted(t)), called(t, "403 Forbidden")) for t in TOKENS[:3]]


@pytest.mark.parametrize(
    ("rule", "example", "expected"),
    [
        pytest.param("BIQ107", lookups(6, "p1/p{}").replace("{}", ""), "passed", id="jobs with one token"),
        pytest.param("BIQ107", lookups(6, "p1/p{}").replace("{}", "0"), "warning", id="a script of processes"),
        pytest.param("BIQ107", lookups(6, "p1").replace("{}", ""), "warning", id="one process"),
        pytest.param("BIQ608", story("client:", *FORBIDDEN), "passed", id="started again and again"),
        pytest.param("BIQ608", story("client: p1", *FORBIDDEN), "warning", id="one process that signs in again"),
    ],
)
def test_each_process_begins_anew(rule: str, example: str, expected: str) -> None:
    """A document and a token of its own are none too many."""
    assert verdict(rule, example) == expected


CHALLENGED = f"{BARE}\n### +0.2\n{signed_in()}\n### +0.2\n{called()}"


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(story(CHALLENGED, called()), "passed", id="challenged first"),
        pytest.param(f"{CHALLENGED}\n### +1\n{BARE}\n### +0.1\n{called()}", "passed", id="challenged each time"),
        pytest.param(story(signed_in(), called(), BARE, called(), BARE, called()), "error error", id="every second"),
        pytest.param(
            story(f"client: p1/p2\n###\n{CHALLENGED}", f"client: p1/p3\n###\n{CHALLENGED}"), "passed", id="by each job"
        ),
        pytest.param(story(signed_in(), called(), BARE, "exit: 1"), "error", id="and no more"),
    ],
)
def test_601_a_call_without_a_token_is_repeated_with_one(example: str, expected: str) -> None:
    """A challenge is met at once; what is not is a call without the token, also where other calls carry it."""
    assert verdict("BIQ601", example) == expected
