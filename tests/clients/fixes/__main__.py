"""`python -m tests.clients.fixes` writes blastiq_conformance/catalogue/tried.py anew, from the tables beside this."""

from pathlib import Path

from blastiq_conformance.catalogue import tried
from tests.clients.fixes import FIXES

_HEAD = '''"""Fixes that were run: for each rule the libraries, named as in `Rule.fixes`, whose program was mended so.

Written by `python -m tests.clients.fixes`; a test holds it to the programs.
"""

from collections.abc import Mapping

TRIED: Mapping[str, tuple[str, ...]] = {
'''


def source() -> str:
    """Give the module as the tables have it."""
    pairs = sorted({(rule, fix.library) for fix in FIXES for rule in fix.ids})
    lines = []
    for rule in dict.fromkeys(rule for rule, _ in pairs):
        libraries = tuple(library for number, library in pairs if number == rule)
        lines.append(f'    "{rule}": {libraries!r},\n'.replace("'", '"'))
    return "".join((_HEAD, *lines, "}\n"))


if __name__ == "__main__":
    Path(str(tried.__file__)).write_text(source(), encoding="utf-8")
