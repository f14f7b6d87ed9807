"""A user whose name is a letter or a word: every text of the kit stays readable, and the name is shown nowhere."""

import re
from dataclasses import replace
from functools import cache
from typing import cast

import pytest

from blastiq_conformance.catalogue import catalogue
from blastiq_conformance.evidence import Evidence, Facts
from blastiq_conformance.evidence.quotation import Text, quote, quote_authorization
from blastiq_conformance.judge.engine import judge
from blastiq_conformance.report import Judgement, Report
from blastiq_conformance.report.shape import Model, ReportShape
from blastiq_conformance.secrets.cleaner import Cleaner
from blastiq_conformance.writers import FORMATS, writer
from fake_idp.secrets.search import Secret
from fake_idp.wire import Headers
from tests.judge.example import read_example
from tests.judge.judged import rules

pytestmark = [pytest.mark.slow, pytest.mark.unmeasured]

NAMES = ("a", "e", "no", "the", "1", "form", "token")
# Where the kit itself puts the name of a user: as a value of a field, in Basic, at the end of a sentence.
_AS_VALUE = r"(?:username(?:=|%3[dD]|&#61;|\": \")|Basic with |given: ){}(?![\w.@%<:-])"
_PARTS = ("message", "expected", "received", "fix")
# A line of output, cut to a length that the name is a part of; a query with the value 1, which may well be the name.
_OTHER = {("BIQ702", "received"), ("BIQ204", "expected")}


@cache
def report(name: str) -> ReportShape:
    """Report on the bad example of every rule, its user called by this name."""
    runs = []
    for rule in catalogue().values():
        text = rule.bad.replace("svc.pit-42%40mine.example", name).replace("svc.pit-42@mine.example", name)
        evidence = read_example(text)
        evidence = replace(evidence, facts=replace(evidence.facts, scenario=rule.name))
        results = tuple(judge(evidence, [rule]))
        runs.append(Judgement(scenario=rule.name, evidence=evidence, results=results))
    return Report(runs, rules=rules(), command=("node", "app.js")).to_model()


def said(model: ReportShape) -> dict[tuple[str, str, int, str], str]:
    """Give what each finding says, part by part."""
    return {
        (result["rule"], finding["scenario"], number, part): str(cast("dict[str, object]", finding)[part])
        for result in model["results"]
        for number, finding in enumerate(result["findings"])
        for part in _PARTS
        if (result["rule"], part) not in _OTHER
    }


@pytest.fixture(scope="module")
def usual() -> dict[tuple[str, str, int, str], str]:
    return said(report("Zq"))


@pytest.mark.parametrize("name", NAMES)
def test_every_finding_reads_as_with_any_other_name(name: str, usual: dict[tuple[str, str, int, str], str]) -> None:
    """Word for word, in all findings of all rules."""
    assert said(report(name)) == usual


@pytest.mark.parametrize("name", NAMES)
def test_no_format_shows_the_name_as_a_value(name: str) -> None:
    """Neither in what is said of the traffic nor where it is shown."""
    model: Model = report(name)
    shown = re.compile(_AS_VALUE.format(re.escape(name)))
    for form in FORMATS:
        assert not shown.findall(writer(form)(model)), form
    assert shown.search(f"username={name}&password=x")


def test_a_name_is_hidden_wherever_the_kit_quotes_one() -> None:
    """As a value, in Basic, in quotes, and at the end of what is said; a word of the sentence stays."""
    texts = (
        f"{quote('username=a')} (form field 2 of 4)",
        f"Authorization: Basic with {quote('a')}:{quote('x')}",
        f'a user "{quote("a")}", and a token',
        f"equal to what was given: {quote('a')}",
        f"calls with a token of {quote('a')}",
        f"Authorization: {quote_authorization('Bearer a')}",
        "issued: a token",
    )
    hidden = [cleaner("a").text(Text(text)) for text in texts]
    assert hidden == [
        "username=<username:1> (form field 2 of 4)",
        "Authorization: Basic with <username:1>:x",
        'a user "<username:1>", and a token',
        "equal to what was given: <username:1>",
        "calls with a token of <username:1>",
        "Authorization: Bearer <username:1>",
        "issued: a token",
    ]


def test_the_traffic_hides_a_short_name_as_a_whole_value() -> None:
    """And spares the value that only begins like it."""
    clean = cleaner("a")
    assert clean.quoted("grant_type=authorization_code&username=a&x=a%40b&y=a") == (
        "grant_type=authorization_code&username=<username:1>&x=a%40b&y=<username:1>"
    )
    assert clean.headers(Headers((("Authorization", "Bearer a"),))) == [["Authorization", "Bearer <username:1>"]]


def cleaner(name: str) -> Cleaner:
    """Make one that knows this user."""
    facts = Facts(issued=(Secret("username", name),))
    return Cleaner([Evidence(exchanges=(), facts=facts)], live=False)
