"""What is read of the hello of a TLS client."""

import ssl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_idp.http.hello import is_hello, server_name


def hello_for(name: str | None) -> bytes:
    context = ssl.create_default_context()
    context.check_hostname = False
    outgoing = ssl.MemoryBIO()
    client = context.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname=name)
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    return outgoing.read()


HELLO = hello_for("www.blastiq.com")


def with_name(name: bytes) -> bytes:
    """Put any bytes of the right length in the place of a name."""
    usual = b"a" * len(name)
    return hello_for(usual.decode()).replace(usual, name)


@pytest.mark.parametrize("name", ["localhost", "www.blastiq.com", None])
def test_server_name_of_a_hello(name: str | None) -> None:
    """The name stands in the hello, or none; of a hello that is not whole nothing is told."""
    hello = hello_for(name)
    assert is_hello(hello)
    assert server_name(hello) == name
    assert all(server_name(hello[:end]) is None for end in range(len(hello)))


def test_server_name_loses_no_byte() -> None:
    """A name that is not ASCII is given all the same."""
    assert server_name(with_name(b"h\xc3\xa9l\xff.example")) == "h\xc3\xa9l\xff.example"


def test_server_name_of_a_hello_in_pieces() -> None:
    """A client may cut its hello into records of a few bytes (RFC 8446 5.1)."""
    hello = hello_for("www.blastiq.com")
    message = hello[5:]
    records = [b"\x16\x03\x01\x00" + bytes((len(piece),)) + piece for piece in batched(message, 20)]
    assert server_name(b"".join(records)) == "www.blastiq.com"
    assert server_name(b"".join(records[:-1])) is None


def batched(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


@given(st.binary(max_size=100))
def test_bytes_that_are_no_hello_have_no_name(data: bytes) -> None:
    """And to look for it never raises."""
    assert server_name(data) is None


@given(st.integers(0, 400), st.binary(min_size=1, max_size=4))
def test_a_broken_hello_never_raises(place: int, other: bytes) -> None:
    """Whatever stands in the place of some bytes of it."""
    server_name(HELLO[:place] + other + HELLO[place + len(other) :])
