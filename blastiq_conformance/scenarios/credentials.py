r"""User names and passwords that naive encoders break; all within the product's limit of 100 characters (D17).

No NUL and no newline: the environment, by which a child gets them, or the child's own shell could mangle those.
"""

from dataclasses import replace

from blastiq_conformance.scenarios.scenario import CANARY, CANARY_LENGTH, Variant

# Decomposed and precomposed: the same to the eye, other bytes on the wire.
_NFC, _NFD = "\u00e9", "e\u0301"
_LONGEST = 100


ALL_WRONG = (Variant(prepare=lambda config: replace(config, users=())),)
UNKNOWN_CLIENT = (Variant(prepare=lambda config: replace(config, client_id=config.client_id + ".unknown")),)


# The same user twice: what a client kept of the first run must not hide the new password.
CHANGED = (Variant(name="first-run"), Variant(name="new-password"))
EMPTY = (Variant(username="", password=""),)
AT_LENGTH = (Variant(verbose=True),)


def _password(name: str, characters: str) -> Variant:
    return Variant(name=name, password=f"{CANARY}{characters}")


def _padded(length: int) -> str:
    return CANARY + "".join(str(index % 10) for index in range(length - CANARY_LENGTH))


COMBINED = (
    Variant(
        name="ascii",
        username=f"{CANARY}+a b&c=d%41@mine.example",
        password=CANARY + "a b+c&d=e%41f%2Bg#h?i/j\"'\\<>;{}$HOME`|!*~:@,%",
    ),
    Variant(
        name="unicode",
        username=f"{CANARY}-m\u00fcller-{_NFD}@mine.example",
        password=f"{CANARY}\u00a3\u20ac{_NFC}{_NFD}\U0001f600\t+",
    ),
    Variant(name="edges", username=f" {CANARY}.MiXeD  ", password=f" {CANARY} MiXeD  "),
    Variant(name="longest", username=_padded(_LONGEST), password=_padded(_LONGEST)),
)

# One by one, so that the report can say which character it was.
ONE_BY_ONE = (
    _password("space", "a b"),
    _password("plus", "a+b"),
    _password("ampersand", "a&b"),
    _password("equals", "a=b"),
    _password("escape-of-a-letter", "a%41b"),
    _password("escape-of-a-plus", "a%2Bb"),
    _password("hash-question-mark-slash", "a#b?c/d"),
    _password("quotes-and-brackets", "\"'\\<>;"),
    _password("pound-and-euro", "\u00a3\u20ac"),
    _password("e-acute-composed", _NFC),
    _password("e-acute-decomposed", _NFD),
    _password("emoji", "\U0001f600"),
    _password("tab", "a\tb"),
    _password("percent-at-the-end", "%"),
    _password("colon", "a:b"),
    _password("at-sign", "a@b"),
    _password("comma", "a,b"),
    _password("braces", "{}"),
    _password("dollar-home", "$HOME"),
    _password("backtick", "`"),
    Variant(name="space-before", password=f" {CANARY}"),
    Variant(name="space-after", password=f"{CANARY} "),
    _password("mixed-case", "aBcDeF"),
    Variant(name="username-special", username=f"{CANARY}+a b&c=d%41@mine.example"),
    Variant(name="username-space-before-and-after", username=f" {CANARY}  "),
    Variant(name="username-decomposed", username=f"{CANARY}-mu\u0308ller@mine.example"),
    Variant(name="one-character", password="x"),  # noqa: S106 - so short that it is no secret, and nobody's
    Variant(name="64-characters", password=_padded(64)),
    Variant(name="100-characters", password=_padded(_LONGEST)),
)
