"""What `blastiq run` remembers of its last runs: only which scenarios of which target failed."""

import json
from collections.abc import Iterable
from pathlib import Path

from blastiq_conformance import given_file
from blastiq_conformance.catalogue import Outcome, Severity
from blastiq_conformance.report import Report
from blastiq_conformance.scenarios import scenarios
from fake_idp.system.whole_file import write_whole

FOLDER = ".blastiq"


class Memory:
    """A file beside blastiq.toml, or in the current folder, that version control ignores."""

    def __init__(self, beside: Path) -> None:
        """Read it; a missing or damaged file counts as empty."""
        self._folder = beside / FOLDER
        self._failed: dict[str, list[str]] = {}
        try:
            found = json.loads(given_file.read_text(self._folder / "last.json"))
        except (OSError, ValueError, RecursionError):
            return
        if isinstance(found, dict):
            known = scenarios()
            self._failed = {
                target: [slug for slug in slugs if isinstance(slug, str) and slug in known]
                for target, slugs in found.items()
                if isinstance(slugs, list)
            }

    def failed(self, target: str) -> tuple[str, ...]:
        """Give the scenarios of a target that failed in its last run."""
        return tuple(self._failed.get(target, ()))

    def remember(self, reports: Iterable[Report]) -> None:
        """Enter the scenarios that ran; others stay as they were. A read-only folder does not fail the run."""
        for report in reports:
            ran = {judgement.scenario for judgement in report.judgements}
            kept = {slug for slug in self.failed(report.target) if slug not in ran}
            self._failed[report.target] = sorted(kept | _failed(report))
        try:
            self._folder.mkdir(exist_ok=True)
            write_whole(self._folder / ".gitignore", b"*\n")
            write_whole(self._folder / "last.json", json.dumps(self._failed, indent=1, sort_keys=True).encode())
        except OSError:
            return


def _failed(report: Report) -> set[str]:
    return {
        judgement.scenario
        for judgement in report.judgements
        if any(x.outcome is Outcome.FAILED and x.severity is Severity.ERROR for x in judgement.results)
    }
