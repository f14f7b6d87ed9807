"""Lines of a terminal."""

from blastiq_conformance.writers.finding_text import sources
from blastiq_conformance.writers.text import shorten
from fake_idp.system.plain_text import plain


def test_a_long_text_keeps_both_ends() -> None:
    """What stands first and last tells most; a short one stays whole."""
    text = "a" * 50 + "b" * 50
    assert shorten(text, 25) == "aaaaaaaaaa … bbbbbbbbbb"
    assert shorten(text, 100) == text


def test_control_characters_are_shown_as_escapes() -> None:
    """None of them reaches the terminal."""
    assert plain("a\x1b[0m\n\t\r\x9b\u202e") == "a\\x1b[0m\\n\\t\\r\\x9b\\u202e"


def test_sources_read_as_a_person_names_them() -> None:
    """Sentences of the article together, then standards and the sister article."""
    assert sources(["A1", "RFC 6749 6", "A2", "S rate limits"]) == (
        "article A1, A2; RFC 6749 6; sister article, rate limits"
    )
    assert sources(["RFC 6749 6"]) == "RFC 6749 6"
