"""The hosts that tests called beside BlastIQ's, named at the end of the run."""

import pytest


def summarise(terminal: pytest.TerminalReporter, called: str) -> None:
    """Name each host with a test that called it; `called` is the user property that reports carry them in."""
    tests: dict[str, set[str]] = {}
    for reports in terminal.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()):
                if name == called:
                    tests.setdefault(str(value), set()).add(report.nodeid)
    if tests:
        terminal.section("called beside BlastIQ")
        for host, by in sorted(tests.items()):
            more = f" and {len(by) - 1} more" if len(by) > 1 else ""
            terminal.line(f"{host}: {min(by)}{more}")
