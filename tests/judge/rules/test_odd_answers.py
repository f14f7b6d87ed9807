"""What a server may answer, spelt oddly: it hides no violation, and the judge does not fail on it."""

from dataclasses import replace
from typing import Any

import pytest

from blastiq_conformance.catalogue import Outcome, catalogue
from blastiq_conformance.catalogue.example_messages import DISCOVERED, SIGN_IN, called, granted, signed_in, story
from blastiq_conformance.judge.engine import judge
from fake_idp.wire import Delivery, Headers
from tests.judge.example import read_example
from tests.judge.rules.verdicts import result, verdict


def moved(location: str, host: str, path: str = "/moved") -> str:
    """A redirect of the token endpoint that was followed with the whole form."""
    first = signed_in("", f"307 Temporary Redirect\nLocation: {location}").replace("POST ", "POST https://a.example", 1)
    return story(first, SIGN_IN.replace("POST /identity/connect/token", f"POST https://{host}{path}"), "exit: 1")


@pytest.mark.parametrize(
    ("location", "host", "path"),
    [
        pytest.param("https://b.example/moved", "b.example:443", "/moved", id="the usual port"),
        pytest.param("https://B.Example/moved", "b.example", "/moved", id="capital letters"),
        pytest.param("https://b.example./moved", "b.example", "/moved", id="a dot"),
        pytest.param("https://b.example", "b.example", "/", id="no path"),
        pytest.param("https://b.example/moved#there", "b.example", "/moved", id="fragment"),
        pytest.param("https://b.example/moved?a=b", "b.example", "/moved?a=b", id="query"),
        pytest.param("//b.example/moved", "b.example", "/moved", id="no scheme"),
    ],
)
def test_a_redirect_is_followed_however_its_target_is_spelt(location: str, host: str, path: str) -> None:
    """BIQ007: the client and the server need not write the same address alike."""
    assert verdict("BIQ007", moved(location, host, path)) == "warning"
    assert verdict("BIQ007", moved(location, "c.example", path)) == "passed"


def test_an_impossible_address_hides_no_other() -> None:
    """BIQ007: one request with a Host that is none does not end the search."""
    example = moved("https://b.example/moved", "b.example").replace(
        "\n### +1.5\n", "\n### +1.5\nGET https://b.example:port/\n\nHTTP/1.1 404 Not Found\n\n\n### +1.5\n", 1
    )
    assert verdict("BIQ007", example) == "warning"


LATER = "503 Service Unavailable\nDate: Thu, 26 Nov 2026 12:00:00 GMT\nRetry-After: Thu, 26 Nov 2026 12:00:09 GMT"


@pytest.mark.parametrize("text", [LATER, LATER.replace(":09 GMT", ":09 -0000"), LATER.replace(":00 GMT", ":00")])
@pytest.mark.parametrize(("pause", "expected"), [(3, "warning"), (10, "passed")])
def test_a_date_without_its_zone_is_one_of_gmt(text: str, pause: int, expected: str) -> None:
    """BIQ803: HTTP knows no other, and the judge does not fail on it."""
    assert verdict("BIQ803", f"{signed_in('', text)}\n### +{pause}\n{signed_in()}") == expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-26T12:00:00+00:00", "warning"),
        ("2026-11-26T12:00:00", "warning"),
        ("2026-11-26T13:00:00+01:00", "warning"),
        ("yesterday", "passed"),
        ("", "passed"),
    ],
)
def test_a_date_is_measured_by_when_it_came(moment: str, expected: str) -> None:
    """BIQ803: where the answer has no Date, by what was recorded of it; where that is not a time, nobody can tell."""
    evidence = read_example(f"{signed_in('', LATER.replace('Date:', 'X-Date:'))}\n### +3\n{signed_in()}")
    exchanges = tuple(replace(exchange, at=moment) for exchange in evidence.exchanges)
    outcome = verdict("BIQ803", replace(evidence, exchanges=exchanges))
    assert outcome == ("inapplicable" if expected == "passed" else expected)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(signed_in(granted().replace("3600", "1" + "0" * 400)), id="a life of 10^400 s"),
        pytest.param(signed_in(granted().replace("3600", "1e400")), id="infinite"),
        pytest.param(signed_in(granted().replace("3600", "NaN")), id="no number"),
        pytest.param(signed_in(granted(), f"200 OK\nContent-Length: {'9' * 5000}"), id="a length of 5000 digits"),
        pytest.param(signed_in("", f"503 Service Unavailable\nRetry-After: {'9' * 5000}"), id="a wait of as many"),
    ],
)
def test_no_number_is_too_large_for_the_judge(answer: str) -> None:
    """Every rule gives a verdict, whatever a server writes."""
    example = f"{story(DISCOVERED, answer, called(), called())}\n### +4000\n{called()}"
    assert {result.outcome for result in judge(read_example(example), catalogue().values())} <= set(Outcome)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({"delivery": Delivery(chunked=True)}, "came in chunks", id="chunks"),
        pytest.param({"delivery": Delivery(drip=0.02)}, "came in small pieces", id="pieces"),
        pytest.param(
            {"headers": Headers.of({"Content-Encoding": "gzip"})},
            "was compressed with gzip, as Accept-Encoding asked",
            id="gzip",
        ),
        pytest.param(
            {"headers": Headers.of({"Content-Type": "application/json"})},
            "had the media type application/json",
            id="media type",
        ),
    ],
)
def test_411_tells_how_the_answer_looked(changes: dict[str, Any], told: str) -> None:
    """A client that knows no chunks was called conforming, and of gzip the finding said nothing."""
    evidence = read_example(story(signed_in(), "exit: 1"))
    first = evidence.exchanges[0]
    assert first.response is not None
    odd = replace(evidence, exchanges=(replace(first, response=replace(first.response, **changes)),))
    (finding,) = result("BIQ411", odd).findings
    assert finding.received == f"no call of the API with this token: the answer {told}"
