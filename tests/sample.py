"""What the README shows of a real run: one finding, and the picture of how it came about."""

import json
import os
import re
import shutil
import sys
from contextlib import chdir
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from blastiq_conformance.report.shape import ReportShape
from blastiq_conformance.writers import finding_text, page, rule_block
from blastiq_conformance.writers.markup import block
from blastiq_conformance.writers.sequence import diagrams, pinned
from blastiq_conformance.writers.text import render
from tests.clients.launch import program
from tests.judge.cli.shell import called
from tests.measuring import unmeasured

SCENARIO, RULE = "token-dies", "BIQ503"
CLIENT = program("flawed/requests_oauthlib_refresh.py")
PICTURE = Path(__file__).parents[1] / "docs" / "refresh.svg"
# What a page on GitHub has room for.
_COLUMNS = 90
_WIDTH, _MARGIN = 560, 16


def finding() -> str:
    """Give the finding as the terminal shows it, in a fenced block."""
    report = _report()
    (found,) = finding_text.blocks(report["results"])
    return block(render(list(rule_block.lines(found, report, _COLUMNS)), color=False))


def picture() -> str:
    """Draw the scenario run as the HTML report does, but without times, so that it is the same on every machine."""
    report = _report()
    for each in report["volatile"]["plays"]:
        each["timed"] = False
    (diagram,) = [each for each in diagrams(report, pinned(report)) if each.scenario == SCENARIO]
    draw = page._environment().from_string(
        '{% from "sequence.html" import sequence %}{{ sequence(play, "refresh", 1, 0) }}'
    )
    drawn = draw.render(play=diagram).partition("<details")[0].strip()
    height = int(drawn.partition(' height="')[2].partition('"')[0])
    # Here no table follows, and there is a margin.
    drawn = drawn.replace(" The table below says the same.", "")
    drawn = drawn.replace('width="100%"', f'x="{_MARGIN}" y="{_MARGIN}" width="{_WIDTH}"', 1)
    sheet = (Path(page.__file__).parent / "templates" / "page.css").read_text(encoding="utf-8")
    style = sheet.partition("* {")[0] + "".join(re.findall(r"^\.sequence .*\n", sheet, re.MULTILINE))
    wide, high = _WIDTH + 2 * _MARGIN, height + 2 * _MARGIN
    # It has a background of its own, because the page around it may be dark while the system is light.
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}"'
        f' role="img" aria-labelledby="refresh-title refresh-desc">\n<style>\n{style}</style>\n'
        f'<rect width="{wide}" height="{high}" rx="8" fill="var(--card)"/>\n{drawn}\n</svg>\n'
    )


@cache
def _played() -> str:
    """Run the client, once; give the report as JSON."""
    with TemporaryDirectory() as folder, chdir(folder), unmeasured():
        shutil.copy(CLIENT, "sync.py")
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        words = ["--scenario", SCENARIO, "--rule", RULE, "--format", "json", "--", "python", "sync.py"]
        done = called("run", *words, PATH=path)
    assert done.returncode == 1, done.stderr
    return done.stdout


def _report() -> ReportShape:
    report: ReportShape = json.loads(_played())
    return report
