"""The words of a curl command line, each shown as what its option makes of it, and quoted for a shell."""

import re
import shlex
from collections.abc import Callable, Iterator, Sequence

from blastiq_conformance.redaction import Redaction
from blastiq_conformance.redaction.document.filled import Filled
from blastiq_conformance.secrets.body import body_text
from blastiq_conformance.secrets.message import account, named_value, url
from blastiq_conformance.sources.curl import options
from blastiq_conformance.sources.curl_options import VALUED

_DATA = frozenset({"data", "data-ascii", "data-binary", "data-raw", "json"})
_URLS = frozenset({"url", "referer", "proxy", "preproxy", "socks5", "socks5-hostname", "doh-url"})
_SPECIAL = re.compile(r"[^\x20-\x7e]|['$\\]")


class Words:
    """Shows the values of options; `filled` knows the variables of an environment, whose values are written in."""

    def __init__(self, redaction: Redaction, filled: Filled) -> None:
        """Take what has learned from all commands of the file."""
        self._redaction = redaction
        self._filled = filled

    def command(self, words: Sequence[str]) -> Iterator[str]:
        """Give the words anew."""
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
                yield from (word, self._place(option, next(waiting, "")))
            else:
                # Joined to its letter, or an address by itself.
                yield word.removesuffix(given) + self._place(option, given)

    def _place(self, option: str, value: str) -> str:
        return self._filled.place(value, lambda text: self._shown(option, text))

    def _shown(self, option: str, value: str) -> str:
        if option in _DATA:
            named = value.startswith("@") and option != "data-raw"
            return value if named else body_text(value, self._redaction)
        if option in _URLS:
            return url(value, self._redaction)
        match option:
            # Of accounts that are none of BlastIQ's, and yet nobody's to see.
            case "proxy-user" | "pass":
                shown = ":".join(self._redaction.secret("password", each) for each in value.split(":"))
            case "header":
                shown = self._header(value)
            case "user":
                shown = self._user(value)
            case "oauth2-bearer":
                shown = named_value("Authorization", f"Bearer {value}", self._redaction).partition(" ")[2]
            case "cookie" if "=" in value:
                shown = named_value("Cookie", value, self._redaction)
            case "form" | "form-string" | "data-urlencode" | "variable":
                shown = self._pair(option, value)
            case _:
                shown = self._redaction.text(value)
        return shown

    def _header(self, value: str) -> str:
        name, colon, content = value.partition(":")
        return name + colon + _around(content, lambda text: named_value(name.strip(), text, self._redaction))

    def _pair(self, option: str, value: str) -> str:
        name, equals, content = value.partition("=")
        if not equals:
            return value if "@" in value else self._redaction.text(value)
        if option == "form" and content.startswith(("@", "<")):
            return value
        content, mark, media_type = content.partition(";type=") if option == "form" else (content, "", "")
        return f"{name}={named_value(name, content, self._redaction)}{mark}{media_type}"

    def _user(self, value: str) -> str:
        if ":" in value:
            return account(value, self._redaction)
        return account(f"{value}:", self._redaction).removesuffix(":")


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


def _around(text: str, show: Callable[[str], str]) -> str:
    bare = text.strip()
    return text.replace(bare, show(bare), 1) if bare else text
