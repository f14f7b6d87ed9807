"""Markdown as GitHub and GitLab read it, from texts that may hold anything: nothing in them acts as markup."""

import re

from fake_idp.system.plain_text import plain, tame

_MARKUP = re.compile(r"([\\`*_{}\[\]<>|~&$])")
_START = re.compile(r"^(\s*\d*)([-+#=.)])")
# GitHub turns these into links after escapes and entities are resolved; an empty comment separates them.
_LINKED = re.compile(r"(@|#(?=\d)|:(?=//)|w(?=ww\.))", re.IGNORECASE)
_TICKS = re.compile(r"`+")
# In a diagram, quotes, colons, semicolons, percent signs and new lines would be syntax.
_ODD = re.compile(r"[^A-Za-z0-9 /._(),-]")


def prose(text: str) -> str:
    """Give a text as one line of prose, without markup, links or mentions."""
    escaped = _START.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", plain(text)))
    return unlinked(escaped)


def unlinked(markdown: str) -> str:
    """Break up what would become a link or a mention, in finished Markdown or HTML."""
    return _LINKED.sub(r"\1<!-- -->", markdown)


def code(text: str) -> str:
    """Give a text as a code span, with a fence that the text does not contain; empty for an empty text."""
    line = plain(text)
    if not line:
        return ""
    fence = "`" * (_longest(line) + 1)
    room = " " if line.startswith("`") or line.endswith("`") or (line.strip() and line[0] == line[-1] == " ") else ""
    return f"{fence}{room}{line}{room}{fence}"


def cell(text: str) -> str:
    """Escape bars for a table, where they would end the cell even within code spans."""
    return re.sub(r"(?<!\\)\|", r"\\|", text)


def block(text: str) -> str:
    """Give a text as a fenced block."""
    body = tame(text).rstrip("\n")
    fence = "`" * max(3, _longest(body) + 1)
    return f"{fence}text\n{body}\n{fence}"


def label(text: str) -> str:
    """Give a text as a message or a note of a Mermaid diagram: what may be syntax is written as a number."""
    return _ODD.sub(lambda match: f"#{ord(match[0])};", text)


def _longest(text: str) -> int:
    """Give the length of the longest run of backticks."""
    return max(map(len, _TICKS.findall(text)), default=0)
