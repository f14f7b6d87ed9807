r"""The credentials of the scenario special-characters: values that naive encoders break.

All are within the product's limit of 100 characters (D17). None has a NUL or a newline, which the environment or the
child's own shell could mangle.
"""

from typing import NamedTuple

# Where a fresh random value goes, and how many characters it has.
CANARY = "{canary}"
CANARY_LENGTH = 24
LONGEST = 100
# Precomposed and decomposed: they look the same, but have other bytes on the wire.
_NFC, _NFD = "\u00e9", "e\u0301"


class Given(NamedTuple):
    """User name and password; None stands for a fresh random value alone."""

    username: str | None = None
    password: str | None = None


def _after(characters: str) -> Given:
    return Given(password=f"{CANARY}{characters}")


def padded(length: int) -> str:
    """Give a value of so many characters."""
    return CANARY + "".join(str(index % 10) for index in range(length - CANARY_LENGTH))


COMBINED = {
    "ascii": Given(
        username=f"{CANARY}+a b&c=d%41@mine.example",
        password=CANARY + "a b+c&d=e%41f%2Bg#h?i/j\"'\\<>;{}$HOME`|!*~:@,%",
    ),
    "unicode": Given(
        username=f"{CANARY}-m\u00fcller-{_NFD}@mine.example",
        password=f"{CANARY}\u00a3\u20ac{_NFC}{_NFD}\U0001f600\t+",
    ),
    "edges": Given(username=f" {CANARY}.MiXeD  ", password=f" {CANARY} MiXeD  "),
    "longest": Given(username=padded(LONGEST), password=padded(LONGEST)),
}

# One by one, so that the report can say which character it was.
ONE_BY_ONE = {
    "space": _after("a b"),
    "plus": _after("a+b"),
    "ampersand": _after("a&b"),
    "equals": _after("a=b"),
    "escape-of-a-letter": _after("a%41b"),
    "escape-of-a-plus": _after("a%2Bb"),
    "hash-question-mark-slash": _after("a#b?c/d"),
    "quotes-and-brackets": _after("\"'\\<>;"),
    "pound-and-euro": _after("\u00a3\u20ac"),
    "e-acute-composed": _after(_NFC),
    "e-acute-decomposed": _after(_NFD),
    "emoji": _after("\U0001f600"),
    "tab": _after("a\tb"),
    "percent-at-the-end": _after("%"),
    "colon": _after("a:b"),
    "at-sign": _after("a@b"),
    "comma": _after("a,b"),
    "braces": _after("{}"),
    "dollar-home": _after("$HOME"),
    "backtick": _after("`"),
    "space-before": Given(password=f" {CANARY}"),
    "space-after": Given(password=f"{CANARY} "),
    "mixed-case": _after("aBcDeF"),
    "username-special": Given(username=f"{CANARY}+a b&c=d%41@mine.example"),
    "username-space-before-and-after": Given(username=f" {CANARY}  "),
    "username-decomposed": Given(username=f"{CANARY}-mu\u0308ller@mine.example"),
    "one-character": Given(password="x"),  # noqa: S106 - so short that it is not a secret, and nobody's
    "64-characters": Given(password=padded(64)),
    "100-characters": Given(password=padded(LONGEST)),
}
