"""The digest of a rule set: the same for the same kit, and another as soon as anything judges otherwise."""

import shutil
from collections.abc import Callable
from pathlib import Path
from zipfile import Path as ZipPath
from zipfile import ZipFile

import pytest

import blastiq_conformance
from blastiq_conformance.report.rule_set import digest_modules, rule_set

PACKAGE = Path(blastiq_conformance.__file__).parent


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Some of the package in another place."""
    target = tmp_path / PACKAGE.name
    shutil.copytree(PACKAGE / "rules" / "request", target / "rules" / "request")
    for name in ("catalogue/tried.py", "judge/explanations.py", "trial/judging.py"):
        (target / name).parent.mkdir()
        shutil.copy(PACKAGE / name, target / name)
    return target


def test_it_is_the_same_wherever_the_kit_stands(copy: Path) -> None:
    """In a checkout with the lines of Windows and with what Python leaves there, in a wheel, and in a zip."""
    whole = digest_modules([copy])
    with ZipFile(copy.parent / "kit.zip", "w") as archive:
        for path in copy.rglob("*"):
            archive.write(path, path.relative_to(copy.parent))
    for path in copy.rglob("*.py"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    (copy / "__pycache__").mkdir(exist_ok=True)
    (copy / "__pycache__" / "engine.pyc").write_bytes(b"compiled")
    assert [digest_modules([copy]), digest_modules([ZipPath(copy.parent / "kit.zip", "blastiq_conformance/")])] == [
        whole
    ] * 2


@pytest.mark.parametrize(
    "change",
    [
        lambda kit: edit(kit / "rules" / "request" / "names.py", "yield Problem(", "return\n    yield Problem("),
        lambda kit: edit(kit / "catalogue" / "tried.py", '"BIQ002"', '"BIQ003"'),
        lambda kit: edit(kit / "judge" / "explanations.py", "BIQ", "BIX"),
        lambda kit: (kit / "rules" / "new.py").touch(),
        lambda kit: (kit / "trial" / "judging.py").rename(kit / "trial" / "judged.py"),
    ],
    ids=["check", "fixes", "explanations", "new", "renamed"],
)
def test_it_changes_with_what_judges(copy: Path, change: Callable[[Path], object]) -> None:
    """Also where no word of the catalogue does."""
    before = digest_modules([copy])
    change(copy)
    assert digest_modules([copy]) != before


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_it_tells_which_rules_were_asked_for() -> None:
    """In whatever order."""
    assert rule_set(["BIQ212", "BIQ211"], "2026-12") == rule_set(["BIQ211", "BIQ212"], "2026-12")
    assert rule_set(["BIQ211"], "2026-12")["digest"] != rule_set(["BIQ212"], "2026-12")["digest"]
