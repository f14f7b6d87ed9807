"""Every form of a secret becomes the same form of its stand-in."""

import base64
import json
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blastiq_conformance.redaction.stand_in import StandIns
from fake_idp.secrets.encodings import ENCODERS
from fake_idp.secrets.same_form import in_percent, spelled

secrets = st.text("xyzKLMN+/=&%<>\"' \\@~äß€😀", min_size=12, max_size=40).map(lambda text: f"Kq7{text}Lm9")


def knowing(value: str) -> tuple[StandIns, str]:
    stand_ins = StandIns()
    stand_ins.know("password", value)
    return stand_ins, stand_ins.of("password", value)


@given(secrets, st.sampled_from(ENCODERS))
def test_an_encoder_writes_both_alike(value: str, encode: Callable[[str], str]) -> None:
    """Percent in both cases, form, JSON, HTML: what stands there shows by which it was written."""
    stand_ins, other = knowing(value)
    old, new = ("".join(map(encode, text)) for text in (value, other))
    assert stand_ins.without(f"x {old} y") == f"x {new} y"


@given(secrets, st.integers(0, 2), st.integers(0, 2), st.booleans())
def test_base64_is_written_anew(value: str, before: int, behind: int, url_safe: bool) -> None:
    """In the middle of longer base64 too, in three alignments and both alphabets."""
    stand_ins, other = knowing(value)
    encode = base64.urlsafe_b64encode if url_safe else base64.b64encode
    around = ("u:"[:before].encode(), " ;"[:behind].encode())
    text = encode(around[0] + value.encode() + around[1]).decode()
    new = stand_ins.without(f'"{text}"').strip('"')
    decode = base64.urlsafe_b64decode if "-" in new or "_" in new else base64.b64decode
    assert decode(new + "=" * (-len(new) % 4)) == around[0] + other.encode() + around[1]


@pytest.mark.parametrize(
    ("old", "value", "new", "expected"),
    [
        ("p%E4ss", "p\N{REPLACEMENT CHARACTER}ss", "S\N{REPLACEMENT CHARACTER}", "S%E4"),
        ("p%c3%a4ss", "pässe", "Sé", "S%c3%a9"),
        ("a+b c", "a b c", "S ", "S "),
        ("abc", "abc", "S&", "S%26"),
    ],
)
def test_what_stands_in_a_form_shows_how_to_write(old: str, value: str, new: str, expected: str) -> None:
    """Bad bytes stay bad, small letters small; what nothing shows is percent-encoded."""
    assert value
    assert spelled(in_percent(old, plus=True), new, lambda c: quote(c, safe="")) == expected


def test_a_beginning_becomes_a_beginning() -> None:
    """Twelve characters of a secret are a leak of it, and of its stand-in so much that it is known again."""
    stand_ins, other = knowing("Kq7vN2xW4mZ8tR1pLs9d")
    assert stand_ins.without('{"a": "Kq7vN2xW4mZ8"}') == json.dumps({"a": other[:-1]})
