"""Recordings of servers that are none of the products: each difference that a person found is named."""

import json
from functools import cache
from pathlib import Path

import pytest

from blastiq_conformance.config.likeness import open_likeness, write
from blastiq_conformance.fidelity.comparison import compare_all
from blastiq_conformance.fidelity.likeness import read_likeness
from blastiq_conformance.sources import read
from fake_idp.server_config import Flavour, TokenShape

FOLDER = Path(__file__).parent / "foreign"
MOCK, PROVIDER = "oauth2-mock-server-8.2.3", "oidc-provider-mock-0.3.4"
NO_STORE = "no-store, no-cache, max-age=0"

# Read off the recordings by hand: the question, the trait, what the server has, and what IdentityServer4 has.
FOUND: dict[str, tuple[tuple[str, str, str | int | None, str | int | None], ...]] = {
    MOCK: (
        ("discovery", "access-control-allow-origin", "*", None),
        ("discovery", "content-type", "application/json; charset=utf-8", "application/json; charset=UTF-8"),
        ("discovery", "body token_endpoint", '"http://localhost:18551/token"', '"/connect/token"'),
        ("discovery", "body userinfo_endpoint", '"http://localhost:18551/userinfo"', '"/connect/userinfo"'),
        ("discovery", "body response_types_supported", '["code"]', "…"),
        ("discovery", "body token_endpoint_auth_methods_supported", '["none"]', "…"),
        ("discovery", "body scopes_supported", None, "…"),
        ("discovery", "body check_session_iframe", None, "…"),
        ("discovery", "body device_authorization_endpoint", None, "…"),
        ("discovery HEAD", "status", 200, 405),
        ("key set", "body keys 0 members", "kty n e kid alg", "kty use kid e n alg"),
        ("key set", "body keys 0 kid", "80 hex", "32 HEX"),
        ("sign-in", "cache-control", "no-store", NO_STORE),
        ("sign-in", "body members", "access_token token_type expires_in id_token refresh_token", "…"),
        ("sign-in", "body access_token header members", "typ kid alg", "alg kid typ"),
        ("sign-in", "body access_token header typ", '"JWT"', '"at+jwt"'),
        ("sign-in", "body access_token claims members", "iss iat exp nbf sub amr", "…"),
        ("sign-in", "body access_token claims aud", None, '"cosmos"'),
        ("sign-in", "body access_token claims nbf seconds", -10, 0),
        ("sign-in", "body refresh_token", "36 base64url", "64 HEX"),
        ("sign-in", "body scope", None, '"cosmos offline_access"'),
        ("sign-in with scope", "body access_token claims scope", '"cosmos"', '["cosmos"]'),
        ("no grant type", "body error", '"invalid_request"', '"unsupported_grant_type"'),
        ("no grant type", "body error_description", "\"Invalid 'grant_type' type\"", None),
        ("unknown grant type", "body error", '"invalid_grant"', '"unsupported_grant_type"'),
        ("unknown client", "status", 200, 400),
        ("token GET", "status", 404, 400),
        ("json", "status", 200, 400),
        ("refresh", "body scope", '"dummy"', '"cosmos offline_access"'),
        ("refresh unknown", "status", 200, 400),
        ("userinfo without token", "status", 200, 401),
        ("userinfo", "status", 200, 403),
    ),
    PROVIDER: (
        ("discovery", "content-type", "application/json", "application/json; charset=UTF-8"),
        ("discovery", "body registration_endpoint", '"/oauth2/clients"', None),
        ("discovery", "body token_endpoint", '"/oauth2/token"', '"/connect/token"'),
        ("discovery", "body grant_types_supported", '["authorization_code", "refresh_token"]', "…"),
        ("discovery", "body introspection_endpoint", None, "…"),
        ("discovery", "body code_challenge_methods_supported", None, "…"),
        ("discovery POST", "allow", "HEAD, GET, OPTIONS", None),
        ("discovery slash", "content-type", "text/html; charset=utf-8", None),
        ("key set", "body keys 0 members", "e kid kty n", "kty use kid e n alg"),
        ("key set", "body keys 0 kid", "43 base64url", "32 HEX"),
        ("sign-in by password", "body error", '"unsupported_grant_type"', '"invalid_grant"'),
        ("no grant type", "cache-control", "no-store", NO_STORE),
        ("token GET", "status", 405, 400),
        ("token GET", "allow", "POST, OPTIONS", None),
        ("authorize", "location", "http://127.0.0.1:9/cb", "/home/error"),
        ("code", "body members", "access_token expires_in id_token refresh_token scope token_type", "…"),
        ("code", "body access_token", "42 base64url", None),
        ("code", "body refresh_token", "48 base64url", "64 HEX"),
        ("code", "body scope", '"openid profile"', '"openid profile offline_access"'),
        ("code", "body id_token header members", "typ alg", "alg kid typ"),
        ("code", "body id_token claims members", "exp iss iat auth_time aud nonce at_hash sub", "…"),
        ("code", "body id_token claims aud", '["external.customer"]', '"external.customer"'),
        ("code", "body id_token claims amr", None, '["pwd"]'),
        ("code again", "body error_description", "\"Invalid 'code' in request.\"", None),
        ("refresh", "body members", "access_token expires_in scope token_type", "…"),
        ("refresh", "body refresh_token", None, "64 HEX"),
        ("refresh unknown", "body error_description", '"invalid refresh token"', None),
        ("userinfo without token", "www-authenticate", "…", 'Bearer realm="IdentityServer",error="invalid_token"'),
        ("userinfo without token", "body error", '"missing_authorization"', None),
        ("userinfo", "status", 400, 200),
    ),
}


@cache
def named(file: str) -> dict[tuple[str, str], tuple[object, object]]:
    path = FOLDER / f"{file}.har"
    questions = [each["comment"] for each in json.loads(path.read_text(encoding="utf-8"))["log"]["entries"]]
    comparison = compare_all(read(path), Flavour.IS4)
    assert comparison.skipped == 0
    return {
        (questions[int(each.source.rpartition("#")[2]) - 1], each.trait): (each.recorded, each.own)
        for answer in comparison.differing
        for each in answer
    }


@pytest.mark.parametrize(
    ("file", "found"),
    [(file, found) for file, several in FOUND.items() for found in several],
    ids=lambda each: each if isinstance(each, str) else " ".join(each[:2]),
)
def test_what_a_person_finds_is_named(file: str, found: tuple[str, str, object, object]) -> None:
    """With both values; of a long one, that it is there."""
    question, trait, theirs, products = found
    recorded, own = named(file)[question, trait]
    assert theirs in {"…", recorded}
    assert products in {"…", own}


@pytest.mark.parametrize("file", FOUND)
def test_what_is_written_of_a_mock_is_read_again(file: str, tmp_path: Path) -> None:
    """Whatever it has of its own."""
    likeness = read_likeness(read(FOLDER / f"{file}.har"), file)
    (written := tmp_path / "like.toml").write_text(write(likeness), encoding="utf-8")
    assert open_likeness(written).taken == likeness.taken


def test_a_fake_can_be_set_up_like_a_mock() -> None:
    """As far as what differs is none of the products' own doing."""
    mock = read_likeness(read(FOLDER / f"{MOCK}.har"), MOCK).shown
    assert (mock.base, mock.token_path, mock.identity_tokens) == ("", "/token", True)
    assert "check_session_iframe" in mock.customs.document.less
    provider = read_likeness(read(FOLDER / f"{PROVIDER}.har"), PROVIDER).shown
    assert provider.token_shape is TokenShape.OPAQUE
    assert "registration_endpoint" in provider.customs.document.more
