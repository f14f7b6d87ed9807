"""Rules 6xx, 7xx and 806 on recordings that were edited, or redacted before."""

from dataclasses import replace

import pytest

from blastiq_conformance.catalogue import catalogue
from blastiq_conformance.catalogue.example_messages import called, granted, signed_in, story
from blastiq_conformance.evidence import Evidence, Facts
from tests.judge.example import read_example
from tests.judge.rules.verdicts import verdict

TOKEN = "<access_token:1>"


@pytest.mark.parametrize("rule", ["BIQ601", "BIQ603", "BIQ604", "BIQ606", "BIQ610", "BIQ708", "BIQ806"])
def test_an_edited_exchange_proves_nothing(rule: str) -> None:
    """What was taken out may be just what the rule looks for."""
    evidence = read_example(catalogue()[rule].good)
    edited = tuple(replace(exchange, edited="a filter removed something") for exchange in evidence.exchanges)
    assert verdict(rule, replace(evidence, exchanges=edited)) == "cant_tell"


def redacted(*blocks: str) -> Evidence:
    """A recording whose values became placeholders that keep equality."""
    text = story(signed_in(granted(TOKEN, "<refresh_token:1>")), *blocks)
    evidence = read_example(text.replace("k7Fq2vN9xW4mZ8tR1pLs", "%3Cpassword%3A1%3E"))
    return replace(evidence, child=None, facts=Facts())


@pytest.mark.parametrize(
    ("rule", "block", "expected"),
    [
        ("BIQ602", f"GET /api?access_token={TOKEN}", "error"),
        ("BIQ603", f"GET /api\nAuthorization: Bearer {TOKEN}\nX-Token: {TOKEN}", "error"),
        ("BIQ604", f"GET /api\nAuthorization: Bearer {TOKEN}", "passed"),
        ("BIQ610", f"GET /elsewhere\nAuthorization: Bearer {TOKEN}", "error"),
        ("BIQ610", "GET /elsewhere\nAuthorization: Bearer <access_token:2>", "passed"),
        ("BIQ704", "GET /api?p=%3Cpassword%3A1%3E", "error"),
        ("BIQ704", "GET /api?p=%3Cpassword%3A2%3E", "passed"),
        ("BIQ704", "GET /api?p=%253Cpassword%253A2%253E", "passed"),
        ("BIQ708", "GET /api\nX-Password: <password:1>", "error"),
    ],
)
def test_placeholders_are_as_good_as_values(rule: str, block: str, expected: str) -> None:
    """Equality is all that these rules need."""
    assert verdict(rule, redacted(block, called(TOKEN))) == expected
