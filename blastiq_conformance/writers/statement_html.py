"""The statement as a page to print and sign."""

from blastiq_conformance.report.shape import Model
from blastiq_conformance.writers.card import card
from blastiq_conformance.writers.json import digest
from blastiq_conformance.writers.page import render
from blastiq_conformance.writers.reading import targets, worst_verdict
from blastiq_conformance.writers.sequence import diagrams


def write(model: Model) -> str:
    """Write the page on all targets, with one place to sign."""
    reports = targets(model)
    # Findings have no numbers here, so nothing can be pinned.
    parts = [
        {"name": name, "report": report, "card": card(report, {}), "diagrams": diagrams(report, {}), "findings": ()}
        for name, report in reports.items()
    ]
    return render("statement.html", parts=parts, verdict=worst_verdict(reports.values()), digest=digest(model))
