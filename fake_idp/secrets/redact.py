"""What must never leave the process: the secrets that traffic carries, and the placeholders that take their place."""

import re
from collections.abc import Callable, Iterable, Iterator
from html import unescape
from itertools import chain
from typing import Protocol
from urllib.parse import unquote_plus, unquote_to_bytes

from fake_idp.content_coding import inflate
from fake_idp.secrets.basic import packed, unpacked
from fake_idp.secrets.charset_variants import as_text
from fake_idp.secrets.encodings import encodings
from fake_idp.secrets.patterns import PLACEHOLDER, SHORTEST_PREFIX
from fake_idp.secrets.search import Leak, Search, Secret, find
from fake_idp.secrets.secret_names import KINDS, NOTHING
from fake_idp.wire import Headers, Json, Request, Response, parse_json, parse_pairs

__all__ = [
    "PLACEHOLDER",
    "SHORTEST_PREFIX",
    "Leak",
    "Redactor",
    "Search",
    "Secret",
    "Traffic",
    "bare_token",
    "basic",
    "encodings",
    "find",
    "is_session",
    "secrets_of",
]

_SHORTEST_COOKIE = 8
_PART = re.compile(rb'name="?([A-Za-z_]+)"?[^\n]*\n(?:[^\r\n][^\n]*\n)*\r?\n(.*?)\r?\n--', re.DOTALL)
# A field of a page's form: all before its value, its name, its value.
INPUT = re.compile(r'(<input\b[^<>]*?\bname="([A-Za-z_]+)"[^<>]*?\bvalue=")([^"<>]*)"')
_AROUND = re.compile(r"\A(?:[\s\"']|(?:bearer|token)(?=[\s\"']))+|[\s\"']+\Z", re.IGNORECASE)
_SCHEMES = frozenset({"bearer", "basic", "token", "digest", "negotiate"})
_USERINFO = re.compile(r"://([^/?#@:\s]*):([^/?#@\s]*)@")


class Traffic(Protocol):
    """What secrets are read from: a request and its response."""

    @property
    def request(self) -> Request:
        """The request as it stood on the wire."""

    @property
    def response(self) -> Response | None:
        """The response, if one came."""


class Redactor:
    """Replaces secrets by `<kind:n>`: equal values by the same one, numbered per kind in the order given."""

    marks = PLACEHOLDER

    def __init__(self, secrets: Iterable[Secret]) -> None:
        """Number the secrets; one that is a placeholder already keeps its own, and its number is not given again."""
        given = [secret for secret in secrets if secret.value]
        taken = {secret.value for secret in given if PLACEHOLDER.fullmatch(secret.value)}
        self._placeholders = {value: value for value in taken}
        counts: dict[str, int] = {}
        for secret in given:
            while secret.value not in self._placeholders:
                counts[secret.kind] = counts.get(secret.kind, 0) + 1
                placeholder = f"<{secret.kind}:{counts[secret.kind]}>"
                if placeholder not in taken:
                    self._placeholders[secret.value] = placeholder
        self._search = Search(secret for secret in given if secret.value not in taken)

    def placeholder(self, value: str) -> str:
        """Give what stands for a value; the value itself where it is not a secret."""
        return self._placeholders.get(value, value)

    def text(self, text: str, is_chance: Callable[[str, Leak], bool] | None = None) -> str:
        """Replace every occurrence, in every encoding, beginnings too; what is a placeholder already stays.

        `is_chance` tells what only looks like a secret where it stands, and stays as well.
        """
        leaks = self._search.find(text)
        if leaks and is_chance is not None:
            leaks = [leak for leak in leaks if not is_chance(text, leak)]
        if not leaks:
            return text
        kept = [match.span() for match in self.marks.finditer(text)]
        pieces: list[str] = []
        end = 0
        for leak in leaks:
            if not any(_cuts(leak, start, stop) for start, stop in kept):
                pieces += (text[end : leak.start], self.mark(leak, text))
                end = leak.end
        return "".join((*pieces, text[end:]))

    def mark(self, leak: Leak, text: str) -> str:  # noqa: ARG002 - for those who tell more of what stands in a text
        """Give what stands for a secret where it was found in a text."""
        return self._placeholders[leak.secret.value]


def _cuts(leak: Leak, start: int, stop: int) -> bool:
    overlaps = start < leak.end and leak.start < stop
    return overlaps and not (leak.start <= start and stop <= leak.end)


def basic(username: str, password: str) -> Secret:
    """Give the value of an HTTP Basic header for these credentials: a secret of its own."""
    return Secret("basic", packed(username, password))


def secrets_of(traffic: Traffic) -> list[Secret]:
    """Give the secrets that an exchange carries, in order, each once: for recordings, whose values nobody told us.

    Client ids are none; usernames are given too, for a report names nobody (BIQ701 does not mind them).
    """
    request, response = traffic.request, traffic.response
    found = chain(
        _in_target(request),
        _in_fields(_fields(request)),
        _in_headers(request.headers, {value for name, value in _fields(request) if name == "username"}),
        () if response is None else _in_answer(response),
    )
    return list(dict.fromkeys(secret for secret in found if secret.value.strip().lower() not in NOTHING))


def _in_answer(response: Response) -> Iterator[Secret]:
    yield from _in_fields(_members(response.json))
    yield from _in_headers(response.headers, set())
    if response.media_type == "text/html":
        # A page whose form hands a code to the client (OAuth 2.0 Form Post Response Mode).
        yield from _in_fields((name, unescape(value)) for _, name, value in INPUT.findall(as_text(response.body)))


def _in_target(request: Request) -> Iterator[Secret]:
    for text in (request.target, request.headers.get("referer", "") or ""):
        if "@" in text and (match := _USERINFO.search(text)):
            yield Secret("username", unquote_plus(match[1]))
            yield Secret("password", unquote_plus(match[2]))
        if "?" in text:
            query = text.partition("?")[2].encode("latin-1", "replace")
            yield from _in_fields(_pairs(query))


def _in_fields(fields: Iterable[tuple[str, str]]) -> Iterator[Secret]:
    for name, value in fields:
        if name in KINDS:
            yield Secret(KINDS[name], value)


def _fields(request: Request) -> Iterator[tuple[str, str]]:
    body = inflate(request.body).lstrip()
    if request.media_type == "multipart/form-data":
        for name, value in _PART.findall(body):
            yield name.decode().lower(), value.decode("utf-8", "replace")
        return
    # Whatever the media type says: a client may send JSON under the name of a form.
    if body.startswith(b"{"):
        yield from _members(parse_json(body))
    if b"=" in body:
        yield from _pairs(body)


def _pairs(data: bytes) -> Iterator[tuple[str, str]]:
    for pair in parse_pairs(data):
        yield pair.name.lower(), pair.value
        if "\N{REPLACEMENT CHARACTER}" in pair.value:
            # What is not UTF-8 was lost there; whoever searches a text must know which bytes it was.
            octets = unquote_to_bytes(pair.raw.partition(b"=")[2].replace(b"+", b" "))
            yield pair.name.lower(), as_text(octets)


def _members(parsed: Json) -> Iterator[tuple[str, str]]:
    if isinstance(parsed, dict):
        for name, value in parsed.items():
            if isinstance(value, str):
                yield name.lower(), value


def _in_headers(headers: Headers, usernames: set[str]) -> Iterator[Secret]:
    for name, value in headers:
        match name.lower():
            case "authorization" | "proxy-authorization":
                yield from _in_authorization(value, usernames)
            case "cookie":
                for cookie in value.split(";"):
                    yield from _cookie(cookie)
            case "set-cookie":
                yield from _cookie(value.partition(";")[0])


def _in_authorization(value: str, usernames: set[str]) -> Iterator[Secret]:
    scheme, _, credentials = value.strip().partition(" ")
    credentials = credentials.strip()
    if scheme.lower() != "basic":
        bare = bare_token(credentials or scheme)
        # A scheme without credentials is not a secret.
        if bare.lower() not in _SCHEMES:
            yield Secret("access_token", bare)
        return
    if (text := unpacked(credentials)) is None:
        yield Secret("basic", credentials)
        return
    user, _, password = text.partition(":")
    if password:
        yield Secret("basic", credentials)
        yield Secret("password" if user in usernames else "client_secret", password)


def bare_token(sent: str) -> str:
    """Give a token without what a client put around it, which is BIQ604 and no secret: quotes, the scheme once more."""
    return _AROUND.sub("", sent)


def _cookie(text: str) -> Iterator[Secret]:
    value = text.partition("=")[2].strip()
    if is_session(value):
        yield Secret("cookie", value)


def is_session(cookie: str) -> bool:
    """Whether the value of a cookie is a session; a shorter one is a setting."""
    return len(cookie.strip()) >= _SHORTEST_COOKIE
