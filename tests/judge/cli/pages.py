"""README and docs as texts: their blocks, tables, and the commands that they tell a reader to type."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[3]
PAGES = {
    path: path.read_text(encoding="utf-8") for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
}
README = PAGES[ROOT / "README.md"]
DOCS = "\n\n".join(PAGES.values())
_SEPARATORS = frozenset({"&&", "||", "|", ";"})


def blocks(language: str, text: str = DOCS) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def rows(head: str) -> list[list[str]]:
    """Give what stands in backquotes, or else the text, of the first column of a table."""
    table = DOCS.partition(f"\n| {head} |")[2].partition("\n\n")[0].splitlines()[2:]
    return [re.findall(r"`([^`]+)`", cell) or [cell.strip()] for cell in (row.split("|")[1] for row in table)]


def commands(line: str) -> Iterator[list[str]]:
    """Give each call of `blastiq` in a line of a shell."""
    words: list[str] = []
    for word in [*shlex.split(line, comments=True), "&&"]:
        if word not in _SEPARATORS:
            words.append(word)
            continue
        if "blastiq" in words[:1]:
            yield words
        words = []


def pipelines() -> Iterator[str]:
    """Give the steps of the CI services."""
    for text in blocks("yaml"):
        for part in re.split(r"^#.*$", text, flags=re.MULTILINE):
            parsed = yaml.safe_load(part)
            for step in parsed if isinstance(parsed, list) else (parsed or {}).values():
                script = step.get("script") or step.get("run") or []
                yield from script if isinstance(script, list) else [script]
    yield from re.findall(r"`sh '([^']+)'`", DOCS)


def lines(text: str) -> list[str]:
    """Give what is typed at a prompt."""
    return [line[2:] for shown in blocks("console", text) for line in shown.splitlines() if line.startswith("$ ")]
