"""What `serve` prints while it runs: each request as it arrives, and what is wrong with it."""

from collections.abc import Sequence

from blastiq_conformance.cli.output import tell
from blastiq_conformance.control.shown import Shown
from blastiq_conformance.writers.finding_text import word


def tell_arrivals(arrivals: Sequence[Shown]) -> None:
    """Print the new requests, each with its findings."""
    for shown in arrivals:
        tell(f"{shown.number:>3}  {shown.line}")
        for finding in shown.findings:
            tell(f"       {word(finding.severity).text:<5} {finding.rule} {finding.message}")
            for name in ("received", "expected", "fix"):
                tell(f"             {name:<10} {getattr(finding, name)}")
