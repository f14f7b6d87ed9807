"""Commands of a POSIX shell, taken apart into words and never run."""

import re
import shlex
from collections.abc import Iterator
from typing import NamedTuple

from blastiq_conformance.sources.source_error import SourceError

COMMAND = re.compile(r"\s*(?:[$%>]\s+)?curl(?:\.exe)?\s")
# Quotes as browsers write them when they copy a request: $'…' with escapes.
_ANSI = re.compile(r"\$'((?:[^'\\]|\\.)*)'", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{1,4})|x([0-9a-fA-F]{1,2})|(.))", re.DOTALL)
_LETTERS = {"n": "\n", "r": "\r", "t": "\t"}
_WINDOWS = re.compile(r"\^$|\^\"|`$")
_ENDS = frozenset("|;&<>")
_ADVICE = "copy the request as cURL for bash; the other shells quote in other ways"


class Command(NamedTuple):
    """A curl command: its lines from `first` up to `end`, counted from 0, what stands before its words, and these."""

    first: int
    end: int
    prompt: str
    words: list[str]


def commands(file: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """Give the words of each curl command after its name, and the line where it begins. Raises SourceError."""
    for command in found(file, text):
        yield command.first + 1, command.words


def found(file: str, text: str) -> Iterator[Command]:
    """Give each curl command; raises SourceError."""
    lines = text.splitlines()
    number = 0
    while number < len(lines):
        first = number
        number += 1
        start = COMMAND.match(lines[first] + " ")
        if start is None:
            continue
        whole = lines[first]
        while (words := _words(whole)) is None:
            if _WINDOWS.search(lines[number - 1].rstrip()):
                break
            if number == len(lines):
                raise SourceError(file, f"line {first + 1}", "a quotation without an end", "copy the whole command")
            whole += "\n" + lines[number]
            number += 1
        if any(_WINDOWS.search(line.rstrip()) for line in lines[first:number]):
            raise SourceError(file, f"line {first + 1}", "a command for cmd.exe or PowerShell", _ADVICE)
        yield Command(first, number, start[0].rstrip(), (words or [])[1:])


def _words(text: str) -> list[str] | None:
    """Split up to the end of the command; None where that is yet to come."""
    if text.endswith("\\") and not text.endswith("\\\\"):
        return None
    joined = _ANSI.sub(lambda found: shlex.quote(_ESCAPE.sub(_unescape, found[1])), text).replace("\\\n", " ")
    lexer = shlex.shlex(joined.lstrip(" \t$%>"), posix=True, punctuation_chars="|;&<>")
    lexer.whitespace_split, lexer.commenters = True, ""
    words: list[str] = []
    try:
        for word in lexer:
            if word and not set(word) - _ENDS:
                # Where output goes is no part of the command; a digit before it names the stream.
                return words[:-1] if word[0] == ">" and words[-1:] in (["1"], ["2"]) else words
            words.append(word)
    except ValueError:
        return None
    return words


def _unescape(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else _LETTERS.get(found[3], found[3])
