"""Files with curl command lines: each command written anew, and the text around them without secrets."""

import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence

from blastiq_conformance.redaction.document.filled import Filled
from blastiq_conformance.secrets.body import body_text
from blastiq_conformance.secrets.message import field_line, named_value, url
from blastiq_conformance.secrets.place import Kind, Place, Show
from blastiq_conformance.sources.curl import options
from blastiq_conformance.sources.curl_options import VALUED
from blastiq_conformance.sources.shell_words import found

_DATA = frozenset({"data", "data-ascii", "data-binary", "data-raw", "json"})
_URLS = frozenset({"url", "referer", "proxy", "preproxy", "socks5", "socks5-hostname", "doh-url"})
_SPECIAL = re.compile(r"[^\x20-\x7e]|['$\\]")


def curl_lines(file: str, text: str, given: Mapping[str, str]) -> Callable[[Show], str]:
    """Give what writes the commands of a file, and what stands between them, without secrets; raises SourceError."""
    commands, lines = list(found(file, text)), text.splitlines()
    starts = [0, *(command.end for command in commands)]
    ends = [*(command.first for command in commands), len(lines)]
    between = [lines[start:end] for start, end in zip(starts, ends, strict=True)]

    def write(show: Show) -> str:
        # The variables of an environment, whose values are written in.
        filled = Filled({}, given, set(), show)

        def place(option: str, value: str) -> str:
            return filled.place(value, lambda text: _shown(option, text, show))

        pieces = [show(Place(Kind.PROSE, line)) for line in between[0]]
        for command, behind in zip(commands, between[1:], strict=True):
            new = map(quoted, _words(command.words, place))
            several = command.end - command.first > 1
            pieces.append(command.prompt + "".join(f" \\\n  {w}" if several and w[0] == "-" else f" {w}" for w in new))
            pieces += [show(Place(Kind.PROSE, line)) for line in behind]
        return "\n".join(pieces) + "\n"

    return write


def _words(words: Sequence[str], place: Callable[[str, str], str]) -> Iterator[str]:
    """Give the words of a command, each value as its option has it."""
    waiting = iter(words)
    for word in waiting:
        if word in {"--next", "-:"}:
            yield word
            continue
        found = list(options(word))
        option, given = found[-1]
        if option not in VALUED:
            yield word
        elif given is None:
            yield from (word, place(option, next(waiting, "")))
        else:
            # Joined to its letter, or an address by itself.
            yield word.removesuffix(given) + place(option, given)


def _shown(option: str, value: str, show: Show) -> str:
    if option in _DATA:
        named = value.startswith("@") and option != "data-raw"
        return value if named else body_text(value, show)
    if option in _URLS:
        return url(value, show)
    match option:
        # Of accounts that are none of BlastIQ's, and yet nobody's to see.
        case "proxy-user" | "pass":
            shown = ":".join(show(Place("password", each)) for each in value.split(":"))
        case "header":
            shown = field_line(value, show)
        case "user":
            shown = show(Place(Kind.ACCOUNT, value if ":" in value else f"{value}:"))
            shown = shown if ":" in value else shown.removesuffix(":")
        case "oauth2-bearer":
            shown = named_value("Authorization", f"Bearer {value}", show).partition(" ")[2]
        case "cookie" if "=" in value:
            shown = named_value("Cookie", value, show)
        case "form" | "form-string" | "data-urlencode" | "variable":
            shown = _pair(option, value, show)
        case _:
            shown = show(Place(Kind.TEXT, value))
    return shown


def _pair(option: str, value: str, show: Show) -> str:
    name, equals, content = value.partition("=")
    if not equals:
        return value if "@" in value else show(Place(Kind.TEXT, value))
    if option == "form" and content.startswith(("@", "<")):
        return value
    content, mark, media_type = content.partition(";type=") if option == "form" else (content, "", "")
    return f"{name}={named_value(name, content, show)}{mark}{media_type}"


def quoted(word: str) -> str:
    """Quote a word for a POSIX shell, in one line; escapes only where nothing else would do."""
    if not _SPECIAL.search(word):
        return shlex.quote(word)
    if not any(character in word for character in "'\\") and word.isprintable() and "$'" not in f"{word}'":
        return shlex.quote(word)
    return "$'" + "".join(map(_escaped, word)) + "'"


def _escaped(character: str) -> str:
    if character in "'\\":
        return "\\" + character
    # What ends a line for some ends it for none here; beyond four digits there is nothing that does.
    return character if character.isprintable() or ord(character) > 0xFFFF else f"\\u{ord(character):04x}"
