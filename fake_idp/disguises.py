"""How a value looks when it was written in another character set than UTF-8, or read in a wrong one."""

import unicodedata
from collections.abc import Iterator
from typing import Literal, get_args

# What older stacks write by default, and PowerShell under base64.
_CHARSETS = ("latin-1", "cp1252", "cp437", "cp850", "utf-16-le", "utf-16-be")
_MISREAD = ("latin-1", "cp1252")
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


def disguises(value: str) -> tuple[str, ...]:
    """Give the other texts that `as_text` may show for a value, each once; the value itself is none of them."""
    return tuple(dict.fromkeys(text for text in _texts(value) if text not in {"", value}))


def _texts(value: str) -> Iterator[str]:
    for spelled in dict.fromkeys((value, *(unicodedata.normalize(form, value) for form in _FORMS))):
        yield spelled
        for charset in _CHARSETS:
            # What the character set lacks becomes a question mark, as in Java and .NET.
            yield as_text(spelled.encode(charset, "replace"))
        octets = as_bytes(spelled)
        for charset in _MISREAD:
            yield octets.decode(charset, "replace")
        yield as_text(spelled.encode("ascii", "replace"))
        yield spelled.encode("ascii", "replace").decode().replace("?", "\N{REPLACEMENT CHARACTER}")
