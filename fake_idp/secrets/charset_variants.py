"""How a value looks when it was written in another character set than UTF-8, or read in a wrong one."""

import unicodedata
from collections.abc import Iterator
from typing import Literal, get_args

# What older stacks write by default, and PowerShell under base64.
_CHARSETS = {
    "latin-1": "in Latin-1",
    "cp1252": "in Windows-1252",
    "cp437": "in code page 437",
    "cp850": "in code page 850",
    "utf-16-le": "in UTF-16",
    "utf-16-be": "in UTF-16",
}
_MISREAD = {"latin-1": "read as Latin-1", "cp1252": "read as Windows-1252"}
_Form = Literal["NFC", "NFD", "NFKC", "NFKD"]
_FORMS: tuple[_Form, ...] = get_args(_Form)


def as_text(data: bytes) -> str:
    """Read bytes as UTF-8; a byte that is none stands as a lone surrogate, so that `as_bytes` loses nothing."""
    return data.decode("utf-8", "surrogateescape")


def as_bytes(text: str) -> bytes:
    """Undo `as_text`."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        # A surrogate that `as_text` never makes: a text that came from elsewhere.
        return text.encode("utf-8", "surrogatepass")


def charset_variants(value: str) -> tuple[str, ...]:
    """Give the other texts that `as_text` may show for a value, each once; the value itself is none of them."""
    return tuple(named_charset_variants(value))


def named_charset_variants(value: str) -> dict[str, str]:
    """Give the same texts, each with words that say how it came about."""
    named: dict[str, str] = {}
    for text, words in _texts(value):
        if text not in {"", value}:
            named.setdefault(text, words)
    return named


def _texts(value: str) -> Iterator[tuple[str, str]]:
    for spelled in dict.fromkeys((value, *(unicodedata.normalize(form, value) for form in _FORMS))):
        yield spelled, "in another normal form"
        for charset, words in _CHARSETS.items():
            # What the character set lacks becomes a question mark, as in Java and .NET.
            yield as_text(spelled.encode(charset, "replace")), words
        octets = as_bytes(spelled)
        for charset, words in _MISREAD.items():
            yield octets.decode(charset, "replace"), words
        narrow = as_text(spelled.encode("ascii", "replace"))
        yield narrow, "with a question mark for each letter beyond ASCII"
        yield narrow.replace("?", "\N{REPLACEMENT CHARACTER}"), "with some of its characters lost"
