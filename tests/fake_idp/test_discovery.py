"""The discovery document per flavour, member by member; the JWK set; their addresses and methods; the issuer."""

import json

import pytest

from fake_idp.oidc.keys import Keys
from fake_idp.server_config import Flavour
from tests.fake_idp.calls import FLAVOURS, claims, fake, flavoured, get, members, sign_in

IS4, V2, DUENDE = FLAVOURS
PATH = "/identity/.well-known/openid-configuration"
ISSUER = "https://www.blastiq.com/identity"

IS4_BYTES = (
    '{"issuer":"I","jwks_uri":"I/.well-known/openid-configuration/jwks","authorization_endpoint":"I/connect/authorize",'
    '"token_endpoint":"I/connect/token","userinfo_endpoint":"I/connect/userinfo",'
    '"end_session_endpoint":"I/connect/endsession","check_session_iframe":"I/connect/checksession",'
    '"revocation_endpoint":"I/connect/revocation","introspection_endpoint":"I/connect/introspect",'
    '"device_authorization_endpoint":"I/connect/deviceauthorization","frontchannel_logout_supported":true,'
    '"frontchannel_logout_session_supported":true,"backchannel_logout_supported":true,'
    '"backchannel_logout_session_supported":true,"scopes_supported":["openid","profile","cosmos","offline_access"],'
    '"claims_supported":["sub","name","family_name","given_name","middle_name","nickname","preferred_username",'
    '"profile","picture","website","gender","birthdate","zoneinfo","locale","updated_at"],'
    '"grant_types_supported":["authorization_code","client_credentials","refresh_token","implicit","password",'
    '"urn:ietf:params:oauth:grant-type:device_code"],"response_types_supported":["code","token","id_token",'
    '"id_token token","code id_token","code token","code id_token token"],'
    '"response_modes_supported":["form_post","query","fragment"],'
    '"token_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post"],'
    '"id_token_signing_alg_values_supported":["RS256"],"subject_types_supported":["public"],'
    '"code_challenge_methods_supported":["plain","S256"],"request_parameter_supported":true}'
).replace('"I', f'"{ISSUER}')
IS4_ORDER = list(json.loads(IS4_BYTES))
V2_ORDER = [*IS4_ORDER[:-4], "subject_types_supported", "id_token_signing_alg_values_supported", IS4_ORDER[-2]]
DUENDE_ADDS = {
    "device_authorization_endpoint": [
        "backchannel_authentication_endpoint",
        "pushed_authorization_request_endpoint",
        "require_pushed_authorization_requests",
    ],
    "token_endpoint_auth_methods_supported": [
        "revocation_endpoint_auth_methods_supported",
        "introspection_endpoint_auth_methods_supported",
    ],
    "id_token_signing_alg_values_supported": [
        "userinfo_signing_alg_values_supported",
        "introspection_signing_alg_values_supported",
    ],
    "request_parameter_supported": [
        "request_object_signing_alg_values_supported",
        "prompt_values_supported",
        "authorization_response_iss_parameter_supported",
        "backchannel_token_delivery_modes_supported",
        "backchannel_user_code_parameter_supported",
        "backchannel_authentication_request_signing_alg_values_supported",
        "dpop_signing_alg_values_supported",
    ],
}
DUENDE_ORDER = [name for known in IS4_ORDER for name in (known, *DUENDE_ADDS.get(known, ()))]


def test_bytes() -> None:
    """R60: the document of IdentityServer4 v4, byte for byte."""
    answer = get(fake(), PATH)
    assert (answer.status, answer.body) == (200, IS4_BYTES.encode())
    assert answer.headers.raw == (("Content-Type", "application/json; charset=UTF-8"),)


def test_one_document_for_all_who_ask() -> None:
    """Whoever keeps every exchange keeps the document once, and parses it once."""
    idp = fake()
    assert get(idp, PATH) is get(idp, PATH)


@pytest.mark.parametrize(("flavour", "order"), [(IS4, IS4_ORDER), (V2, V2_ORDER), (DUENDE, DUENDE_ORDER)])
def test_order(flavour: Flavour, order: list[str]) -> None:
    """Each flavour has its own members, in its own order; addresses stand below the issuer."""
    read = members(get(flavoured(flavour), PATH))
    assert list(read) == order
    places = [str(value) for name, value in read.items() if name.endswith(("endpoint", "_uri", "iframe"))]
    assert len(places) > 8
    assert all(place.startswith(ISSUER + "/") for place in places)


def test_what_duende_adds() -> None:
    """server.md 1.7: the values of its own members."""
    read = members(get(flavoured(DUENDE), PATH))
    signing = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
    expected = {
        "require_pushed_authorization_requests": False,
        "userinfo_signing_alg_values_supported": ["RS256"],
        "introspection_signing_alg_values_supported": ["RS256"],
        "request_object_signing_alg_values_supported": signing,
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "authorization_response_iss_parameter_supported": True,
        "backchannel_token_delivery_modes_supported": ["poll"],
        "backchannel_user_code_parameter_supported": True,
        "backchannel_authentication_request_signing_alg_values_supported": signing,
        "dpop_signing_alg_values_supported": signing,
    }
    assert {name: read[name] for name in expected} == expected
    everywhere = [name for name in read if "logout" in name and name.endswith("supported")]
    assert [read[name] for name in (*everywhere, "request_parameter_supported")] == [True] * 5


@pytest.mark.parametrize("path", [PATH, PATH + "/jwks"])
@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "OPTIONS"])
def test_other_methods(path: str, method: str) -> None:
    """R61: the documents are for GET alone."""
    answer = get(fake(), path, method)
    assert (answer.status, answer.body) == (405, b"")


@pytest.mark.parametrize(
    "path",
    [
        PATH + "/",
        "/" + PATH,
        "/.well-known/openid-configuration/identity",
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server",
        "/identity/.well-known/oauth-authorization-server",
        "/identity",
    ],
)
@pytest.mark.parametrize("flavour", FLAVOURS)
def test_other_addresses(flavour: Flavour, path: str) -> None:
    """R62, R70: any other address is not found, and there is nothing in the answer."""
    answer = get(flavoured(flavour), path)
    assert (answer.status, answer.body) == (404, b"")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (PATH.upper(), 200),
        (PATH.replace("o", "%6F"), 200),
        (PATH.replace("/open", "%2Fopen"), 404),
        ("/identity/x/.." + PATH.removeprefix("/identity"), 200),
        ("/x/%2e%2E/." + PATH, 200),
        (PATH + "/.", 404),
    ],
)
def test_path_in_any_spelling(path: str, status: int) -> None:
    """Paths are compared without case and with escapes undone, but for that of a slash, and dots (1.1)."""
    assert get(fake(), path).status == status


@pytest.mark.parametrize(("flavour", "status"), [(IS4, 404), (V2, 404), (DUENDE, 200)])
def test_authorization_server_metadata(flavour: Flavour, status: int) -> None:
    """Duende answers at RFC 8414's address too, unless the authority has a path."""
    path = "/.well-known/oauth-authorization-server"
    assert get(fake(flavour=flavour, authority="https://idp.example"), path).status == status
    assert get(flavoured(flavour), path + "/identity").status == 404


def test_addresses_are_spelled_as_called() -> None:
    """The endpoints stand below the address that was called, the issuer is in lower case."""
    idp = fake()
    idp.ports.add(8080)
    read = members(get(idp, "/IDENTITY/.well-known/openid-configuration", host="LOCALHOST:8080"))
    assert read["issuer"] == "http://localhost:8080/identity"
    assert read["token_endpoint"] == "http://LOCALHOST:8080/IDENTITY/connect/token"


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_type_of_the_key_set(flavour: Flavour) -> None:
    """Before v3 it has a media type of its own."""
    kind = "jwk-set+json" if flavour is V2 else "json"
    assert get(flavoured(flavour), PATH + "/jwks").headers.get("content-type") == f"application/{kind}; charset=UTF-8"


def test_moved_endpoint() -> None:
    """The token endpoint stands where the tenant puts it, with its query; the old address is gone."""
    idp = fake(token_path="/x/token", token_query="t=1&u=2")
    assert b'"token_endpoint":"' + ISSUER.encode() + rb"/x/token?t=1\u0026u=2" in get(idp, PATH).body
    assert get(idp, "/identity/x/token").status == 400
    assert get(idp, "/identity/connect/token").status == 404


@pytest.mark.parametrize(
    ("host", "issuer"),
    [
        ("127.0.0.1:4000", "http://127.0.0.1:4000/identity"),
        ("LOCALHOST:4000", "http://localhost:4000/identity"),
        ("[::1]:4000", "http://[::1]:4000/identity"),
        ("blast.localhost:4000", "http://blast.localhost:4000/identity"),
        ("127.0.0.1:4001", ISSUER),
        ("127.0.0.1", ISSUER),
        ("192.0.2.1:4000", ISSUER),
        ("www.blastiq.com", ISSUER),
        ("evil.example:4000", ISSUER),
        ("kit.test", "http://kit.test/identity"),
        ("", ISSUER),
    ],
)
def test_issuer(host: str, issuer: str) -> None:
    """The issuer is what was called where that is loopback at our port or an intercepted name, else the authority."""
    idp = fake(intercepted=frozenset({"kit.test"}))
    idp.ports.add(4000)
    for _ in range(2):
        assert members(get(idp, PATH, host=host))["issuer"] == issuer


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_an_issuer_may_end_in_a_slash(flavour: Flavour) -> None:
    """Where the product is configured so: in the document and in its tokens; all addresses stay as they are."""
    plain, slashed = fake(flavour=flavour), fake(flavour=flavour, issuer_slash=True)
    known, read = members(get(plain, PATH)), members(get(slashed, PATH))
    assert read == known | {"issuer": f"{known['issuer']}/"}
    token = sign_in(slashed)["access_token"]
    assert claims(token)["iss"] == read["issuer"]
    assert "//resources" not in str(claims(token).get("aud"))


def test_issuer_that_does_not_follow() -> None:
    """A tenant may keep its authority whatever was called."""
    idp = fake(follow_host=False, authority="https://Kit.Test/Identity/")
    idp.ports.add(80)
    assert members(get(idp, PATH, host="localhost"))["issuer"] == "https://kit.test/identity"


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_jwks(flavour: Flavour) -> None:
    """R63: public halves alone, in the product's order; the id in the flavour's case."""
    idp = flavoured(flavour)
    answer = get(idp, PATH + "/jwks")
    assert answer.status == 200
    modulus = idp.keys.current.public(flavour)["n"]
    kid = idp.keys.current.kid(flavour)
    assert kid == (kid.lower() if flavour is V2 else kid.upper())
    assert answer.body.decode() == (
        f'{{"keys":[{{"kty":"RSA","use":"sig","kid":"{kid}","e":"AQAB","n":"{modulus}","alg":"RS256"}}]}}'
    )


def test_jwks_after_rotation() -> None:
    """Rotated keys stay published, in order, until they are retired."""
    keys = Keys()
    idp = fake(keys=keys)
    old = keys.current
    new = keys.rotate()
    kids = [old.kid(IS4), new.kid(IS4)]

    def published() -> list[str]:
        return [key["kid"] for key in json.loads(get(idp, PATH + "/jwks").body)["keys"]]

    assert published() == kids
    keys.retire(old)
    assert published() == kids[1:]
