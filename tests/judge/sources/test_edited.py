"""Whether recorded evidence is whole."""

import gzip

import pytest

from blastiq_conformance.sources.edited import foreign, request_losses
from blastiq_conformance.sources.recorded import to_response
from fake_idp.wire import Headers, Request


@pytest.mark.parametrize(
    "value",
    ["REDACTED", "[redacted]", "***", "XXXX", "<PASSWORD>", "[FILTERED]", "FIELD_3f", "Bearer REDACTED", "Basic ***",
     "(removed)", "PASSWORD_REMOVED", "__masked__", "•••••", "REDACTED-1", "value redacted"],
)  # fmt: skip
def test_placeholders_of_others_are_known(value: str) -> None:
    """What tools and people put in the place of a secret."""
    assert foreign(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "S001Y001N001O001N001Y001M001",
        "Bearer eyJ0eXAiOiJzdGFuZGluIDAwMSJ9.eyIwMDEiOiJzdGFuZGluIn0.S001Y001N001",
        "k7Fq2vN9",
        "**",
        "xx",
        "hiddenvalley",
        "cosmos",
    ],
)
def test_values_are_no_placeholders(value: str) -> None:
    """Our own stand-ins and real values are left alone."""
    assert not foreign(value)


@pytest.mark.parametrize(
    ("length", "edited"),
    [("9", True), ("10", False), ("", False), ("x", False), ("-1", False), ("٣", False), ("9" * 30, False)],
)
def test_the_length_is_believed_where_it_is_one(length: str, edited: bool) -> None:
    """A Content-Length that is not a number says nothing about the recording."""
    request = Request(method="POST", target="/", headers=Headers((("Content-Length", length),)), body=b"0123456789")
    assert bool(list(request_losses(request))) is edited


def test_json_bodies_are_looked_at_too() -> None:
    """A placeholder counts wherever the field was put."""
    request = Request(method="POST", target="/?a=***", body=b'{"password": "REDACTED", "n": 1}')
    assert [reason for _, reason in request_losses(request)] == [
        "a was replaced by a placeholder",
        "password was replaced by a placeholder",
    ]


def test_what_does_not_unpack_stays() -> None:
    """A body that is not a gzip, or would fill the memory, is kept as it is."""
    bomb = gzip.compress(bytes(20 * 1024 * 1024))
    for body, encoding in ((b"plain", "gzip"), (b"plain", "br"), (bomb, "gzip")):
        assert to_response(200, "OK", [("Content-Encoding", encoding)], body).body == body
