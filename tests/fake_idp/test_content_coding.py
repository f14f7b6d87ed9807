"""Coded bodies become readable, and nothing raises."""

import gzip
import zlib
from base64 import b64encode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fake_idp.content_coding import WITHHELD, inflate, rewritten
from fake_idp.wire import Delivery, Ending, Headers, Response


@given(st.binary())
@example(b"x")
@example(b"x^")
def test_gzip_and_deflate_are_undone(body: bytes) -> None:
    """Either coding gives back what went in."""
    assert inflate(gzip.compress(body)) == body
    assert inflate(zlib.compress(body)) == body


def test_a_plain_body_stays() -> None:
    """A body that a recorder has unpacked is taken as it stands."""
    assert inflate(b'{"a":1}') == b'{"a":1}'


@pytest.mark.parametrize(
    ("delivery", "expected"),
    [
        pytest.param(Delivery(), {"a": 1}, id="whole"),
        pytest.param(Delivery(ending=Ending.CUT, after=3), None, id="cut"),
        pytest.param(Delivery(ending=Ending.RESET), None, id="nothing left"),
        pytest.param(Delivery(ending=Ending.CUT, after=100), {"a": 1}, id="cut after its end"),
    ],
)
def test_json_is_what_left(delivery: Delivery, expected: object) -> None:
    """The view of an answer shows what a client can have got of it."""
    assert Response(status=200, body=b'{"a":1}', delivery=delivery).json == expected


def test_json_sees_through_gzip() -> None:
    """An answer under gzip is read like any other."""
    headers = Headers.of({"Content-Encoding": "gzip"})
    assert Response(status=200, headers=headers, body=gzip.compress(b"[1]")).json == [1]


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("H4sIq3Lw8ZkP0xTnB5yVd7Rc", id="begins as gzip"),
        pytest.param("Zt5hUEsDBw9KdQ4rLm7VbY3s", id="holds what begins a zip"),
    ],
)
def test_a_drawn_value_is_not_taken_for_something_packed(value: str) -> None:
    """Any letters may be drawn for a password or the signature of a token; its body stays readable."""
    body = f"grant_type=password&password={value}&client_id=external.customer".encode()
    assert rewritten(body, lambda plain, _: plain) == body


@pytest.mark.parametrize("version", [10, 20, 45, 63])
def test_an_archive_in_base64_is_withheld(version: int) -> None:
    """Nothing here reads a zip, whatever version of the format it asks for."""
    packed = b64encode(b"PK\x03\x04" + bytes((version, 0)) + bytes(20))
    assert rewritten(b'{"file": "' + packed + b'"}', lambda plain, _: plain) == WITHHELD
