"""The name server of an enclosed program: one address for every name, and no answer to what is not a query."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blastiq_conformance.proxy.enclosure import resolve

NAME = b"\x03www\x07blastiq\x03com\x00"


def query(kind: int = 1, *, name: bytes = NAME, more: bytes = b"") -> bytes:
    return struct.pack("!6H", 0xBEEF, 0x0100, 1, 0, 0, bool(more)) + name + struct.pack("!2H", kind, 1) + more


def test_every_name_is_this_machine() -> None:
    """The number and the question come back, with the address 127.0.0.1, to be kept by nobody."""
    answer = resolve(query())
    assert answer[:12] == struct.pack("!6H", 0xBEEF, 0x8580, 1, 1, 0, 0)
    assert answer[12:].startswith(query()[12:] + b"\xc0\x0c")
    assert answer.endswith(struct.pack("!2HIH", 1, 1, 0, 4) + bytes([127, 0, 0, 1]))


@pytest.mark.parametrize("kind", [28, 15, 65])
def test_other_kinds_have_no_answer(kind: int) -> None:
    """That the name exists is said all the same, so that nobody looks further."""
    answer = resolve(query(kind))
    assert answer == struct.pack("!6H", 0xBEEF, 0x8580, 1, 0, 0, 0) + query(kind)[12:]


def test_options_are_left_alone() -> None:
    """What glibc and others add (EDNS) is not repeated."""
    assert resolve(query(more=b"\x00\x00\x29\x10\x00" + bytes(6))) == resolve(query())


@pytest.mark.parametrize("sent", [b"", query()[:-1], query()[:20], bytes(12), query(name=b"\xff" + NAME)])
def test_what_is_no_query_has_no_answer(sent: bytes) -> None:
    """Cut short, without a question, with a name longer than itself."""
    assert resolve(sent) == b""


@given(st.binary(max_size=80))
def test_any_bytes_do_no_harm(sent: bytes) -> None:
    """An answer repeats the number, or there is none."""
    assert resolve(sent)[:2] in {b"", sent[:2]}
