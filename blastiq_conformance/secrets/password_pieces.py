"""What a naive encoder makes of a password: the pieces that a server takes for other parameters, names or values."""

import re
from collections.abc import Iterable
from urllib.parse import unquote_plus

from blastiq_conformance.evidence.parameters import KNOWN
from fake_idp.secrets.patterns import stands_alone
from fake_idp.secrets.search import Leak, Secret

KIND = "fragment"
_SHORTEST = 4
# Where a form ends a field, where a field ends its name, and what else means something in one.
_FIELDS, _CUTS = re.compile(r"[&;#]"), re.compile(r"[&=+#%;]")
# A name or a value of a form or a query, raw or encoded once more.
_BEFORE = re.compile(r"(?:\A|[&?;#=+%]|%(?:2[0356B]|3[BDF])|\\u0026)\Z", re.IGNORECASE)
_BEHIND = re.compile(r"\Z|[&;#=+%\r\n]|\\u0026", re.IGNORECASE)
_LOOKED_AT = 8


def pieces(passwords: Iterable[str]) -> list[Secret]:
    """Give the pieces of some length, each once; a word of the protocol is none."""
    found: dict[str, None] = {}
    for password in filter(_CUTS.search, passwords):
        parts = [part for field in _FIELDS.split(password) for part in field.split("=", 1)]
        found |= dict.fromkeys((*parts, *map(unquote_plus, parts), *_CUTS.split(password)))
        found.pop(password, None)
    return [
        Secret(KIND, piece)
        for piece in found
        if len(piece) >= _SHORTEST and piece.lower() not in KNOWN and stands_alone(piece)
    ]


def is_sent(text: str, leak: Leak) -> bool:
    """Whether a piece stands in traffic as the name or the value of a parameter, and not as a word like any other."""
    if "base64" in leak.form:
        return False
    # Longer by one than any pattern, so that only the beginning of the text is one.
    front = text[max(0, leak.start - _LOOKED_AT) : leak.start]
    return _BEFORE.search(front) is not None and _BEHIND.match(text, leak.end) is not None
