"""How the product reads a form request: which client it finds, and which body it takes for a form."""

import pytest

from fake_idp.oidc.attempt import parse_basic
from fake_idp.server_config import Flavour, Mode, ServiceUser
from tests.fake_idp.calls import basic, error, fake, flavoured, form, post

BASIC_SECRET = basic("external.customer", "secret")
IS4, V2, DUENDE = Flavour


@pytest.mark.parametrize(("flavour", "status"), [(IS4, 400), (V2, 200), (DUENDE, 400)])
def test_multipart(flavour: Flavour, status: int) -> None:
    """R09: before v4 a multipart form is a form, and one that cannot be read an exception (server.md 1.1)."""
    parts = [f'--x\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in form().items()]
    body = ("".join(parts) + "--x--\r\n").encode()
    assert post(flavoured(flavour), body, content_type="multipart/form-data; boundary=x").status == status
    broken = 500 if flavour is V2 else 400
    assert post(flavoured(flavour), body, content_type="multipart/form-data").status == broken
    assert post(flavoured(flavour), body[:-4], content_type="multipart/form-data; boundary=x").status == broken


def part(head: str, value: str = "") -> str:
    return f"--x\r\n{head}\r\n\r\n{value}\r\n"


PARTS = "".join(part(f'Content-Disposition: form-data; name="{name}"', value) for name, value in form().items())


@pytest.mark.parametrize(
    "before",
    [
        pytest.param("", id="nothing"),
        pytest.param('name="client_id"\r\n\r\nother\r\n', id="a preamble is not a part (RFC 2046 5.1.1)"),
        pytest.param(part("Content-Type: text/plain", "other"), id="a part without a name"),
        pytest.param('--x\r\nContent-Disposition: form-data; name="client_id"\r\n', id="a part without a value"),
    ],
)
@pytest.mark.parametrize("boundary", ["x", '"x"', "x; charset=utf-8", '"x";charset=utf-8'])
def test_multipart_is_read_part_by_part(before: str, boundary: str) -> None:
    """R09: what is not a field is passed over, and the boundary may be quoted."""
    body = f"{before}{PARTS}--x--\r\n".encode()
    assert post(flavoured(V2), body, content_type=f"Multipart/Form-Data; Boundary={boundary}").status == 200


def test_multipart_values_are_whole() -> None:
    """R09: a value ends before the last line break, which is the boundary's; names and values are UTF-8."""
    fields = form(password="geheim \u00e9\r\n")
    parts = [part(f'Content-Disposition: form-data; name="{name}"', value) for name, value in fields.items()]
    idp = fake(flavour=V2, users=(ServiceUser(username=fields["username"], password=fields["password"]),))
    answer = post(idp, ("".join(parts) + "--x--").encode(), content_type="multipart/form-data; boundary=x")
    assert answer.status == 200


@pytest.mark.parametrize("flavour", list(Flavour))
def test_multipart_is_refused_where_a_form_is_demanded(flavour: Flavour) -> None:
    """R09: mode reject names the media type before it reads anything."""
    answer = post(
        flavoured(flavour, Mode.REJECT), f"{PARTS}--x--".encode(), content_type="multipart/form-data; boundary=x"
    )
    assert (answer.status, b"Content-Type: send application/x-www-form-urlencoded" in answer.body) == (400, True)


@pytest.mark.parametrize(("body_id", "status"), [("external.customer", 200), ("other", 400)])
def test_two_clients(body_id: str, status: int) -> None:
    """R21: without a secret the body's client counts, with one the header's."""
    assert post(fake(), form(client_id=body_id), authorization=basic("unknown", "")).status == status
    assert post(fake(), form(client_id=body_id), authorization=BASIC_SECRET).status == 200
    assert post(fake(), form(client_id="external.customer"), authorization=basic("unknown", "x")).status == 400


def test_basic_is_form_decoded() -> None:
    """The id in the header is decoded as a form value."""
    assert post(fake(), form(client_id=None), authorization=basic("external%2Ecustomer", "")).status == 200


@pytest.mark.parametrize("header", [basic(" ", "x"), basic("x" * 101, ""), basic("external.customer", "x" * 101)])
def test_basic_that_is_no_client(header: str) -> None:
    """A blank or long id, or a long secret, is not a client at all."""
    assert post(fake(), form(client_id=None), authorization=header).body == error("invalid_client")


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (basic("a", "b:c"), ("a", "b:c")),
        ("bAsIc YTpi", ("a", "b")),
        ("Basic YTo=", ("a", "")),
        ("Basic YQ==", None),
        ("Basic YTpi?", None),
        ("Basic é", None),
        ("Bearer YTpi", None),
        ("Basic", None),
        (None, None),
    ],
)
def test_parse_basic(header: str | None, found: tuple[str, str] | None) -> None:
    """A header is read as the product reads it, and what is malformed is not a header."""
    assert parse_basic(header) == found
