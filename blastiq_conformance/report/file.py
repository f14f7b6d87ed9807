"""Reading a JSON report back: every member must meet the shipped schema, and every index must point to something."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from blastiq_conformance import given_file
from blastiq_conformance.report.shape import ReportShape, ReportsShape
from blastiq_conformance.schemas import faults, shipped_schema
from fake_idp.wire import Json

_DEFINITIONS = {"blastiq-report/1": "report", "blastiq-reports/1": "reports"}


class ReportFileError(Exception):
    """A file that is not a report of this version; the text names file and member."""


def read_reports(file: Path) -> list[ReportShape]:
    """Give the reports in a file, one for each target; raises ReportFileError."""
    try:
        model = json.loads(given_file.read_text(file))
    except OSError as error:
        raise ReportFileError(f"{file} cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:
        raise ReportFileError(f"{file} is not JSON: {error}; `--report json=FILE` writes one") from None
    return whole_reports(model, str(file))


def whole_reports(model: Json, name: str) -> list[ReportShape]:
    """Give the reports in a parsed file; raises ReportFileError if one of them is not as it was written."""
    version = model.get("schema") if isinstance(model, dict) else None
    definition = _DEFINITIONS.get(version) if isinstance(version, str) else None
    if definition is None:
        raise ReportFileError(
            f"{name} is not a report of this version: expected an object with schema blastiq-report/1"
        )
    definitions = cast("dict[str, dict[str, Json]]", shipped_schema("report")["$defs"])
    wrong = next((each.told("report") for each in faults(model, definitions[definition], known=definitions)), "")
    whole = cast("ReportShape | ReportsShape", model)
    reports = [] if wrong else whole["reports"] if whole["schema"] == "blastiq-reports/1" else [whole]
    if wrong := wrong or next((text for report in reports for text in _astray(report)), ""):
        raise ReportFileError(f"{name} is not a whole report: {wrong}. Write it again with `--report json=FILE`")
    if not reports:
        raise ReportFileError(f"{name} has no report in it; `--report json=FILE` writes one")
    return reports


def _astray(report: ReportShape) -> Iterator[str]:
    """Name the indexes that point to nothing."""
    exchanges = len(report["exchanges"])
    sent = (x for scenario_run in report["volatile"].get("plays", ()) for x in scenario_run["exchanges"])
    for index in (*([report["sign_in"]["shown"]] if report["sign_in"] else []), *(x["shown"] for x in sent)):
        yield from _index(index, "shown of what was sent", "exchanges", exchanges)
    for result in report["results"]:
        place = f"results of {result['rule']}"
        for finding in result["findings"]:
            yield from _index(finding["shown"], f"{place}: shown", "exchanges", exchanges)
            yield from _index(finding["waiver"], f"{place}: waiver", "waivers", len(report["waivers"]))
        for entry in result["entries"]:
            yield from _index(entry["waiver"], f"{place}: waiver", "waivers", len(report["waivers"]))
            for index in entry["findings"]:
                yield from _index(index, f"{place}: entry", "findings", len(result["findings"]))


def _index(index: int | None, place: str, into: str, count: int) -> Iterator[str]:
    if index is not None and index >= count:
        yield f"{place} is {index}, and there are {count} {into}"
