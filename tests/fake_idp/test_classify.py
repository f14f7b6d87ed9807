"""What a request is for, whatever is wrong with it."""

import pytest

from fake_idp.classify import Endpoints, Kind, classify
from fake_idp.wire import FORM, Headers, Request

METADATA = "/identity/.well-known/openid-configuration"
MOVED = Endpoints(token="/identity/x/token", api="")

ROWS: dict[str, tuple[str, Kind]] = {
    METADATA: ("discovery", Kind.DISCOVERY),
    METADATA.upper(): ("in other case", Kind.DISCOVERY),
    METADATA + "/": ("with a slash", Kind.DISCOVERY),
    "/.well-known/openid-configuration/identity": ("path-inserted", Kind.DISCOVERY),
    "/.well-known/oauth-authorization-server": ("RFC 8414", Kind.DISCOVERY),
    METADATA + "/jwks": ("keys", Kind.JWKS),
    "/identity/connect/token": ("token", Kind.TOKEN),
    "/Identity/Connect/Token?x=1": ("token in other case", Kind.TOKEN),
    "/connect/token/": ("token elsewhere", Kind.TOKEN),
    "/elsewhere?grant_type=password": ("token by its query", Kind.TOKEN),
    "/elsewhere?x=grant_type": ("no token", Kind.OTHER),
    "http://127.0.0.1:1/identity/connect/token": ("absolute", Kind.TOKEN),
    "/identity/connect/userinfo": ("userinfo", Kind.IDENTITY),
    "/identity/other": ("other", Kind.OTHER),
    "/api": ("api", Kind.API),
    "/API/v3": ("api below", Kind.API),
    "/apis": ("not the api", Kind.OTHER),
    "/favicon.ico": ("other", Kind.OTHER),
    "": ("nothing", Kind.OTHER),
}


@pytest.mark.parametrize(("target", "kind"), [(target, kind) for target, (_, kind) in ROWS.items()])
def test_by_target(target: str, kind: Kind) -> None:
    """The target alone names the kind."""
    assert classify(Request(method="GET", target=target), Endpoints()) is kind


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [(FORM, Kind.TOKEN), ("application/json", Kind.TOKEN), ("", Kind.TOKEN), ("image/png", Kind.OTHER)],
)
def test_by_body(media_type: str, kind: Kind) -> None:
    """A grant in the body is a token request, to whatever address it goes."""
    headers = Headers((("Content-Type", media_type),) if media_type else ())
    for body in (b"grant_type=password", b"Grant_Type=password"):
        request = Request(method="POST", target="/wrong", headers=headers, body=body)
        assert classify(request, Endpoints()) is kind


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("/identity/x/token", Kind.TOKEN),
        ("/identity/connect/userinfo", Kind.IDENTITY),
        ("/v3/blasts", Kind.API),
    ],
)
def test_moved_endpoints(target: str, kind: Kind) -> None:
    """Endpoints stand where the tenant puts them; an API at the root leaves the identity server its own."""
    assert classify(Request(method="GET", target=target), MOVED) is kind


@pytest.mark.parametrize(
    ("issuer", "token", "jwks", "expected"),
    [
        ("https://a.test/i/", "https://a.test/i/t?x=1", "", Endpoints(base="/i", token="/i/t", jwks=METADATA[9:])),
        ("https://a.test", "", "https://a.test/k", Endpoints(base="", token="/connect/token", jwks="/k")),
    ],
)
def test_learned(issuer: str, token: str, jwks: str, expected: Endpoints) -> None:
    """The paths are read from a discovery document, with the product's own where it is silent."""
    learned = Endpoints.learned(issuer=issuer, token_endpoint=token, jwks_uri=jwks)
    assert (learned.base, learned.token) == (expected.base, expected.token)
    assert learned.jwks == (jwks.removeprefix("https://a.test") or "/i/.well-known/openid-configuration/jwks")
