"""`blastiq doctor`: what is wrong with this machine or set-up, and what to do."""

import os
import sys
import textwrap
import threading
from contextlib import nullcontext
from dataclasses import asdict

import click

from blastiq_conformance.cli.options import listing_option
from blastiq_conformance.cli.output import show_listing, tell, width
from blastiq_conformance.cli.targets import subjects
from blastiq_conformance.doctor import Status, diagnose
from blastiq_conformance.doctor.start import check_start
from blastiq_conformance.runner.orphans import adopted
from blastiq_conformance.runner.target import Target

_WRONG = 1
_MARGIN = 28
# A word must fit beside the margin.
_NARROWEST = 60


@click.command(context_settings={"allow_interspersed_args": False})
@listing_option
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def doctor(context: click.Context, form: str, command: tuple[str, ...]) -> None:
    """Find out why an integration cannot be judged here: blastiq doctor -- node app.js.

    CMD, or each target of blastiq.toml, is started once in the control scenario; if it never calls, again behind the
    kit's proxy, and enclosed. Exit code 0 if nothing is wrong, else 1.
    """
    targets = _targets(command)
    checks = [*diagnose(command, os.environ)]
    # Within pytest the children of others would become its own.
    with adopted(threading.Event()) if context.obj else nullcontext():
        checks += map(check_start, targets)
    wrong = sum(check.status is Status.PROBLEM for check in checks)
    if form == "json":
        show_listing("doctor", checks=[asdict(check) for check in checks], problems=wrong)
    else:
        columns = max(width(), _NARROWEST)
        for check in checks:
            text = f"{check.status.upper():<9}{check.name:<18} {check.found} {check.advice}".rstrip()
            for line in textwrap.wrap(text, columns, subsequent_indent=" " * _MARGIN, break_long_words=False):
                tell(line)
        tell()
        tell(f"{wrong} of {len(checks)} checks found a problem" if wrong else "nothing is wrong")
    sys.exit(_WRONG if wrong else 0)


def _targets(command: tuple[str, ...]) -> list[Target]:
    """Give the command, or else the targets of the configuration; of one that cannot be read the checks tell."""
    try:
        return [subject.declared.target for subject in subjects(command, demo=False, config=None, names=())]
    except click.ClickException:
        if command:
            raise
        return []
