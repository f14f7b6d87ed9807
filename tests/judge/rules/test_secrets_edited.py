"""Rules 6xx, 7xx and 806 on recordings that were edited, or redacted before."""

from dataclasses import replace

import pytest

from blastiq_conformance.catalogue import catalogue
from blastiq_conformance.catalogue.example_messages import called, granted, signed_in, story
from blastiq_conformance.evidence import Evidence, Facts
from tests.judge.example import read_example
from tests.judge.rules.verdicts import verdict

PASSWORD = "S003Y003N003O003N003Y003M003"
TOKEN = "eyJ0eXAiOiJzdGFuZGluIDAwMSJ9.eyIwMDEiOiJzdGFuZGluIn0.S001Y001N001"


@pytest.mark.parametrize("rule", ["BIQ601", "BIQ603", "BIQ604", "BIQ606", "BIQ610", "BIQ708", "BIQ806"])
def test_an_edited_exchange_proves_nothing(rule: str) -> None:
    """What was taken out may be just what the rule looks for."""
    evidence = read_example(catalogue()[rule].good)
    edited = tuple(replace(exchange, edited="a filter removed something") for exchange in evidence.exchanges)
    assert verdict(rule, replace(evidence, exchanges=edited)) == "cant_tell"


def redacted(*blocks: str) -> Evidence:
    """A recording whose values became stand-ins that keep equality."""
    text = story(signed_in(granted(TOKEN, "F002A002C002A002D002E002")), *blocks)
    evidence = read_example(text.replace("k7Fq2vN9xW4mZ8tR1pLs", PASSWORD))
    return replace(evidence, child=None, facts=Facts())


@pytest.mark.parametrize(
    ("rule", "block", "expected"),
    [
        ("BIQ602", f"GET /api?access_token={TOKEN}", "error"),
        ("BIQ603", f"GET /api\nAuthorization: Bearer {TOKEN}\nX-Token: {TOKEN}", "error"),
        ("BIQ604", f"GET /api\nAuthorization: Bearer {TOKEN}", "passed"),
        ("BIQ610", f"GET /elsewhere\nAuthorization: Bearer {TOKEN}", "error"),
        ("BIQ610", "GET /elsewhere\nAuthorization: Bearer S004Y004N004O004N004Y004M004", "passed"),
        ("BIQ704", f"GET /api?p={PASSWORD}", "error"),
        ("BIQ704", "GET /api?p=S005Y005N005O005N005Y005M005", "passed"),
        ("BIQ708", f"GET /api\nX-Password: {PASSWORD}", "error"),
    ],
)
def test_stand_ins_are_as_good_as_values(rule: str, block: str, expected: str) -> None:
    """Equality is all that these rules need."""
    assert verdict(rule, redacted(block, called(TOKEN))) == expected
