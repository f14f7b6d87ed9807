"""Credentials and tokens written in a file, recognised by shapes that can be explained, never by entropy."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from blastiq_conformance.catalogue.registries import REQUEST_PARAMETERS, TOKEN_RESPONSE
from blastiq_conformance.evidence.parameters import is_template
from blastiq_conformance.scan.known import Known
from fake_idp.secrets.token_parts import read_parts

CLIENT_ID = b"external.customer"
# Bytes within which a password stands beside the client id: a request, an options object, a section of settings.
NEARBY = 400
_BESIDE = f"a password stands beside {CLIENT_ID.decode()}"

# From the dot before its claims on: the header is read backwards, for a text that begins like one may be long.
_JWT = re.compile(rb"\.eyJ[\w-]{8,16384}\.[\w-]{0,4096}")
_BASE64URL = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_LONGEST_HEADER = 4096
_TOKENS = tuple(
    re.compile(pattern + rb"(?P<value>[\w.~+/-]{20,8192})", re.IGNORECASE)
    for pattern in (
        rb"\b(?P<key>Bearer)(?: |%20|\+)",
        rb"(?<=[?&\"'])(?P<key>(?:refresh|access)_token)=",
        rb"(?P<key>(?:refresh|access)_?token)\\{0,3}[\"']?\]?\s{0,8}(?:=>|:=|[:=,])\s{0,8}\\{0,3}[\"']",
    )
)
# A token has an unbroken run of letters and digits; the name of a variable or of a key is made of words.
_RUN = re.compile(rb"(?=[A-Za-z]*\d[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{12,}")
# How much of a value is looked at.
_TELLING = 256
# The examples of RFC 6749 stand in many libraries and open nothing, nor does that of oidc-token-hash, which every
# program with openid-client ships.
_EXAMPLES = (b"2YotnFZFEjr1zCsicMWpAA", b"tGzv3JOkF0XG5Qx2TlKWIA", b"YmJiZTAwYmYtMzgyOC00NzhkLTkyOTItNjJj")

_KEY = rb"(?P<key>[\w.-]{0,40}(?:password|passwd|pwd))"
_PASSWORDS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # "password": "x", password = 'x', key="password" value="x", \"password\":\"x\"
        rb"(?<![?&\w.-])" + _KEY + rb"\\{0,3}[\"']?\]?"
        rb"(?:\s{0,8}(?:=>|:=|[:=])|\s{1,8}value\s{0,4}=)\s{0,8}\\{0,3}[\"']"
        rb"(?P<value>[^\"'\x00-\x1f\x7f\\]{4,100})",
        # put("password", "x"), {"password", "x"}: only a pair by itself, for 'grant_type' => 'password' and the next
        # text look the same.
        rb"(?<=[(\[{])\s{0,8}[\"']" + _KEY + rb"[\"']\s{0,8},\s{0,8}[\"']"
        rb"(?P<value>[^\"'\x00-\x1f\x7f\\]{4,100})[\"']\s{0,8}[)\]}]",
        rb"<" + _KEY + rb">\s{0,40}(?P<value>[^<>\s][^<>\r\n]{2,98}[^<>\s])\s{0,40}</",
        # In a compiled program the next text follows at once, separated by bytes that nobody types.
        rb"(?<=[?&\"'])" + _KEY + rb"=(?P<value>[^\s&\"'<>\x00-\x1f\x7f\\]{4,100})",
    )
)
# In a settings file a bare word is a value; elsewhere it is the name of a variable.
_SETTINGS = (".env", ".ini", ".properties", ".yaml", ".yml", ".conf", ".cfg")
_BARE = re.compile(
    rb"^[ \t]*(?:export )?" + _KEY + rb"[ \t]*[:=][ \t]*(?P<value>[^\s\"'#][^\r\n]{2,98}[^\s,;])[ \t]*\r?$",
    re.IGNORECASE | re.MULTILINE,
)
# What stands for a value, besides what `is_template` knows: put in by a program, by a shell, or masked.
_FILLED_IN = re.compile(
    r".*\{[\w.()\[\], ]*\}.*|.*\$[{(].*|\{\{.*|\$[A-Za-z_]+|%[sd@]|.*%\(\w+\).*|(?P<same>.)(?P=same)*", re.DOTALL
)
# The text after the name of a field is often the name of the next.
_FIELDS = REQUEST_PARAMETERS | TOKEN_RESPONSE.keys()
_PROSE = re.compile(r"[A-Za-z]+(?:[ ,']+[A-Za-z]+)+[.:!? ]*")
_NAMES_ITSELF = re.compile(r"[a-z _.:!?,*-]*(?:pass|pwd|secret|changeme)[a-z _.:!?,*-]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Literal:
    """A finding from byte `start` to `end`: `shown` says what it looks like, without its secret."""

    kind: str
    start: int
    end: int
    message: str
    shown: str = field(repr=False)


def find(data: bytes, name: str, known: Known) -> list[Literal]:
    """Search the content of a file of this name, in order; text in UTF-16 inside a program is read too."""
    found = [
        Literal("known-value", start, end, "a value of the given list is shipped", shown)
        for start, end, shown in known.find(data)
    ]
    found += _shaped(data, name)
    if b"\0" in data:
        # ASCII in UTF-16 is plain text after dropping every second byte, all of which are zero.
        for first in (0, 1):
            for one in _shaped(data[first::2], name):
                start, end = first + 2 * one.start, first + 2 * one.end - 1
                if not any(data[start + 1 : end : 2]):
                    found.append(replace(one, start=start, end=end, shown=f"{one.shown}, in UTF-16"))
    found.sort(key=lambda one: (one.start, -one.end))
    kept: list[Literal] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _shaped(text: bytes, name: str) -> Iterator[Literal]:
    for match in _JWT.finditer(text):
        start = _header_start(text, match.start())
        if (told := _claims(text[start : match.end()])) is not None:
            yield Literal("jwt", start, match.end(), "a token is shipped", f"a JWT{told}")
    for pattern in _TOKENS:
        for match in pattern.finditer(text):
            if _is_token(match["value"]):
                yield Literal("token", *match.span("value"), "a token is shipped", f"{match['key'].decode()} <token>")
    is_settings = name.lower().endswith(_SETTINGS) or ".env." in name.lower()
    for near in _neighbourhoods(text):
        for pattern in (*_PASSWORDS, _BARE) if is_settings else _PASSWORDS:
            for match in pattern.finditer(text, *near):
                if not _stands_for_a_value(match["value"].decode("latin-1")):
                    shown = f"{match['key'].decode('latin-1')} <password>"
                    yield Literal("password", *match.span("value"), _BESIDE, shown)


def _neighbourhoods(text: bytes) -> list[tuple[int, int]]:
    """Give the surroundings of each client id, those that overlap as one."""
    found: list[tuple[int, int]] = []
    for match in re.finditer(re.escape(CLIENT_ID), text):
        start, end = max(0, match.start() - NEARBY), match.end() + NEARBY
        if found and start <= found[-1][1]:
            start, _ = found.pop()
        found.append((start, end))
    return found


def _header_start(text: bytes, dot: int) -> int:
    before = text[max(0, dot - _LONGEST_HEADER) : dot]
    run = before[len(before.rstrip(_BASE64URL)) :]
    begin = run.find(b"eyJ")
    return dot - len(run) + begin if begin >= 0 else dot


def _stands_for_a_value(value: str) -> bool:
    patterns = (_FILLED_IN, _PROSE, _NAMES_ITSELF)
    return value.lower() in _FIELDS or is_template(value) or any(pattern.fullmatch(value) for pattern in patterns)


def _is_token(value: bytes) -> bool:
    # A JWT is judged by its claims: those in documentation have neither issuer nor expiry.
    return (
        not value.startswith(b"eyJ") and not value.startswith(_EXAMPLES) and _RUN.search(value[:_TELLING]) is not None
    )


def _claims(jwt: bytes) -> str | None:
    """Say whose token it is and when it expires; None if it is not a token, or an example without either."""
    header, claims = read_parts(jwt.decode("ascii"))
    if header is None or claims is None or "alg" not in header or not claims.keys() & {"iss", "exp", "client_id"}:
        return None
    told = [f"{name} {claims[name]}" for name in ("iss", "client_id") if isinstance(claims.get(name), str)]
    return "".join(f", {part}" for part in (*told, *_until(claims.get("exp"))))


def _until(exp: object) -> Iterator[str]:
    if isinstance(exp, int | float):
        try:
            yield f"valid until {datetime.fromtimestamp(exp, UTC):%Y-%m-%d}"
        except (ValueError, OverflowError, OSError):
            yield "valid until no date"
