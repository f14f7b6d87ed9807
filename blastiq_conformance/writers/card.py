"""The token request as a card: each field as it was sent, with its findings."""

from dataclasses import dataclass

from blastiq_conformance.report.shape import ReportShape
from blastiq_conformance.writers import finding_text
from blastiq_conformance.writers.sequence import Pins

# Parameters that many send although BlastIQ does not use them: a reader looks for these first.
_UNWANTED = ("audience", "client_secret", "scope")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A field; `value` is None if it was not sent. `mark` is the gravest of the findings `pins`, or passed."""

    name: str
    value: str | None
    place: str
    mark: str
    pins: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The request line, the findings about no single field, and the fields."""

    method: str
    target: str
    pins: tuple[int, ...]
    rows: tuple[Row, ...]


def card(report: ReportShape, pins: Pins) -> Card | None:
    """Give the card of a report; None if there was no token request."""
    sign_in = report["sign_in"]
    if sign_in is None:
        return None
    request = report["exchanges"][sign_in["shown"]]["request"]
    blamed = _blamed(report, sign_in["shown"])
    sent = [(field["name"], field["value"], field["place"]) for field in sign_in["fields"]]
    fields: list[tuple[str, str | None, str]] = [*sent]
    headers = [(name, value, "header") for name, value in request["headers"] if _key(name) in blamed]
    fields += headers
    known = {_key(name) for name, _, _ in fields}
    fields += [(name, None, "") for name in dict.fromkeys((*_UNWANTED, *blamed)) if name and name not in known]
    rows = tuple(_row(*field, blamed.get(_key(field[0]), {})) for field in fields)
    told = {pin for row in rows for pin in row.pins}
    rest = tuple(pin for pin in pins.get(sign_in["shown"], ()) if pin not in told)
    return Card(method=request["method"], target=request["target"], pins=rest, rows=rows)


def _key(name: str) -> str:
    # A finding cuts a longer name.
    return name[:80].lower()


def _row(name: str, value: str | None, place: str, found: dict[int, str]) -> Row:
    mark = next((kind for kind in ("error", "warning", "waived", "info") if kind in found.values()), "passed")
    return Row(name=name, value=value, place=place, mark=mark, pins=tuple(found))


def _blamed(report: ReportShape, shown: int) -> dict[str, dict[int, str]]:
    """Give the numbers of the findings on an exchange, each with its severity, by the parameter they blame."""
    found: dict[str, dict[int, str]] = {}
    for index, group in enumerate(finding_text.groups(report["results"]), start=1):
        for finding in group.findings:
            if finding["shown"] == shown:
                severity = "waived" if group.waived else group.severity
                found.setdefault(_key(finding["parameter"]), {})[index] = severity
    return found
