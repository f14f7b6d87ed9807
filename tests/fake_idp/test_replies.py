"""How replies are written: the escapes of each serialiser, errors as protocol data."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_idp.oidc.replies import OAuthError, dumps
from fake_idp.server_config import Flavour
from fake_idp.wire import Json
from tests.fake_idp.calls import FLAVOURS

JSON_VALUES: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)

ESCAPES = [
    ("+<>&'\"`", r"\u002B\u003C\u003E\u0026\u0027\u0022\u0060", "+<>&'\\\"`"),
    ("é£", r"\u00E9\u00A3", "é£"),
    ("😀", r"\uD83D\uDE00", "😀"),
    ("\n\t\r\b\f\\/", r"\n\t\r\b\f\\/", r"\n\t\r\b\f\\/"),
    ("\x1f\x7f", r"\u001F\u007F", "\\u001f\x7f"),
    ("\u2028\x85", r"\u2028\u0085", r"\u2028\u0085"),
]


@pytest.mark.parametrize(("text", "modern", "second"), ESCAPES)
def test_escapes(text: str, modern: str, second: str) -> None:
    """System.Text.Json escapes all but plain ASCII, in upper-case hex; Newtonsoft hardly anything (1.4)."""
    assert dumps(text, Flavour.IS4) == dumps(text, Flavour.DUENDE) == f'"{modern}"'.encode()
    assert dumps(text, Flavour.IS4_V2) == f'"{second}"'.encode()


@given(value=JSON_VALUES)
@pytest.mark.parametrize("flavour", FLAVOURS)
def test_round_trip(flavour: Flavour, value: Json) -> None:
    """What is written reads back as what it was, and takes one line."""
    written = dumps(value, flavour)
    assert json.loads(written) == value
    assert b"\n" not in written


def test_lone_surrogate() -> None:
    """Text that is not a Unicode is written all the same."""
    assert dumps("\ud800", Flavour.IS4) == rb'"\uD800"'
    assert dumps("\ud800", Flavour.IS4_V2) == b'"?"'


def test_compact() -> None:
    """Members keep their order, without a space."""
    assert dumps({"b": [1, True, None], "a": {}}, Flavour.IS4) == b'{"b":[1,true,null],"a":{}}'


def test_error_headers() -> None:
    """Headers of an error follow those of every token answer."""
    answer = OAuthError("x", status=405, headers=(("Allow", "POST"),)).response(Flavour.IS4)
    assert (answer.status, answer.headers.raw[-1]) == (405, ("Allow", "POST"))
    assert answer.headers.get("pragma") == "no-cache"
