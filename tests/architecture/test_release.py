"""What goes out with a release says whose it is, under which licence, and what changed when."""

import re
import tomllib
from pathlib import Path

from blastiq_conformance import __version__

ROOT = Path(__file__).parents[2]


def test_the_changelog_dates_this_version() -> None:
    """The version that the package names has a section with the day of its release."""
    text = (ROOT / "docs" / "changelog.md").read_text(encoding="utf-8")
    assert re.search(rf"^## {re.escape(__version__)} \(\d{{4}}-\d\d-\d\d\)$", text, re.MULTILINE)


def test_licence_and_authors_are_named() -> None:
    """The wheel carries the licence whose name it gives, and the holders of the copyright are its authors."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (author,) = project["authors"]
    (licence,) = project["license-files"]
    text = (ROOT / licence).read_text(encoding="utf-8")
    assert text.startswith(f"{project['license']} License")
    assert author["name"] in text
