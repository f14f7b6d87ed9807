"""Commands of a POSIX shell, split into words and never run; each character is read once."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from blastiq_conformance.sources.source_error import SourceError

COMMAND = re.compile(r"\s*(?:[$%>]\s+)?curl(?:\.exe)?\s")
# The parts of a command. A continued line is joined with a blank; in double quotes a backslash stays except before
# itself and the quote; $'…' has escapes, as browsers write it when they copy a request.
_PIECE = re.compile(
    r"(?P<blank>(?:[ \t\r]|\\\n)+)"
    r"|(?P<end>\n)"
    r"|(?P<operator>[|;&<>]+)"
    r"|\$'(?P<ansi>(?:[^'\\]|\\.)*+)'"
    r"|'(?P<single>[^']*+)'"
    r'|"(?P<double>(?:[^"\\]|\\.)*+)"'
    r"|\\(?P<escaped>[^\n])"
    r"|(?P<bare>[^\s'\"\\|;&<>$]+|\$(?!')|[^\S \t\r\n])",
    re.DOTALL,
)
_PARTING = frozenset({"blank", "end", "operator"})
_PROMPT = re.compile(r"[ \t$%>]*")
# Up to the end of a line that is not continued.
_REST = re.compile(r"(?:[^\\\n]|\\.)*+\\?", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{1,4})|x([0-9a-fA-F]{1,2})|(.))", re.DOTALL)
_LETTERS = {"n": "\n", "r": "\r", "t": "\t"}
_IN_DOUBLE = re.compile(r"\\(?:(\n)|([\"\\]))")
_WINDOWS = re.compile(r"\^$|\^\"|`$")
_ADVICE = "copy the request as cURL for bash; the other shells quote in other ways"


class Command(NamedTuple):
    """A curl command: lines `first` up to `end`, counted from 0, the prompt before it, the words after its name."""

    first: int
    end: int
    prompt: str
    words: list[str]


def found(file: str, text: str) -> Iterator[Command]:
    """Give each curl command; raises SourceError."""
    lines = text.splitlines()
    whole = "\n".join(lines)
    number = place = 0
    while number < len(lines):
        first = number
        start = COMMAND.match(lines[first] + " ")
        if start is None:
            number, place = number + 1, place + len(lines[first]) + 1
            continue
        words, end = _words(whole, place)
        number = len(lines) if end is None else first + 1 + whole.count("\n", place, end)
        if any(_WINDOWS.search(line.rstrip()) for line in lines[first:number]):
            raise SourceError(file, f"line {first + 1}", "a command for cmd.exe or PowerShell", _ADVICE)
        if end is None:
            raise SourceError(file, f"line {first + 1}", "a quotation without an end", "copy the whole command")
        yield Command(first, number, start[0].rstrip(), words[1:])
        place = end + 1


def _words(text: str, place: int) -> tuple[list[str], int | None]:
    """Give the words of the command that begins there, and the end of its last line; None for an open quotation."""
    words: list[str] = []
    word: list[str] | None = None
    place = _matched(_PROMPT, text, place)
    while place < len(text):
        piece = _PIECE.match(text, place)
        if piece is None:
            return words, None
        kind = piece.lastgroup or ""
        if kind in _PARTING:
            if word is not None:
                words.append("".join(word))
            if kind == "operator":
                # A redirection of output is not part of the command; a digit before it names the stream.
                if piece[0][0] == ">" and word in (["1"], ["2"]):
                    words.pop()
                return words, _matched(_REST, text, piece.end())
            if kind == "end":
                return words, place
            word = None
        else:
            word = [] if word is None else word
            word.append(_value(kind, piece))
        place = piece.end()
    return (words if word is None else [*words, "".join(word)]), len(text)


def _matched(pattern: re.Pattern[str], text: str, place: int) -> int:
    found = pattern.match(text, place)
    return found.end() if found else place


def _value(kind: str, piece: re.Match[str]) -> str:
    match kind:
        case "ansi":
            return _ESCAPE.sub(_unescape, piece[kind])
        case "double":
            return _IN_DOUBLE.sub(lambda found: " " if found[1] else found[2], piece[kind])
        case _:
            return piece[kind]


def _unescape(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else _LETTERS.get(found[3], found[3])
