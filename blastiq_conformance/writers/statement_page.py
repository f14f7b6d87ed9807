"""The statement as a page to print and sign."""

from blastiq_conformance.report.shape import Model
from blastiq_conformance.writers.json import digest
from blastiq_conformance.writers.page import render
from blastiq_conformance.writers.reading import targets, worst_verdict
from blastiq_conformance.writers.scope import broken, families, reasons
from blastiq_conformance.writers.statement import FIELDS, PROMISE

_MOST_FILES = 100


def write(model: Model) -> str:
    """Write the page on all targets, with one place to sign."""
    reports = targets(model)
    return render(
        "statement.html",
        parts=[{"name": name, "report": report} for name, report in reports.items()],
        verdict=worst_verdict(reports.values()),
        digest=digest(model),
        families=families,
        reasons=reasons,
        broken=broken,
        fields=FIELDS,
        promise=PROMISE,
        most_files=_MOST_FILES,
    )
