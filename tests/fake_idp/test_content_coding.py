"""Coded bodies become readable, and nothing raises."""

import base64
import gzip
import io
import zipfile
import zlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fake_idp.content_coding import PackedError, inflate, rewritten
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


@pytest.mark.parametrize("begins", ["H4sI", "UEsDB", "zH4sI", "zzUEsDB", "eJ"])
def test_what_only_begins_like_something_packed_stays(begins: str) -> None:
    """A drawn password and the signature of a token hold any characters of base64, and are not withheld for it."""
    body = f"grant_type=password&password={begins}dL9mTq4RvXw2KsYh7BnZp&client_id=external.customer".encode()
    assert rewritten(body, lambda plain, _: plain) == body


def test_an_archive_in_base64_cannot_be_read() -> None:
    """Nobody can say what is in it, wherever in a text it stands."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "k7Fq2vN9xW4mZ8tR1pLs")
    for before in ("", "file=", '{"a":"', "v1-"):
        with pytest.raises(PackedError):
            rewritten(before.encode() + base64.b64encode(file.getvalue()), lambda plain, _: plain)
