"""Fields of a token request wherever they were put: what a rule reads of each."""

import json

import pytest

from blastiq_conformance.catalogue.example_messages import renewal, story
from blastiq_conformance.evidence.quotation import Text
from fake_idp.secrets.basic import pair_of
from fake_idp.wire import Json
from tests.judge.example import read_example


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("a b", "a b"),
        ("", ""),
        (None, ""),
        (42, "42"),
        (1.5, "1.5"),
        (False, "false"),
        (["cosmos", "ö"], '["cosmos", "ö"]'),
        ({"a": None}, '{"a": null}'),
    ],
    ids=repr,
)
def test_a_json_member_has_the_value_that_was_sent(sent: Json, read: str) -> None:
    """A value that is not text is shown as JSON writes it; null is present and empty (N5)."""
    body = json.dumps({"grant_type": "password", "scope": sent}, ensure_ascii=False)
    text = f"POST /identity/connect/token\nContent-Type: application/json\n\n{body}\nHTTP/1.1 400 Bad Request\n\n"
    (request,) = read_example(text).token_requests
    assert (request.value("scope"), request.value("audience")) == (read, None)


@pytest.mark.parametrize(
    ("header", "read"),
    [
        ("Basic dTpw", ("u", "p")),
        ("bASIC  dTpw ", ("u", "p")),
        ("Basic dTpw!", None),
        ("Basic d*Tpw", None),
        ("Basic dTp", None),
        ("Basic dXA=", None),
        ("Bearer dTpw", None),
    ],
)
def test_basic_credentials_are_base64_with_a_colon(header: str, read: tuple[str, str] | None) -> None:
    """What is neither is no such header: RFC 7617 2."""
    assert pair_of(header) == read


def test_a_multipart_field_is_quoted_with_its_value() -> None:
    """It has no equals sign, and is not bare for that."""
    body = '--x\nContent-Disposition: form-data; name="scope"\n\ncosmos\n--x--'
    head = "POST /identity/connect/token\nContent-Type: multipart/form-data; boundary=x"
    (request,) = read_example(f"{head}\n\n{body}\nHTTP/1.1 400 Bad Request\n\n").token_requests
    assert [Text(request.quote(item)) for item in request.fields] == ["scope=cosmos (multipart field 1 of 1)"]


@pytest.mark.parametrize(
    ("fields", "flow", "code"),
    [
        ("grant_type=authorization_code&code=c", "attended", True),
        ("grant_type=authorization_code&code=c", "unattended", False),
        ("code=c", "attended", True),
        ("code=c&password=p", "attended", False),
        ("grant_type=password&password=p", "attended", False),
    ],
)
def test_who_presents_a_code(fields: str, flow: str, code: bool) -> None:
    """Only where people sign in, and never with a password beside it."""
    text = f"{renewal(fields)}\nHTTP/1.1 400 Bad Request\n\n"
    (request,) = read_example(story(f"facts: flow = {flow}", text)).token_requests
    assert (request.is_code_exchange, request.is_refresh) == (code, False)
