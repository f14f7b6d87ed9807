"""Forms as ASP.NET's reader takes them: charsets, media types, values that come more than once."""

import pytest

from fake_idp.oidc.form import form_type, read_pairs
from fake_idp.server_config import Flavour, ServiceUser
from fake_idp.wire import FORM, Headers, Request
from tests.fake_idp.calls import CLIENT, FLAVOURS, GOOD, error, fake, flavoured, post


def typed(*types: str, body: bytes = b"a=1") -> Request:
    return Request(
        method="POST",
        target="/identity/connect/token",
        headers=Headers((("Host", "www.blastiq.com"), *(("Content-Type", each) for each in types))),
        body=body,
    )


@pytest.mark.parametrize(
    ("charset", "value", "read"),
    [
        ("iso-8859-1", b"caf\xe9+x", "café x"),
        ("Latin1", b"caf\xe9", "café"),
        ('"iso-8859-1"', "café".encode(), "café"),
        ("iso-8859-1", b"caf%C3%A9%2B", "café+"),
        ("iso-8859-1", b"caf%E9", "caf%E9"),
        ("us-ascii", "café".encode(), "caf?"),
        ("utf-8", "café".encode(), "café"),
        ("bogus", "café".encode(), "café"),
        ("windows-1252", "café".encode(), "café"),
        ("utf-7", b"a+AOk-", "a AOk-"),
    ],
)
def test_charset(charset: str, value: bytes, read: str) -> None:
    """The text is read in the charset of the type, escapes are UTF-8 always; what .NET does not know is UTF-8."""
    (pair,) = read_pairs(typed(f"{FORM}; charset={charset}", body=b"v=" + value))
    assert (pair.name, pair.value) == ("v", read)


@pytest.mark.parametrize("charset", ["utf-16", "utf-16le", "utf-16BE", "utf-32"])
def test_wide_charsets(charset: str) -> None:
    """Separators are as wide as all else; without an order of bytes the little end comes first."""
    order = "utf-16-be" if charset == "utf-16BE" else "utf-32-le" if charset == "utf-32" else "utf-16-le"
    pairs = read_pairs(typed(f"{FORM}; charset={charset}", body="a=é&&b".encode(order)))
    assert [(pair.name, pair.value, pair.bare) for pair in pairs] == [("a", "é", False), ("b", "", True)]


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (b"%ff", "%FF"),
        (b"%C3%A9%E9", "é%E9"),
        (b"%E2%82", "%E2%82"),
        (b"%ED%A0%80", "%ED%A0%80"),
        (b"\xe9%20", "\ufffd "),
        (b"\xef\xbf\xbd", "\ufffd"),
        (b"%zz+%", "%zz %"),
    ],
)
def test_escapes_that_are_not_utf_8_stay(sent: bytes, read: str) -> None:
    """Only escapes of whole characters are decoded; bytes that are no escapes are replaced."""
    assert [pair.value for pair in read_pairs(typed(FORM, body=b"v=" + sent))] == [read]


_BROKEN = {"NUL": b"token=%00", "many": b"&" * 1025, "long name": b"a" * 2049}


@pytest.mark.parametrize("body", _BROKEN.values(), ids=_BROKEN)
@pytest.mark.parametrize(
    ("path", "duende"),
    [
        ("token", 400),
        ("deviceauthorization", 400),
        ("introspect", 400),
        ("revocation", 400),
        ("userinfo", 500),
        ("authorize", 500),
    ],
)
def test_a_form_that_cannot_be_read(path: str, duende: int, body: bytes) -> None:
    """The exception is 500 unless the endpoint catches it: some of Duende do, with an error where they have one."""
    for flavour in FLAVOURS:
        answer = post(flavoured(flavour), body, f"/identity/connect/{path}")
        status = duende if flavour is Flavour.DUENDE else 500
        says_error = status == 400 and path in {"token", "deviceauthorization"}
        assert (answer.status, answer.body) == (status, error("invalid_request") if says_error else b"")


@pytest.mark.parametrize("path", ["ciba", "par"])
def test_a_form_that_cannot_be_read_at_duendes_own_endpoints(path: str) -> None:
    """Backchannel authentication catches it, pushed authorization does not."""
    answer = post(flavoured(Flavour.DUENDE), b"a=%00", f"/identity/connect/{path}")
    assert (answer.status, answer.body) == ((400, error("invalid_request")) if path == "ciba" else (500, b""))


def test_a_nul_of_another_charset() -> None:
    """Only the decoder of UTF-8 and ASCII refuses a NUL."""
    assert read_pairs(typed(f"{FORM}; charset=iso-8859-1", body=b"a=%00"))[0].value == "\0"


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_sign_in_in_latin_1(flavour: Flavour) -> None:
    """A password as it stands on a page in latin-1 is the right one, where the charset is said."""
    idp = fake(flavour=flavour, users=(ServiceUser(username="odd", password="é ü"),))
    body = "grant_type=password&client_id=external.customer&username=odd&password=é+ü".encode("latin-1")
    assert post(idp, body, content_type=f"{FORM}; charset=iso-8859-1").status == 200
    assert post(idp, body).status == 400


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_two_media_types(flavour: Flavour) -> None:
    """Two headers cannot be read as one type, even where they say the same."""
    answer = flavoured(flavour).handle(typed(FORM, FORM, body=GOOD.encode()))
    assert (answer.status, answer.body) == (400, error("invalid_request"))


@pytest.mark.parametrize(
    ("media_type", "taken"),
    [
        (FORM, True),
        (f"{FORM};", True),
        (f"{FORM} ; x=y; z", True),
        (f'{FORM}; x="a;b,c"', True),
        (FORM.upper(), True),
        (f"{FORM};;", False),
        (f"{FORM}, text/plain", False),
        (f"{FORM}; x=y, z", False),
        ("multipart/form-data; boundary=b", False),
    ],
)
def test_media_type(media_type: str, *, taken: bool) -> None:
    """The whole header must be a media type."""
    assert (form_type(typed(media_type), Flavour.IS4) is not None) is taken


def test_multipart_before_v4() -> None:
    """It was a form too, wherever one is wanted."""
    request = typed("multipart/form-data; boundary=b")
    assert [form_type(request, flavour) is not None for flavour in FLAVOURS] == [False, True, False]


def test_no_form_has_no_fields() -> None:
    """What has another type is not read."""
    assert read_pairs(typed("text/plain", body=GOOD.encode())) == ()
    assert (
        post(fake(), {"token": "x", **CLIENT}, "/identity/connect/revocation", content_type="text/plain").status == 415
    )
