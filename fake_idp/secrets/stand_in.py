"""What stands for a secret in evidence that is judged again: a value of the same kind, seen at a glance to be none.

It is made of what `told` tells and of a number, and of nothing else: nothing of the secret can be computed from it.
"""

import json
import re
from functools import cache
from typing import NamedTuple

from fake_idp.secrets.patterns import SHORTEST_PREFIX
from fake_idp.secrets.token_parts import claims_of, s256, to_base64url

# Each letter with the number behind it, so that any four characters belong to one stand-in alone; the letters of the
# first are in no hexadecimal digit.
_WORD, _HEX_WORD = "SYNONYM", "FACADE"
_NUMBER = "([0-9A-F]{6}|[0-9A-F]{3})"
# Several in a row, and the last one may be cut.
_WORDS = rf"(?:S{_NUMBER}Y\1(?:[SYNOM]\1)*|F{_NUMBER}A\2(?:[ACDEF]\2)*)+(?:[SYNOMFACDE][0-9A-F]{{0,5}})?"
# A short one stands by itself, others anywhere.
_SEEN = r"(?:(?<=[A-Z0-9]{12})|(?![A-Za-z0-9])(?<![A-Za-z0-9].{8}))"
# {"typ":"standin, so begins each that stands for a JWT.
_HEAD = "eyJ0eXAiOiJzdGFuZGlu"
_JWT = rf"{_HEAD}[\w-]+\.[\w-]+(?:\.(?:S{_NUMBER})?[\w-]*)?"
STAND_IN = re.compile(rf"{_WORDS}{_SEEN}|{_JWT}")
_FIRST = re.compile(rf"[\W_]*(?:[SFQ]|{_HEAD})")
# Of what was given and has three characters at most: several, where one was made of another.
_TINY = re.compile(r"Q[0-9a-z](?:x|[^A-Za-z0-9])")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
MOST_TINY = len(_DIGITS)
_HEX = re.compile(r"[0-9A-Fa-f]{32,}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
# What a token may hold comes first, and the end of base64 behind it.
_ORDER = "-._~+/="
# What no URL may hold: where little fits, this tells most.
_RAW = frozenset('%"<>\\^`{|} ')
_REPRESENTATIVES = "\u00e9\u20ac\U0001f600"
_TIMES = ("nbf", "exp", "iat")
_TINIEST, _LONG, _HUGE = 4, 100, 4096
_VERIFIER_LENGTH = 43
_DECIMAL, _MORE = 1000, 0xA00000


class Told(NamedTuple):
    """What a stand-in tells of a value; docs/secrets.md has the table."""

    length: int
    word: str = _WORD
    special: str = ""
    before: str = ""
    behind: str = ""
    payload: str | None = None


def told(kind: str, value: str, *, given: bool = False) -> Told:
    """Tell what of a value its stand-in is to show; of what was `given` to a client also that it is hardly a word."""
    if given and len(value) < _TINIEST:
        return Told(0, special=_special(value, most=1))
    bare = value.strip()
    before, behind = value[: value.find(bare)], value[value.find(bare) + len(bare) :]
    length = _length(kind, value)
    special = _special(bare, most=3 - bool(before) - bool(behind) if length < SHORTEST_PREFIX else None)
    if kind == "basic" and not special.strip("+/="):
        special = "."
    plain = Told(length, special=special, before=_blank(before), behind=_blank(behind))
    if not kind.endswith("token") or length < SHORTEST_PREFIX:
        return plain
    parts = value.split(".")
    if len(parts) == len(("header", "payload", "signature")):
        return Told(len(value), payload=_payload(parts[1]))
    return plain._replace(word=_HEX_WORD, length=max(length, 32)) if _HEX.fullmatch(value) else plain


def stand_in(tells: Told, number: int) -> str:
    """Make the stand-in of this number; equal numbers are never given to two values."""
    digits = f"{number:03}" if number < _DECIMAL else f"{number + _MORE:X}"
    if not tells.length:
        return f"Q{_DIGITS[number]}{tells.special or 'x'}"
    base = "".join(letter + digits for letter in tells.word)
    if tells.payload is not None:
        return _jwt(tells, digits, base)
    if tells.length < SHORTEST_PREFIX:
        base = base[: 2 + 2 * len(digits)]
    return tells.before + base * -(-tells.length // len(base)) + tells.special + tells.behind


@cache
def stand_in_challenges() -> frozenset[str]:
    """Give the challenges of all verifiers that are stand-ins."""
    tells = told("code_verifier", "-" * _VERIFIER_LENGTH)
    return frozenset(s256(stand_in(tells, number)) for number in range(1, _DECIMAL))


def is_stand_in(value: str) -> bool:
    """Whether a value is a stand-in, and nothing else."""
    if _FIRST.match(value) is None:
        return False
    made = STAND_IN.search(value)
    # Beside what was given, an escape tells of another character set.
    rest = STAND_IN.sub("", value).removesuffix("%u00E9")
    tiny = _TINY.match(rest)
    rest = rest[tiny.end() :] if tiny is not None and (made is None or made.start()) else rest
    return rest != value and not any(character.isalnum() and character not in _REPRESENTATIVES for character in rest)


def _length(kind: str, value: str) -> int:
    if len(value) < SHORTEST_PREFIX:
        return 1
    if kind == "code_verifier" and _VERIFIER.fullmatch(value):
        return _VERIFIER_LENGTH
    return next((length for length in (_HUGE, _LONG) if len(value) > length), SHORTEST_PREFIX) + 1


def _special(value: str, most: int | None) -> str:
    found = {representative(character) for character in value if not _is_plain(character)}
    if most is not None and len(found) > most:
        found = set(sorted(found, key=lambda c: (c.isascii() and c not in _RAW, c))[:most])
    special = "".join(sorted(found, key=lambda c: (not c.isspace(), _ORDER.find(c) % 99, c)))
    # Blanks within are none at the end.
    return f"{special}." if special.isspace() and most != 1 else special


def _is_plain(character: str) -> bool:
    return character.isascii() and character.isalnum()


def representative(character: str) -> str:
    """Give the character that stands for all that encoders treat alike: of letters beyond ASCII none is told."""
    code = ord(character)
    if code < 0x80:
        return character if character.isprintable() or character in "\t\n\r" else "\x01"
    if 0xD800 <= code < 0xE000 or character == "\N{REPLACEMENT CHARACTER}":
        return "\N{REPLACEMENT CHARACTER}"
    return _REPRESENTATIVES[(code >= 0x100) + (code >= 0x10000)]


def _blank(text: str) -> str:
    return text[:1] if text[:1] in " \t\r\n" else " "


def _payload(part: str) -> str:
    """Give the times of a JWT as JSON; what is not JSON tells only whether it needs base64url."""
    claims = claims_of(part)
    url_safe = "-" in part or "_" in part
    if claims is None:
        return "-" if url_safe else ""
    times = {name: claims[name] for name in _TIMES if name in claims}
    times = {name: value if isinstance(value, int | float) else "standin" for name, value in times.items()}
    return json.dumps(times | ({"~": "~~~"} if url_safe else {}), separators=(",", ":"))


def _jwt(tells: Told, digits: str, base: str) -> str:
    head, payload = _encoded({"typ": f"standin {digits}"}), tells.payload or ""
    payload = _encoded({digits: "standin", **json.loads(payload)}) if payload[:1] == "{" else base + payload
    missing = max(tells.length - len(head) - len(payload) - 2, len(base))
    return f"{head}.{payload}.{(base * missing)[:missing]}"


def _encoded(claims: dict[str, object]) -> str:
    return to_base64url(json.dumps(claims, separators=(",", ":")).encode()).decode()
