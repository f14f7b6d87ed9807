"""What the live page is told: what is new, each finding once, no more than it can draw."""

import json
from typing import Any

from blastiq_conformance.control.feed import Feed
from blastiq_conformance.control.shown import Shown, ShownFinding


def told(event: bytes) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(event.removeprefix(b"data: "))
    return data


def shown(number: int, *findings: ShownFinding) -> Shown:
    return Shown(number=number, request="POST /token", answer="200", what="sign-in", findings=findings)


def finding(rule: str, received: str = "x") -> ShownFinding:
    words = dict.fromkeys(("name", "message", "expected", "fix"), "x")
    return ShownFinding(rule=rule, severity="error", received=received, **words)


def test_each_reader_is_told_everything_once() -> None:
    """One that comes late as well; where nothing is new nothing is said, and a scenario that is played is news."""
    running = ["sign-in"]
    feed = Feed(lambda: running[0])
    early = feed.reader({"scenarios": []})
    assert told(early()) == {
        "scenarios": [],
        "playing": "sign-in",
        "total": 0,
        "requests": [],
        "findings": [],
        "skipped": 0,
    }
    assert early() == b""
    feed([shown(1), shown(2, finding("BIQ211"))])
    late = feed.reader({"scenarios": []})
    for reader in (early, late):
        event = told(reader())
        assert [one["number"] for one in event["requests"]] == [1, 2]
        assert [one["found"] for one in event["requests"]] == [{}, {"BIQ211": "error"}]
        assert reader() == b""
    running[0] = "token-dies"
    assert told(early())["playing"] == "token-dies"


def test_a_finding_that_is_made_again_is_counted() -> None:
    """It keeps its place; one that differs in what was received is another."""
    feed = Feed(str)
    reader = feed.reader({})
    feed([shown(1, finding("BIQ211")), shown(2, finding("BIQ211"), finding("BIQ211", "y"))])
    reader()
    feed([shown(7, finding("BIQ211"))])
    (again,) = told(reader())["findings"]
    assert {name: again[name] for name in ("id", "first", "last", "count")} == {
        "id": 0,
        "first": 1,
        "last": 7,
        "count": 3,
    }


def test_a_flood_is_told_in_a_bounded_text() -> None:
    """The last requests, how many others there were, and so many findings; whatever the reader has missed."""
    feed = Feed(str)
    reader = feed.reader({})
    for start in range(0, 5_000, 1_000):
        feed([shown(number, finding("BIQ211", f"{number}")) for number in range(start, start + 1_000)])
    event = told(reader())
    assert (event["total"], event["skipped"], len(event["requests"])) == (5_000, 4_900, 100)
    assert event["requests"][-1]["number"] == 4_999
    assert len(event["findings"]) == 1_000
