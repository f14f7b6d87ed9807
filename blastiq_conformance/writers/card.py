"""The token request as a card: each field as it was sent, with its findings."""

from typing import NamedTuple

from blastiq_conformance.evidence.grouping import grouped
from blastiq_conformance.report.shape import ReportShape
from blastiq_conformance.writers import finding_text
from blastiq_conformance.writers.sequence import Pins

# Parameters that many send although BlastIQ does not use them: a reader looks for these first.
_UNWANTED = ("audience", "client_secret", "scope")


class Row(NamedTuple):
    """A field; `value` is None if it was not sent. `mark` is the gravest of the findings `pins`, or passed."""

    name: str
    value: str | None
    place: str
    mark: str
    pins: tuple[int, ...]


class Card(NamedTuple):
    """The request line, the findings about no single field, and the fields."""

    method: str
    target: str
    pins: tuple[int, ...]
    rows: list[Row]


def card(report: ReportShape, pins: Pins) -> Card | None:
    """Give the card of a report; None if there was no token request."""
    sign_in = report["sign_in"]
    if sign_in is None:
        return None
    shown = sign_in["shown"]
    request = report["exchanges"][shown]["request"]
    groups = finding_text.groups(report["results"])
    blamed = grouped(
        (_key(finding["parameter"]), index)
        for index, group in enumerate(groups, start=1)
        for finding in group.findings
        if finding["shown"] == shown
    )

    def row(name: str, value: str | None, place: str) -> Row:
        found = tuple(dict.fromkeys(blamed.get(_key(name), ())))
        kinds = {groups[index - 1].kind for index in found}
        mark = next((kind for kind in ("error", "warning", "waived", "info") if kind in kinds), "passed")
        return Row(name, value, place, mark, found)

    rows = [row(field["name"], field["value"], field["place"]) for field in sign_in["fields"]]
    rows += [row(name, value, "header") for name, value in request["headers"] if _key(name) in blamed]
    known = {_key(each.name) for each in rows}
    rows += [row(name, None, "") for name in dict.fromkeys((*_UNWANTED, *blamed)) if name and name not in known]
    told = {pin for each in rows for pin in each.pins}
    rest = tuple(pin for pin in pins.get(shown, ()) if pin not in told)
    return Card(request["method"], request["target"], rest, rows)


def _key(name: str) -> str:
    # A finding cuts a longer name.
    return name[:80].lower()
