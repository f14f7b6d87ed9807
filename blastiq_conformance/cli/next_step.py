"""What to type next, after the verdict."""

import shlex
from collections.abc import Sequence

from blastiq_conformance.report.verdict import INTERRUPTED, Verdict


def next_step(code: int, *, demo: bool, partial: bool, options: Sequence[str], configured: bool) -> str:
    """Give it for the exit code of a run; `partial`: not everything was asked for. Empty if nothing is left to do."""
    if code == INTERRUPTED:
        return "Interrupted: this is the verdict on what was seen until then."
    if demo:
        return "Next, your own: blastiq run --quick -- CMD ARG… (blastiq example prints one), or blastiq init."
    # A command may hold secrets: its words are the reader's own.
    run = shlex.join(["blastiq", "run", *options])
    whose = "" if configured else " -- CMD ARG…"
    if code == Verdict.NOT_RUN.exit_code:
        return f"Next, why it never called: blastiq doctor{whose}"
    if code == Verdict.VIOLATES.exit_code:
        example = "a whole client that conforms: blastiq example LANGUAGE"
        return f"Next, once it is mended: {run} --last-failed{whose}; {example}"
    return f"Next, every scenario: {run}{whose}" if code == Verdict.CONFORMS.exit_code and partial else ""
