"""Right clients, written in any legal way and with any credentials: no rule ever has a word to say."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from blastiq_conformance.catalogue import Outcome, Result, catalogue
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.judge.engine import judge
from fake_idp.classify import Kind
from fake_idp.journal import Exchange
from fake_idp.wire import Headers, Request, Response
from tests.judge.deviations import DEVIATIONS, Deviation
from tests.judge.right_client import RightClient, Style, ordinary, styles

thorough = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
quick = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
# What the product takes: up to a hundred characters, and not blanks alone (server.md 1.2).
credentials = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=100
).filter(str.strip)


def results(evidence: Evidence) -> list[Result]:
    return judge(evidence, catalogue().values())


def found(evidence: Evidence) -> dict[str, str]:
    return {result.rule: finding.message for result in results(evidence) for finding in result.findings}


@thorough
@given(styles, credentials, credentials)
@example(Style(), "null", "undefined")
@example(Style(plus=False), " a b ", "+&=%41%2B#?")
@example(Style(encoded=frozenset("p")), "<password:1>", "password")
@example(Style(lower_hex=True), "m\u00fcller", "\u00a3\u20ace\u0301\U0001f600\t%")
@example(Style(raw=frozenset("@:/?")), "svc@mine.example", "https://u:p@x/?password=a")
def test_a_client_by_the_article_is_never_accused(style: Style, username: str, password: str) -> None:
    """Whatever the credentials, the encoding, the order, the headers, the framing: all rules, and no finding."""
    evidence = RightClient(style, username, password).run()
    assert evidence.child is not None
    assert (evidence.child.exit_status, found(evidence)) == (0, {})


@pytest.mark.parametrize("deviation", DEVIATIONS, ids=lambda deviation: deviation.name)
@quick
@given(style=styles, username=ordinary, password=ordinary)
def test_a_deviation_breaks_its_rule_and_no_other(
    deviation: Deviation, style: Style, username: str, password: str
) -> None:
    """One thing done otherwise, by a client that does all else right, in whatever style."""
    evidence = deviation.client(style, username, password).run()
    assert set(found(evidence)) == set(deviation.rules)


UNRELATED = (
    ("GET", "https://mine.example/favicon.ico", Kind.OTHER),
    ("GET", "https://mine.example/health?probe=1", Kind.OTHER),
    ("POST", "https://collector.example/v1/metrics", Kind.OTHER),
    ("OPTIONS", "https://www.blastiq.com/identity/connect/token", Kind.TOKEN),
    ("HEAD", "https://www.blastiq.com/api", Kind.API),
    ("GET", "https://www.blastiq.com/identity/.well-known/openid-configuration/jwks", Kind.JWKS),
)
noise = st.lists(st.tuples(st.sampled_from(UNRELATED), st.integers(0, 10)), max_size=8)


def amid(evidence: Evidence, others: list[tuple[tuple[str, str, Kind], int]]) -> tuple[Evidence, dict[int, int]]:
    """Put other exchanges between those of the evidence; tell which number each of its own had before."""
    exchanges: list[tuple[float, Exchange, int]] = [(x.number, x, x.number) for x in evidence.exchanges]
    for (method, url, kind), place in others:
        request = Request(method=method, target=url, headers=Headers((("User-Agent", "monitor/2"),)))
        stranger = Exchange(number=0, kind=kind, request=request, response=Response(status=204), started=1e6, ended=1e6)
        exchanges.append((place + 0.5, stranger, 0))
    ordered = sorted(exchanges, key=lambda entry: entry[0])
    before = {number: old for number, (_, _, old) in enumerate(ordered, start=1)}
    numbered = tuple(replace(x, number=number) for number, (_, x, _) in enumerate(ordered, start=1))
    return replace(evidence, exchanges=numbered), before


@pytest.mark.parametrize("deviation", DEVIATIONS[::3], ids=lambda deviation: deviation.name)
@quick
@given(style=styles, others=noise)
def test_unrelated_exchanges_change_nothing(
    deviation: Deviation, style: Style, others: list[tuple[tuple[str, str, Kind], int]]
) -> None:
    """Wherever strangers' requests, preflights and probes stand: the same findings at the same exchanges."""
    evidence = deviation.client(style, "svc.pit-42", "k7Fq2vN9xW4mZ8tR1pLs").run()
    mixed, before = amid(evidence, others)

    def telling(judged: Evidence, numbers: dict[int, int]) -> list[object]:
        return [
            replace(finding, exchange=numbers.get(finding.exchange or 0))
            for result in results(judged)
            for finding in result.findings
        ]

    assert telling(mixed, before) == telling(evidence, {x.number: x.number for x in evidence.exchanges})


@quick
@given(styles, ordinary)
def test_the_same_evidence_gives_the_same_results(style: Style, password: str) -> None:
    """A judge with a memory of its own, or one that lets sets decide an order, would fail here."""
    evidence = DEVIATIONS[0].client(style, "svc.pit-42", password).run()
    again = replace(evidence, exchanges=tuple(replace(x) for x in evidence.exchanges))
    assert results(evidence) == results(again) == results(evidence)
    assert any(result.outcome is Outcome.FAILED for result in results(again))
