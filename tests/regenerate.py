"""Write anew what is made of the code: `python -m tests.regenerate`; read the difference before you commit it."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from cogapp import Cog

from blastiq_conformance.catalogue import Rule, catalogue
from blastiq_conformance.editions import CURRENT
from blastiq_conformance.scenarios import scenarios
from tests import report_stub, sample
from tests.judge.rules import test_words

ROOT = Path(__file__).parents[1]


def main() -> int:
    """Write the words of findings, the current edition, the stub of the report, a picture, and what docs generate.

    The exit status is cog's.
    """
    test_words.PAGE.write_text(test_words.page(), encoding="utf-8")
    edition = ROOT / "blastiq_conformance" / "editions" / f"{CURRENT}.json"
    edition.write_text(write_edition(catalogue(), scenarios()), encoding="utf-8")
    report_stub.STUB.write_text(report_stub.stub(), encoding="utf-8")
    sample.PICTURE.write_text(sample.picture(), encoding="utf-8")
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return int(Cog().main(["cog", "-r", "--verbosity=1", *map(str, pages)]))


def write_edition(rules: Mapping[str, Rule], scenarios: Mapping[str, object]) -> str:
    """Write an edition as it is shipped."""
    known = {rule.id: [str(rule.level), str(rule.severity)] for rule in rules.values()}
    lines = ",\n".join(f"  {json.dumps(rule)}: {json.dumps(words)}" for rule, words in known.items())
    return f'{{"rules": {{\n{lines}\n}}, "scenarios": {json.dumps(sorted(scenarios))}}}\n'


if __name__ == "__main__":
    sys.exit(main())
