"""Where a credential differs: shown where the kit gave it and the change is known, and nothing random with it."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote, quote_plus

import pytest

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.special_characters import COMBINED, ONE_BY_ONE
from blastiq_conformance.judge.engine import judge
from blastiq_conformance.report import Judgement, Report
from blastiq_conformance.rules.credentials.difference import _places
from blastiq_conformance.writers import FORMATS, writer
from fake_idp.secrets.search import Secret, find
from fake_idp.system.plain_text import plain
from tests.judge.judged import rules
from tests.judge.rules.test_credentials import MATRIX, form, sent
from tests.judge.writers.test_agreement import texts

RANDOM = "k7Fq2vN9xW4mZ8tR1pLsQ0uE"
VARIANTS = {name: given for name, given in (COMBINED | ONE_BY_ONE).items() if given.password}
CHANGES: dict[str, Callable[[str], str]] = {
    "plus": lambda value: value.replace("+", " "),
    "lower": str.lower,
    "strip": str.strip,
    "ampersand": lambda value: value.partition("&")[0],
    "twice": quote,
    "50": lambda value: value[:50],
    "10": lambda value: value[:10],
}
# No word of a format begins so.
QUOTING = sorted(set(FORMATS) - {"badge", "intoto", "har"})


def scenario_run(variant: str, change: str, random: str = RANDOM) -> Evidence:
    """A sign-in with the password of a variant, changed."""
    password = (VARIANTS[variant].password or "").replace("{canary}", random)
    evidence = sent(form(quote_plus(CHANGES[change](password))), password)
    facts = replace(evidence.facts, variant=variant, issued=(Secret("password", password),))
    return replace(evidence, facts=facts)


def received(evidence: Evidence) -> list[str]:
    results = judge(evidence, rules(*MATRIX).values())
    return [finding.received for result in results for finding in result.findings]


@pytest.mark.parametrize(
    ("variant", "change", "shown"),
    [
        ("plus", "plus", "…a[space]b where …a[+]b was given"),
        ("mixed-case", "lower", "…a[b]cde where …a[B]cDe was given, abc[d]ef where aBc[D]eF was given"),
        ("space-after", "strip", "…[] where …[space] was given"),
        ("ampersand", "ampersand", "…a[] where …a[&b] was given"),
        ("100-characters", "50", "345[] where 345[67890123…] was given"),
    ],
)
def test_what_differs_is_shown(variant: str, change: str, shown: str) -> None:
    """At most three characters stand on each side of what differs, blanks by name."""
    (text,) = received(scenario_run(variant, change))
    assert text.startswith(f"password={shown}")


@pytest.mark.parametrize(
    ("variant", "change", "random"),
    [("plus", "lower", RANDOM), ("100-characters", "10", RANDOM), ("plus", "plus", RANDOM + "x")],
    ids=["changed in what is random", "cut in what is random", "not of the kit's making"],
)
def test_anything_else_stays_masked(variant: str, change: str, random: str) -> None:
    """What somebody else gave, or what is random, has a mark, as ever."""
    evidence = scenario_run(variant, change, random)
    assert all("was given" not in text for text in received(evidence))
    assert received(evidence)


def test_three_places_are_shown_and_more_are_counted() -> None:
    """Each with what stands around it; what is not shown is told by its number."""
    shown = [
        "[x]bbb where [X]bbb was given",
        "bbb[x]bbb where bbb[X]bbb was given",
        "bbb[x]ccc where bbb[X]ccc was given",
    ]
    three = "XbbbbXbbbbXccccc"
    assert list(_places(three, three.lower())) == shown
    assert list(_places(f"{three}XX", f"{three.lower()}xx"))[2:] == [
        "bbb[x]ccc where bbb[X]ccc was given",
        "and so at 1 more places",
    ]


@pytest.mark.parametrize(("length", "shown"), [(8, "x" * 8), (9, "x" * 8 + "…")])
def test_eight_characters_of_a_place_are_shown(length: int, shown: str) -> None:
    """A longer change is cut, and says so."""
    (place,) = _places("X" * length, "x" * length)
    assert place.startswith(f"[{shown}] where")


@pytest.mark.slow
@pytest.mark.unmeasured
@pytest.mark.parametrize("variant", VARIANTS)
def test_no_format_shows_more(variant: str) -> None:
    """Whatever is changed, the differing characters are in every format, and no piece of what is random."""
    for change in CHANGES:
        evidence = scenario_run(variant, change)
        results = tuple(judge(evidence, rules(*MATRIX).values()))
        model = Report([Judgement(scenario="s", evidence=evidence, results=results)], rules=rules(*MATRIX)).to_model()
        shown = [text.partition(" (form")[0] for text in received(evidence) if "was given" in text]
        for name in QUOTING:
            text = writer(name)(model)
            # A password of one character is found in any page: pictures have coordinates.
            secrets = [each for each in evidence.facts.issued if len(each.value) > 1]
            assert not find(text, [*secrets, Secret("password", RANDOM)]), (name, change)
            assert RANDOM[:4].lower() not in text.lower(), (name, change)
            if name in {"json", "junit"}:
                written = [each if name == "json" else plain(each) for each in shown]
                assert all(" ".join(each.split()) in texts(name, text) for each in written), (name, change)
