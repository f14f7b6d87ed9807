"""Calls of the API that are counted at a glance: the glance hides nothing."""

from dataclasses import replace

import pytest

from blastiq_conformance.catalogue import Result, Rule, catalogue
from blastiq_conformance.catalogue.example_messages import REFRESH_1, TOKEN_1, called, signed_in, story
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.api_call import ApiCall
from blastiq_conformance.evidence.selection import Selection
from blastiq_conformance.judge.engine import judge
from tests.judge.deviations import DEVIATIONS, Deviation
from tests.judge.example import read_example
from tests.judge.right_client import Style

BEARER = f"Authorization: Bearer {TOKEN_1}"


def looked_at_closely(evidence: Evidence, monkeypatch: pytest.MonkeyPatch) -> list[Result]:
    """Judge the same with no call taken for plain."""
    with monkeypatch.context() as patch:
        patch.setattr(ApiCall, "_plain_token", None)
        return judge(replace(evidence), catalogue().values())


@pytest.mark.unmeasured
@pytest.mark.parametrize("rule", catalogue().values(), ids=lambda rule: rule.id)
def test_every_example_is_judged_alike(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    """Outcomes, findings and counts are those of a judge that looks at every call."""
    for text in (rule.good, rule.bad):
        evidence = read_example(text)
        assert judge(evidence, catalogue().values()) == looked_at_closely(evidence, monkeypatch)


@pytest.mark.parametrize("deviation", DEVIATIONS, ids=lambda deviation: deviation.name)
def test_every_deviation_is_judged_alike(deviation: Deviation, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for clients with one thing wrong."""
    evidence = deviation.client(Style(calls=2), "svc.pit-42", "k7Fq2vN9xW4mZ8tR1pLs").run()
    assert judge(evidence, catalogue().values()) == looked_at_closely(evidence, monkeypatch)


@pytest.mark.parametrize(
    ("head", "plain"),
    [
        pytest.param(f"GET /api\n{BEARER}", True, id="as it should be"),
        pytest.param(f"GET /api/v3/holes/0000000000000042\n{BEARER}", True, id="a long segment"),
        pytest.param(f"GET /api\nauthorization: Bearer {TOKEN_1}\nAccept: */*", True, id="any case"),
        pytest.param(f"GET /api?page=1\n{BEARER}", False, id="a query"),
        pytest.param(f"GET /api?client_secret=tiger\n{BEARER}", False, id="a longer query"),
        pytest.param(f"GET /api/{REFRESH_1}\n{BEARER}", False, id="a secret in the path"),
        pytest.param(f"GET /api\n{BEARER}\nX: {REFRESH_1}", False, id="a secret in a header"),
        pytest.param(f"GET /api\n{BEARER}\n{BEARER}", False, id="twice"),
        pytest.param(f"GET /api\n{BEARER}\nReferer: https://mine.example/", False, id="a URL beside it"),
        pytest.param(f"POST /api\n{BEARER}\n\nx=1", False, id="a body"),
        pytest.param(f"GET /api\nAuthorization: bearer {TOKEN_1}", False, id="another spelling"),
        pytest.param("GET /api\nAuthorization: Bearer unknown", False, id="a token that nobody issued"),
        pytest.param("GET /api", False, id="no token"),
    ],
)
def test_what_is_plain(head: str, plain: bool) -> None:
    """An issued token in its place, and nothing that could hide another."""
    (call,) = read_example(story(signed_in(), f"{head}\nHTTP/1.1 200 OK\n\n")).api_calls
    assert call.is_plain is plain


def test_an_edited_call_is_never_plain() -> None:
    """It may be that a rule cannot tell."""
    evidence = read_example(story(signed_in(), called()))
    edited = replace(evidence, exchanges=tuple(replace(x, edited="filtered") for x in evidence.exchanges))
    assert [call.is_plain for call in edited.api_calls] == [False]


def test_a_selection_counts_more_than_it_holds() -> None:
    """It is a sequence of the suspects."""
    selection = Selection("ab", checked=5)
    assert (list(selection), len(selection), selection[0], selection[1:], selection.checked) == (
        ["a", "b"],
        2,
        "a",
        ("b",),
        5,
    )
