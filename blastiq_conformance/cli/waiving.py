"""`blastiq run --write-waivers`: today's failures as waivers in the configuration."""

from collections.abc import Sequence
from pathlib import Path

from blastiq_conformance.catalogue import Outcome, Severity
from blastiq_conformance.cli.output import say
from blastiq_conformance.cli.targets import ConfigFault
from blastiq_conformance.config import ConfigError
from blastiq_conformance.config.waiver_draft import Failure, write_waivers
from blastiq_conformance.report import Report


def waive_all(file: Path, made: Sequence[Report]) -> None:
    """Write the failures into the configuration, and say what is left to do."""
    failures = {
        report.target: [
            Failure(result.rule, report.rules[result.rule].name, where.pop() if len(where) == 1 else "")
            for result in report.results
            if result.outcome is Outcome.FAILED and result.severity is Severity.ERROR
            if (where := {finding.scenario for finding in result.findings})
        ]
        for report in made
    }
    number = sum(map(len, failures.values()))
    if number:
        try:
            write_waivers(file, failures)
        except (ConfigError, OSError) as error:
            raise ConfigFault(f"the waivers were not written: {error}") from None
    say(
        f"{file}: {number} waivers added; fill in reason, owner and expires of each." if number else "Nothing to waive."
    )
