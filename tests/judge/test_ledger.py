"""What is kept of a watch without end, and what is said of it."""

from collections.abc import Sequence
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blastiq_conformance.catalogue import Outcome, Profile, catalogue
from blastiq_conformance.control.ledger import Ledger
from blastiq_conformance.control.scenario_runs import scenario_runs
from blastiq_conformance.evidence import Evidence, Facts, api_calls, password_grants, refreshes, token_requests
from blastiq_conformance.evidence.lineage import refresh_history
from blastiq_conformance.report import Judgement
from blastiq_conformance.trial.judging import judge_together
from fake_idp.core import FakeIdp
from fake_idp.journal import Entry
from fake_idp.server_config import PRODUCTION_API, PRODUCTION_AUTHORITY, ServerConfig, ServiceUser, TokenShape
from fake_idp.wire import FORM, Headers, Json, Request
from tests.fake_idp.calls import Now

pytestmark = pytest.mark.slow

RULES = tuple(catalogue().values())
# What they say of an exchange rests on it alone, or on what the background of a window holds.
SELECTORS = (token_requests, password_grants, refreshes, refresh_history, api_calls)
SINGLE = {rule.id for rule in RULES if rule.select in SELECTORS}
USER = ServiceUser(username="svc.pit-42@mine.example", password="k7Fq2vN9xW4mZ8tR1pLs")
FACTS = Facts(username=USER.username, password=USER.password, authority=PRODUCTION_AUTHORITY)
HOST = ("Host", "www.blastiq.com")
STEPS = (
    "discover",
    "sign in",
    "sign in with audience",
    "refresh",
    "refresh with audience",
    "refresh again",
    "call",
    "call by query",
)


class Client:
    """Does what it is told, one thing after the other."""

    def __init__(self) -> None:
        config = ServerConfig(users=(USER,), token_shape=TokenShape.OPAQUE, rate_limits=(), follow_host=False)
        self.now = Now()
        self.idp = FakeIdp(config, clock=self.now.clock)
        self.answer: dict[str, Json] = {}
        self.old = ""

    def do(self, step: str) -> None:
        self.now.sleep(2)
        what, _, how = step.partition(" with ")
        more = {"audience": "x"} if how else {}
        match what:
            case "discover":
                self.get(f"{PRODUCTION_AUTHORITY}/.well-known/openid-configuration")
            case "sign in":
                given = {"grant_type": "password", "username": USER.username, "password": USER.password}
                self.ask(given | more)
            case "refresh" if "refresh_token" in self.answer:
                self.ask({"grant_type": "refresh_token", "refresh_token": str(self.answer["refresh_token"])} | more)
            case "refresh again" if self.old:
                self.ask({"grant_type": "refresh_token", "refresh_token": self.old})
            case "call" if "access_token" in self.answer:
                self.get(PRODUCTION_API, ("Authorization", f"Bearer {self.answer['access_token']}"))
            case "call by query" if "access_token" in self.answer:
                self.get(f"{PRODUCTION_API}?access_token={self.answer['access_token']}")

    def ask(self, fields: dict[str, str]) -> None:
        body = urlencode(fields | {"client_id": "external.customer"}).encode()
        headers = Headers((HOST, ("Content-Type", FORM), ("Accept", "application/json")))
        target = f"{PRODUCTION_AUTHORITY}/connect/token".removeprefix("https://www.blastiq.com")
        request = Request(method="POST", target=target, headers=headers, body=body, scheme="https")
        answer = self.idp.handle(request).json
        if isinstance(answer, dict) and "access_token" in answer:
            self.old, self.answer = str(self.answer.get("refresh_token", "")), answer

    def get(self, url: str, *headers: tuple[str, str]) -> None:
        target = url.removeprefix("https://www.blastiq.com")
        fields = Headers((HOST, ("Accept", "application/json"), *headers))
        self.idp.handle(Request(method="GET", target=target, headers=fields, scheme="https"))


def seen(steps: Sequence[str]) -> tuple[Entry, ...]:
    client = Client()
    for step in steps:
        client.do(step)
    return client.idp.journal.entries


def told(entries: Sequence[Entry], batches: Sequence[int], keep: int | None) -> Ledger:
    """Bring the entries in batches of these sizes, over and over, to a ledger that is asked for news after each."""
    ledger = Ledger(RULES, FACTS, lambda: (), keep)
    rest, turn = list(entries), 0
    while rest:
        size = batches[turn % len(batches)]
        for entry in rest[:size]:
            ledger.add(entry)
        ledger.news(20)
        ledger.settle()
        rest, turn = rest[size:], turn + 1
    return ledger


def whole(entries: Sequence[Entry]) -> list[Judgement]:
    exchanges = Evidence(exchanges=tuple(entries), facts=FACTS)  # type: ignore[arg-type]  # all of them are exchanges
    return judge_together(scenario_runs(exchanges), RULES, Profile.ARTICLE)


def said(judged: Sequence[Judgement]) -> set[tuple[str, int | None, str]]:
    """Give what the rules of single exchanges found."""
    results = [result for judgement in judged for result in judgement.results if result.rule in SINGLE]
    return {(result.rule, x.exchange, x.message) for result in results for x in result.findings}


days = st.lists(st.sampled_from(STEPS), max_size=60)
batches = st.lists(st.integers(1, 9), min_size=1, max_size=4)


@settings(max_examples=40, deadline=None)
@given(days, batches)
def test_it_says_what_a_judging_of_the_whole_says(steps: list[str], sizes: list[int]) -> None:
    """However the entries came, and as long as nothing had to go: every result, to the letter."""
    entries = seen(steps)
    for keep in (None, len(entries) or 1):
        judged = told(entries, sizes, keep).judgements()
        assert [judgement.results for judgement in judged] == [judgement.results for judgement in whole(entries)]


@settings(max_examples=60, deadline=None)
@given(days, batches, st.integers(1, 12))
def test_what_was_found_in_a_request_stays_found(steps: list[str], sizes: list[int], keep: int) -> None:
    """Whatever went meanwhile, each finding about a single request is there, none more, and the request with it."""
    entries = seen(steps)
    ledger = told(entries, sizes, keep)
    judged = ledger.judgements()
    assert said(judged) == said(whole(entries))
    there = {exchange.number for judgement in judged for exchange in judgement.evidence.exchanges}
    assert {number for _, number, _ in said(judged)} <= there
    assert ledger.gone >= len(entries) - 2 * keep - max(sizes)


def test_a_right_client_is_not_accused_of_what_has_gone() -> None:
    """Whoever signs in once and calls for a week: the sign-in that its token rests on stays as long as that is used."""
    steps = ["discover", "sign in", *["call"] * 200]
    entries = seen(steps)
    ledger = told(entries, [7], 10)
    assert ledger.gone > 150
    outcomes = {result.rule: result.outcome for judgement in ledger.judgements() for result in judgement.results}
    assert outcomes == {result.rule: result.outcome for judgement in whole(entries) for result in judgement.results}
    assert Outcome.FAILED not in outcomes.values()
    (judgement,) = ledger.judgements()
    assert [exchange.number for exchange in judgement.evidence.exchanges[:2]] == [1, 2]
    assert [entry.number for entry in ledger.entries[:2]] == [1, 2]


@pytest.mark.unmeasured
def test_what_has_gone_leaves_little() -> None:
    """A client that errs in every request: of a rule's findings in what has gone a thousand stay, not all."""
    ledger = told(seen(["sign in with audience"] * 1_500), [40], 100)
    failed = next(
        result for judgement in ledger.judgements() for result in judgement.results if result.rule == "BIQ211"
    )
    assert 1_000 <= len(failed.findings) <= 1_300
    assert failed.findings[0].exchange == 1
    assert failed.findings[-1].exchange == 1_500
