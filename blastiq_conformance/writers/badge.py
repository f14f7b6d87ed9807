"""A badge for a README, as data for the shields endpoint: a local file, without calling any host."""

from blastiq_conformance.report.shape import Model
from blastiq_conformance.writers.json import dump
from blastiq_conformance.writers.reading import VERDICTS, targets, worst_verdict
from blastiq_conformance.writers.text import number

_COLORS = {
    "conforms": "brightgreen",
    "conforms-with-waivers": "yellowgreen",
    "violates": "red",
    "incomplete": "yellow",
    "not-run": "lightgrey",
    "error": "lightgrey",
}


def write(model: Model) -> str:
    """Write the verdict, the gravest of several, and the number of errors."""
    reports = targets(model).values()
    verdict = worst_verdict(reports)
    errors = sum(report["counts"]["errors"] for report in reports)
    said = f": {number(errors, 'error')}" if verdict == "violates" and errors else ""
    return dump(
        {"schemaVersion": 1, "label": "BlastIQ", "message": f"{VERDICTS[verdict]}{said}", "color": _COLORS[verdict]}
    )
