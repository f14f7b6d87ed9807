"""What the terminal and the live page show of requests: no secret, no markup, whatever becomes of one of them."""

from collections.abc import Sequence

import pytest
from hypothesis import given

from blastiq_conformance.catalogue import catalogue
from blastiq_conformance.control.feed import Feed
from blastiq_conformance.control.shown import Screen, Showing, Shown
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.judge.engine import judge
from fake_idp.journal import Entry
from fake_idp.secrets.search import Secret, find
from tests.judge.canaries.planted import planted
from tests.judge.test_ledger import FACTS, seen


def show(evidence: Evidence, *screens: Screen) -> None:
    found = [finding for result in judge(evidence, catalogue().values()) for finding in result.findings]
    entries: tuple[Entry, ...] = (*evidence.exchanges, *evidence.connections)
    arrivals = [(entry, [one for one in found if one.exchange == entry.number]) for entry in entries]
    Showing(evidence.facts, (), screens)(arrivals, evidence)


@given(planted())
def test_what_is_told_to_a_page_holds_no_secret(planted: tuple[str, Evidence]) -> None:
    """Wherever traffic shows that a value is one, and however it is written where it is hidden."""
    value, evidence = planted
    feed = Feed(str)
    reader = feed.reader({})
    show(evidence, feed)
    event = reader().decode()
    assert '"requests": [{' in event
    assert not find(event, [Secret("password", value)])


def test_a_terminal_that_is_gone_leaves_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    """Each is shown what the other is; when nobody is left, nothing is shown."""
    told: list[Shown] = []

    def broken(_: Sequence[Shown]) -> None:
        raise BrokenPipeError

    evidence = Evidence(exchanges=tuple(seen(["sign in"])), facts=FACTS)  # type: ignore[arg-type]  # all of them are exchanges
    show(evidence, broken, told.extend)
    assert [shown.what.partition(" ")[0] for shown in told] == ["sign-in"]
    show(evidence, broken)
    assert capsys.readouterr().out == ""
