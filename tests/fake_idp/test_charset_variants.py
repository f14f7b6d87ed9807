"""Disguises: the same value in other character sets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_idp.secrets.charset_variants import as_bytes, as_text, charset_variants


@pytest.mark.parametrize(
    "seen",
    [
        b"p\xe4ssw\xf6rd-\x80",  # Windows-1252
        b"p\xe4ssw\xf6rd-?",  # Latin-1, which has no euro
        b"p?ssw?rd-?",
        "pässwörd-€".encode().decode("cp1252").encode(),  # written as UTF-8, read as Windows-1252, written again
        "pässwörd-€".encode("utf-16-le"),
        "pa\u0308sswo\u0308rd-€".encode(),
    ],
    ids=["cp1252", "latin-1", "ascii", "twice", "utf-16", "decomposed"],
)
def test_what_another_character_set_makes_of_a_value(seen: bytes) -> None:
    """Each is a text of its own, and never the value itself."""
    assert as_text(seen) in charset_variants("pässwörd-€")
    assert "pässwörd-€" not in charset_variants("pässwörd-€")


def test_plain_ascii_looks_the_same_but_in_two_octets() -> None:
    """Most character sets write it alike."""
    assert [len(text) for text in charset_variants("secret")] == [12, 12]


@given(st.binary())
def test_bytes_come_back(data: bytes) -> None:
    """Whatever they are."""
    assert as_bytes(as_text(data)) == data


def test_a_text_from_elsewhere_has_bytes_too() -> None:
    """A lone surrogate that no byte stands for raises nothing."""
    assert as_bytes("\ud800") == b"\xed\xa0\x80"
