"""What became of a credential on its way to the wire: one diagnosis, so that one cause breaks one rule (D25).

Each defect belongs to one rule. Outside the scenario special-characters, MISSING, EMPTY and `CHANGED` are BIQ207's
(username) and BIQ208's (password); within it a lost special character is BIQ301's, `TIDIED` BIQ302's, DOUBLE_ENCODED
BIQ303's and SHORTENED BIQ304's. Everywhere BAD_BYTES is BIQ214's and UNRELATED BIQ305's; RIGHT and UNKNOWN break
nothing.
"""

import base64
import hashlib
import re
import unicodedata
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import unquote, unquote_plus, unquote_to_bytes

from blastiq_conformance.evidence.token_request import Field, Place, TokenRequest
from fake_idp.lazy import kept

SPECIAL_CHARACTERS = "special-characters"
_UNICODE_ESCAPE = re.compile(r"%u[0-9A-Fa-f]{4}")
_SEPARATORS = re.compile(r"[\W_]+")
# What a shell expands: $NAME, ${NAME}, $(command), `command`.
_EXPANSION = re.compile(r"\$\w+|\$\{[^}]*\}|\$\([^)]*\)|`[^`]*`|[$`]")
# Shorter values share nothing with most others, or a letter with many: what their special characters became is hard to
# tell, and only a plain word can be recognised after a change.
_TELLING_LENGTH = 8
_COMMON_LENGTH = 4
_HASHES = ("md5", "sha1", "sha256", "sha512")


class Defect(StrEnum):
    """What is wrong with a credential as it was sent."""

    RIGHT = "right"
    UNKNOWN = "unknown"  # nothing to compare with: a recording, our own placeholder, a letter or two
    MISSING = "missing"
    EMPTY = "empty"
    BAD_BYTES = "not percent-encoded UTF-8"
    TRUNCATED = "cut at a special character"
    PLUS_AS_SPACE = "plus sign became a space"
    PERCENT_DECODED = "percent sign taken for an escape"
    SHELL_EXPANDED = "expanded by a shell"
    PADDED = "white space added"
    CODED = "encoded as base64 or as hexadecimal digits"
    HASHED = "replaced by a hash of it"
    SWAPPED = "user name and password exchanged"
    OTHER_CHANGE = "changed"
    TRIMMED = "white space trimmed"
    CASE_CHANGED = "upper or lower case changed"
    NORMALISED = "characters normalised"
    DOUBLE_ENCODED = "encoded twice"
    SHORTENED = "cut to a length"
    UNRELATED = "another value"


TIDIED = frozenset({Defect.TRIMMED, Defect.CASE_CHANGED, Defect.NORMALISED})
# All that was made of the value that was given.
CHANGED = frozenset(Defect) - {
    *(Defect.RIGHT, Defect.UNKNOWN, Defect.MISSING, Defect.EMPTY, Defect.BAD_BYTES, Defect.UNRELATED),
}


def diagnose(field: Field | None, injected: str | None, other: str | None = None) -> Defect:
    """Compare what was sent with what the integration was given; `injected` is None where that is unknown.

    `other` is what it was given for the other credential of the two.
    """
    if field is None:
        return Defect.MISSING
    if field.value == injected:
        return Defect.RIGHT
    if injected and field.value and field.value == other:
        return Defect.SWAPPED
    if injected is None:
        return Defect.UNKNOWN if field.value else Defect.EMPTY
    # Nothing that is sent has anything in common with an empty value.
    return _compare(field, injected) if injected else Defect.UNRELATED


class Credential(NamedTuple):
    """A parameter, what the integration was given for it (None: unknown), what it sent, and what became of it."""

    name: str
    given: str | None
    sent: Field | None
    defect: Defect

    def __repr__(self) -> str:
        return f"Credential(name={self.name!r}, defect={self.defect})"


@kept
def credentials(request: TokenRequest) -> tuple[Credential, Credential]:
    """Compare username and password with those of the Service User that the request names."""
    (username, password), user, word = given_for(request), request.first("username"), request.first("password")
    return (
        Credential("username", username, user, diagnose(user, username, password)),
        Credential("password", password, word, diagnose(word, password, username)),
    )


def given_for(request: TokenRequest) -> tuple[str | None, str | None]:
    """Give the username and password that the integration was given for the user that a request names."""
    facts = request.facts
    if facts.other_users and (name := request.value("username")) != facts.username:
        for username, password in facts.other_users:
            if name == username:
                return username, password
    return facts.username, facts.password


def user_in_basic(request: TokenRequest) -> bool:
    """Whether the Basic header carries the Service User's own name and password: BIQ217, not BIQ209 or 216 (D26)."""
    basic = request.basic
    if basic is None or not basic.password or basic.names(request.facts.client_id):
        return False
    username = request.facts.username or request.value("username")
    if username is None:
        # No user is named elsewhere: a password grant has one, so this client puts it into the header. Other grants
        # have none, and a name that is the client's in the form is not a user's in the header.
        is_clients = basic.names(request.value("client_id"))
        return request.value("grant_type") in {None, "password"} and not request.is_refresh and not is_clients
    return basic.names(username)


def _compare(field: Field, injected: str) -> Defect:
    value = field.value
    if _in_other_charset(field, injected):
        return Defect.BAD_BYTES
    if value in {injected.strip(), injected.lstrip(), injected.rstrip()}:
        return Defect.TRIMMED
    if not value:
        return Defect.TRUNCATED if injected[:1] in {"&", "#"} else Defect.EMPTY
    if defect := _decoded_wrongly(value, injected) or _tidied(value, injected) or _rewritten(value, injected):
        return defect
    if injected.startswith(value):
        # Nothing but a length stops at a plain letter or digit.
        plain = injected[len(value)].isascii() and injected[len(value)].isalnum()
        return Defect.SHORTENED if plain else Defect.TRUNCATED
    if _expanded(value, injected):
        return Defect.SHELL_EXPANDED
    if _related(value, injected):
        return Defect.OTHER_CHANGE
    # A letter or two prove nothing, and a recording hides them: other variants show where the value is from.
    return Defect.UNKNOWN if len(injected) < _COMMON_LENGTH else Defect.UNRELATED


def _decoded_wrongly(value: str, injected: str) -> Defect | None:
    for mark in ("&", "#"):
        head, found, _ = injected.partition(mark)
        if found and value in _readings(head):
            return Defect.TRUNCATED
    if value == injected.replace("+", " "):
        return Defect.PLUS_AS_SPACE
    if value in _readings(injected):
        return Defect.PERCENT_DECODED
    twice = unquote_plus(value), unquote(value), unquote_plus(unquote_plus(value))
    return Defect.DOUBLE_ENCODED if injected in twice else None


def _readings(text: str) -> frozenset[str]:
    """Give what a server reads where text was put into a form as it is, or with some characters encoded."""
    return frozenset({text, text.replace("+", " "), unquote(text), unquote_plus(text)})


def _tidied(value: str, injected: str) -> Defect | None:
    # The value's own blanks at its ends do not hide what stands beside them.
    if injected and injected in value and not value.replace(injected, "", 1).strip():
        return Defect.PADDED
    if value.casefold() == injected.casefold():
        return Defect.CASE_CHANGED
    if unicodedata.normalize("NFKC", value) == unicodedata.normalize("NFKC", injected):
        return Defect.NORMALISED
    return Defect.NORMALISED if _plain(value) == _plain(injected) else None


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _expanded(value: str, injected: str) -> bool:
    literal = _EXPANSION.split(injected)
    return len(literal) > 1 and re.fullmatch(".*".join(map(re.escape, literal)), value, re.DOTALL) is not None


def _rewritten(value: str, injected: str) -> Defect | None:
    """Recognise what other servers want in the place of a password, or a store keeps of it."""
    given = injected.encode("utf-8", "surrogatepass")
    if value.rstrip("=") in _codes(given):
        return Defect.CODED
    digests = (hashlib.new(name, given, usedforsecurity=False).digest() for name in _HASHES)
    return Defect.HASHED if any(value.rstrip("=") in _codes(digest) for digest in digests) else None


def _codes(data: bytes) -> frozenset[str]:
    both = base64.b64encode(data), base64.urlsafe_b64encode(data)
    return frozenset({*(code.decode().rstrip("=") for code in both), data.hex(), data.hex().upper()})


def sent_bytes(field: Field) -> bytes:
    """Give the bytes of the value as the server decodes them, before any character set."""
    if field.place is Place.JSON:
        return field.value.encode("utf-8", "surrogatepass")
    if field.place is Place.MULTIPART:
        return field.raw
    return unquote_to_bytes(field.raw.partition(b"=")[2].replace(b"+", b" "))


def _in_other_charset(field: Field, injected: str) -> bool:
    data = sent_bytes(field)
    try:
        data.decode()
    except UnicodeDecodeError:
        return _related(data.decode("latin-1"), injected)
    # JavaScript's escape() writes this for everything beyond Latin-1.
    if _UNICODE_ESCAPE.search(field.value) and not _UNICODE_ESCAPE.search(injected):
        return _related(field.value, injected)
    return not injected.isascii() and field.value in _renditions(injected)


def _renditions(injected: str) -> frozenset[str]:
    """Give what is left of text that passed through a character set that lacks characters, or through two sets."""
    narrow = {injected.encode(charset, "replace").decode(charset) for charset in ("ascii", "latin-1", "cp1252")}
    lost = {text.replace("?", "\ufffd") for text in narrow} | {"".join(c if c.isascii() else "??" for c in injected)}
    twice = {injected.encode().decode(charset, "replace") for charset in ("latin-1", "cp1252")}
    return frozenset(narrow | lost | twice)


def _related(value: str, injected: str) -> bool:
    if len(injected) < _TELLING_LENGTH:
        return not (injected.isascii() and injected.isalnum()) or _holds(_plain(value), _plain(injected))
    names = value.rpartition("@")[0], injected.rpartition("@")[0]
    # The domain of a name, which many share, does not tell it from others.
    there, here = map(_plain, names if all(names) else (value, injected))
    return any(here[at : at + _COMMON_LENGTH] in there for at in range(max(len(here) - _COMMON_LENGTH, 0) + 1))


def _holds(text: str, word: str) -> bool:
    # No encoder changes letters and digits: the word is there with little else, or by itself among other words.
    return (word in text and len(text) <= 2 * len(word) + 1) or word in _SEPARATORS.split(text)
