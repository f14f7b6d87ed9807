"""curl command lines, from a history, a README or a browser's "copy as cURL": what would be sent."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote_plus

from blastiq_conformance.sources.curl_options import SHORT, SWITCHES, VALUED
from blastiq_conformance.sources.recorded import MalformedError, Message, unsent
from blastiq_conformance.sources.request import Pairs, multipart, to_request
from blastiq_conformance.sources.request import field as value_of
from blastiq_conformance.sources.shell_words import COMMAND, found
from blastiq_conformance.sources.source_error import placed
from blastiq_conformance.sources.template import quote_unresolved, resolve
from fake_idp.secrets.basic import packed
from fake_idp.wire import FORM, Request

BEGINNING = re.compile(COMMAND.pattern.replace(r"\s*", "^[ \t]*", 1), re.MULTILINE)
# Each address of a command repeats all its headers.
_MOST_WORDS = 1_000
_IN_A_FILE = "the command takes the body from a file that is not here"


def read(file: str, text: str, variables: Mapping[str, str]) -> list[Message]:
    """Read every curl command; a finding names its line. Raises SourceError."""
    messages = []
    for given in found(file, text):
        words, line = given.words, given.first + 1
        with placed(file, f"line {line}", "give the command as it was run"):
            if len(words) > _MOST_WORDS:
                raise MalformedError(f"the command has {len(words)} words, and no request needs {_MOST_WORDS}")
            for command in _split([resolve(word, variables) for word in words]):
                source = f"{file}:{line}"
                messages += [unsent(command.request(url), source, missing=command.missing) for url in command.urls]
    return messages


_DATA = frozenset({"data", "data-ascii", "data-binary", "data-raw", "data-urlencode", "json"})


def _header_of(option: str, value: str) -> tuple[str, str] | None:
    """Give the header field that an option stands for."""
    match option:
        case "user":
            # Without a colon, curl asks the user for the password.
            name, _, password = value.partition(":")
            return "Authorization", f"Basic {packed(name, password, 'replace')}"
        case "oauth2-bearer":
            return "Authorization", f"Bearer {value}"
        case "user-agent":
            return "User-Agent", value
        case "referer":
            return "Referer", value
        case "cookie" if "=" in value:
            return "Cookie", value
        case _:
            return None


@dataclass(slots=True)
class _Command:
    """One transfer as its options describe it."""

    urls: list[str] = field(default_factory=list)
    method: str = ""
    headers: Pairs = field(default_factory=list)
    removed: set[str] = field(default_factory=set)
    data: list[str] = field(default_factory=list)
    json: bool = False
    parts: Pairs = field(default_factory=list)
    in_query: bool = False
    head: bool = False
    upload: bool = False
    missing: str = ""

    def take(self, option: str, value: str) -> None:
        """Apply an option, by its long name; options that do not change the request are ignored."""
        if option in _DATA:
            self._data(option, value)
            return
        match option:
            case "url":
                self.urls.append(value)
            case "request":
                self.method = value
            case "header":
                self._header(value)
            case "form" | "form-string":
                self._part(option, value)
            case "upload-file" | "config":
                self.upload, self.missing = option == "upload-file", _IN_A_FILE
            case "get":
                self.in_query = True
            case "head":
                self.head = True
            case _ if (made := _header_of(option, value)) is not None:
                self.headers.append(made)

    def _data(self, option: str, value: str) -> None:
        self.json |= option == "json"
        if option == "data-urlencode":
            self.data.append(self._encoded(value))
        elif value.startswith("@") and option != "data-raw":
            self.missing = _IN_A_FILE
            self.data.append("")
        elif option == "json":
            # Several of them are pieces of one text.
            self.data[-1:] = ["".join((*self.data[-1:], value))]
        else:
            self.data.append(value)

    def _part(self, option: str, value: str) -> None:
        name, _, content = value.partition("=")
        if option == "form" and content.startswith(("@", "<")):
            self.missing = _IN_A_FILE
        self.parts.append((name, content if option == "form-string" else content.partition(";type=")[0]))

    def _header(self, value: str) -> None:
        if value.startswith("@"):
            raise MalformedError("the command takes headers from a file that is not here")
        name, colon, content = value.partition(":")
        if not colon and name.endswith(";"):
            self.headers.append((name[:-1].strip(), ""))
        elif content.strip():
            self.headers.append((name.strip(), content.strip()))
        else:
            self.removed.add(name.strip().lower())

    def _encoded(self, value: str) -> str:
        name, equals, content = value.partition("=")
        if not equals and "@" in value:
            self.missing, name, content = _IN_A_FILE, value.partition("@")[0], ""
        elif not equals:
            name, content = "", value
        return f"{name}={quote_plus(content)}" if name else quote_plus(content)

    def request(self, url: str) -> Request:
        """Give the request that curl would send to this address; raises ValueError where that is not one."""
        url = url if "://" in url else f"http://{url}"
        data = "&".join(self.data)
        if self.in_query and self.data:
            url += ("&" if "?" in url else "?") + data
            data = ""
        headers = list(self.headers)
        default = {"user-agent": ("User-Agent", "curl"), "accept": ("Accept", "*/*")}
        body = data.encode("utf-8", "replace")
        if self.parts:
            default["content-type"] = ("Content-Type", "multipart/form-data; boundary=part")
            body = multipart(self.parts)
        elif self.json:
            default |= {name.lower(): (name, "application/json") for name in ("Content-Type", "Accept")}
        elif self.data and not self.in_query:
            body = quote_unresolved(data).encode("utf-8", "replace")
            default["content-type"] = ("Content-Type", FORM)
        headers += [
            field for name, field in default.items() if value_of(headers, name) is None and name not in self.removed
        ]
        return to_request(self.method or self._usual_method(), url, headers, body)

    def _usual_method(self) -> str:
        if self.head:
            return "HEAD"
        if self.upload:
            return "PUT"
        return "POST" if (self.data and not self.in_query) or self.parts else "GET"


def _split(words: list[str]) -> Iterator[_Command]:
    """Read the options; `--next` begins another transfer."""
    command = _Command()
    waiting = iter(words)
    for word in waiting:
        if word in {"--next", "-:"}:
            yield command
            command = _Command()
            continue
        for option, given in options(word):
            value = next(waiting, None) if option in VALUED and given is None else given or ""
            if value is None:
                raise MalformedError(f"the option {word} has no value")
            command.take(option, value)
    yield command


def options(word: str) -> Iterator[tuple[str, str | None]]:
    """Give the options in a word by their long names, with None for a value that follows. Raises ValueError."""
    if not word.startswith("-") or word == "-":
        yield "url", word
        return
    if word.startswith("--"):
        name = word[2:]
        if name not in VALUED and name not in SWITCHES and not name.startswith("no-"):
            raise MalformedError(f"curl has no option {word[:40]} that is known here")
        yield name, None
        return
    for place, letter in enumerate(word[1:], start=2):
        name = SHORT.get(letter, "")
        if not name:
            raise MalformedError(f"curl has no option -{letter} that is known here")
        if name in VALUED:
            yield name, word[place:] or None
            return
        yield name, ""
