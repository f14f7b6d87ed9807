"""A statement in Markdown for a person to sign: what was tested, with which kit and rules, and what was not tested."""

from blastiq_conformance.report.shape import Model
from blastiq_conformance.writers.json import digest
from blastiq_conformance.writers.page import render_markdown
from blastiq_conformance.writers.reading import targets


def write(model: Model) -> str:
    """Write the statement on all targets, with one place to sign."""
    return render_markdown("statement.md", targets=targets(model), digest=digest(model))
