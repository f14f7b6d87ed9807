"""Hosts that were called beside BlastIQ's stand in every format that has room for more than the verdict."""

import pytest

from blastiq_conformance.report import Report
from blastiq_conformance.report.shape import ReportShape
from blastiq_conformance.writers import FORMATS, writer
from blastiq_conformance.writers.reading import also_called
from tests.judge.judged import GOOD, judged, rules
from tests.judge.writers.test_agreement import texts

ROOMY = sorted(set(FORMATS) - {"badge"})


def model(hosts: int) -> ReportShape:
    others = "".join(f"\n###\nGET /{n}\nHost: h{n:02}.example\n" for n in range(hosts))
    return Report([judged(GOOD + others)], rules=rules("BIQ211")).to_model()


@pytest.mark.parametrize("form", ROOMY)
def test_every_format_names_them(form: str) -> None:
    """So does a reader of any one of them see where the integration went."""
    assert "h01.example" in texts(form, writer(form)(model(2)))
    assert "also called" not in texts(form, writer(form)(model(0))).lower()


@pytest.mark.parametrize("form", ["html", "statement", "statement-html", "json"])
def test_what_is_kept_names_them_all(form: str) -> None:
    """A page and a statement are read by themselves; elsewhere twenty are named, and the rest counted."""
    assert "h29.example" in texts(form, writer(form)(model(30)))
    assert also_called(model(30)).endswith("h19.example (1 request) and 10 more")


def test_who_got_no_request_is_said() -> None:
    """The client may have turned away by itself."""
    told = model(1)
    told["other_hosts"][0]["requests"] = 0
    assert also_called(told) == "h00.example (no request)"
