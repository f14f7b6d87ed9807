"""Keys in code and docs, such as N7 or `server.md 1.2`, lead somewhere: each has its entry in docs/spec."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from blastiq_conformance.catalogue.article import SENTENCES

ROOT = Path(__file__).parents[2]
SPEC = ROOT / "docs" / "spec"
FOLDERS = ("fake_idp", "blastiq_conformance", "tests", "benchmarks", "cassettes", "docs")
# A key stands alone: %D1 is an octet, S256 a method of PKCE, D105 a check of a linter.
KEY = re.compile(r"(?<![\w%\\/+-])(?:[ADN]\d{1,2}|[MRS]\d{2})(?![\w%/+=-])|\b[a-z-]+\.md \d+(?:\.\d+)?")
ENTRY = re.compile(r"^(?:#+ ([DN]\d+) |\| (?:<a id=\"\w+\"></a>)?([MRS]\d\d) \|)", re.MULTILINE)
SECTION = re.compile(r"^#+ (\d+(?:\.\d+)?) ", re.MULTILINE)


def entries() -> Iterator[str]:
    yield from (sentence.key for sentence in SENTENCES)
    for page in sorted(SPEC.glob("*.md")):
        text = page.read_text(encoding="utf-8")
        yield from (match[1] or match[2] for match in ENTRY.finditer(text))
        yield from (f"{page.name} {number}" for number in SECTION.findall(text))


KNOWN = Counter(entries())


def unresolved(text: str) -> list[tuple[int, str]]:
    """Give line and key of each pointer that leads nowhere."""
    return [
        (number, key)
        for number, line in enumerate(text.splitlines(), start=1)
        for key in KEY.findall(line)
        if key not in KNOWN
    ]


def test_every_pointer_has_an_entry() -> None:
    """What a comment gives as its reason can be read in this repository."""
    found = [ROOT / "README.md", *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.[pm][yd]"))]
    lost = [
        f"{path.relative_to(ROOT)}:{number}: {key} has no entry in docs/spec; add one, or correct the key "
        "(docs/spec/README.md says which file holds which keys)"
        for path in sorted(found)
        for number, key in unresolved(path.read_text(encoding="utf-8"))
    ]
    assert not lost, "\n".join(lost)


def test_a_key_is_defined_once() -> None:
    """Two entries for one key could contradict each other; scenarios on one subject share a number."""
    assert [key for key, count in KNOWN.items() if count > 1 and not key.startswith("S")] == []


@pytest.mark.parametrize(
    ("text", "line", "kind", "number"),
    [
        ("# As D36 says.\n# {} says otherwise.", 2, "D", "99"),
        ("{}: what is refused", 1, "R", "99"),
        ("{}, S01", 1, "S", "99"),
        ("({}; N7)", 1, "M", "99"),
        ("article {}", 1, "A", "39"),
        ("({}) and server.md 1.2", 1, "server.md ", "1.9"),
        ("{}", 1, "papers.md ", "3"),
    ],
)
def test_a_pointer_without_an_entry_is_found(text: str, line: int, kind: str, number: str) -> None:
    """Each kind of key, with the line on which it stands."""
    assert unresolved(text.format(kind + number)) == [(line, kind + number)]


@pytest.mark.parametrize("text", ["%D1%E9", "S256", "noqa: D105", "https://x/D99", r"\D99", "QmD99", "D99-1"])
def test_what_is_no_key_is_left_alone(text: str) -> None:
    """Octets, names and codes of other tools look much like keys."""
    assert unresolved(text) == []
