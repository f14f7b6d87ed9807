"""Encodings: every form is read again, and every place is found again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_idp.secrets.encodings import encodings, views


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("a b+c", "a%20b%2Bc"),
        ("a b+c", "a%20b%2bc"),
        ("a b+c", "a+b%2Bc"),
        ("a'b/c", "a'b%2Fc"),
        ("a'b/c", "a'b/c"),
        ('q"é', 'q\\"\\u00e9'),
        ('q"é', 'q\\"é'),
        ("a/b", "a\\/b"),
        ("a<b", "a\\u003cb"),
        ("a<b", "a\\u003Cb"),
        ("a&'b", "a&amp;&#x27;b"),
        ("a&'b", "a&amp;&#39;b"),
        ("ab?>", "YWI/Pg=="),
        ("ab?>", "YWI_Pg"),
    ],
)
def test_a_value_has_every_form_that_encoders_give_it(value: str, form: str) -> None:
    """The forms of N7 are all there, in the spellings that encoders differ by."""
    assert form in encodings(value)


@pytest.mark.parametrize(
    ("text", "encoding", "read"),
    [
        ("%41b%c3%A9", "percent-encoded", "Abé"),
        ("%ff%zz", "percent-encoded", "\udcff%zz"),
        ('\\u0041\\"\\n\\ud83d\\ude00', "JSON-escaped", 'A"\n😀'),
        ("b'\\xc3\\xa9'", "escaped bytes", "b'é'"),
        ("&lt;&#65;&#x42;&quot;&no;", "HTML-escaped", '<AB"&no;'),
        ("%2541", "percent-encoded, percent-encoded", "A"),
        ("\\u00252B", "JSON-escaped, percent-encoded", "+"),
    ],
)
def test_a_text_is_read_with_its_encoding_taken_off(text: str, encoding: str, read: str) -> None:
    """Each encoding alone, and one upon another."""
    assert (encoding, read) in [(view.encoding, view.text) for view in views(text)]


@given(st.text(st.sampled_from('a%41cé\\u006x"&#;lt😀 '), max_size=30))
def test_places_lead_back_to_the_text_as_it_was(text: str) -> None:
    """Places never run backwards, and the whole of a view is the whole of the text."""
    for view in views(text):
        places = [view.origin(place) for place in range(len(view.text) + 1)]
        assert places == sorted(places)
        assert (places[0], places[-1]) == (0, len(text))
