"""Two things are wrong with one request: which the product sees first, read in the order of its own checks."""

from urllib.parse import urlencode

import pytest

from fake_idp.core import FakeIdp
from fake_idp.oidc.keys import Keys
from fake_idp.server_config import Flavour, RefreshPolicy
from fake_idp.wire import FORM, Headers, Json, Request, Response
from tests.fake_idp.calls import (
    FLAVOURS,
    GOOD,
    basic,
    call,
    claims,
    error,
    fake,
    flavoured,
    form,
    members,
    post,
    refresh,
    sign_in,
)
from tests.fake_idp.person import ASKED, Person, asking, attended

TOKEN, REVOKE, INTROSPECT, DEVICE, CIBA, PUSH = (
    f"/identity/connect/{name}" for name in ("token", "revocation", "introspect", "deviceauthorization", "ciba", "par")
)
BROKEN = GOOD + "&note=%00"
STRANGER = basic("other", "secret")
UNKNOWN = (400, error("invalid_client"))


@pytest.mark.parametrize(
    ("path", "expected"),
    [(TOKEN, UNKNOWN), (REVOKE, UNKNOWN), (INTROSPECT, (401, b"")), (DEVICE, UNKNOWN)],
)
@pytest.mark.parametrize("flavour", FLAVOURS)
def test_an_unknown_client_in_basic_comes_before_a_form_that_cannot_be_read(
    flavour: Flavour, path: str, expected: tuple[int, bytes]
) -> None:
    """A secret in Basic ends the search for the client (SecretParser), so the form has not been read yet."""
    answer = post(flavoured(flavour), BROKEN, path, authorization=STRANGER)
    assert (answer.status, answer.body) == expected


@pytest.mark.parametrize("flavour", [Flavour.IS4, Flavour.IS4_V2])
def test_where_the_first_client_that_is_found_wins(flavour: Flavour) -> None:
    """Before v4 an id in Basic ends the search even without a secret."""
    answer = post(flavoured(flavour), BROKEN, authorization=basic("other", ""))
    assert (answer.status, answer.body) == (UNKNOWN if flavour is Flavour.IS4_V2 else (500, b""))


def test_where_the_form_is_read_before_the_client() -> None:
    """Duende's endpoint for pushed requests reads the form first (PushedAuthorizationEndpoint), that for CIBA last."""
    idp = attended(flavour=Flavour.DUENDE)
    assert post(idp, BROKEN, PUSH, authorization=STRANGER).status == 500
    answer = post(idp, BROKEN, CIBA, authorization=STRANGER)
    assert (answer.status, answer.body) == (401, error("invalid_client"))
    known = basic("external.customer", "secret")
    assert post(idp, BROKEN, CIBA, authorization=known).body == error("invalid_request")
    assert post(idp, BROKEN, DEVICE, authorization=known).body == error("invalid_request")


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_blank_secret_is_never_too_long(flavour: Flavour) -> None:
    """It counts as none before it is measured (BasicAuthenticationSecretParser), so the id beside it is found."""
    authorization = basic("external.customer", " " * 101)
    assert post(flavoured(flavour), form(client_id=None), authorization=authorization).status == 200


@pytest.mark.parametrize("changes", [{"grant_type": None}, {"grant_type": "x" * 101}, {"resource": "no URI"}], ids=str)
def test_two_proofs_come_before_the_grant(changes: dict[str, str | None]) -> None:
    """Duende's TokenEndpoint counts the headers before its validator sees the form; an unknown client comes first."""
    idp = flavoured(Flavour.DUENDE)
    words = error("invalid_request", "Too many DPoP headers provided.")
    assert _proved(idp, form(**changes), "a", "b").body == words
    assert _proved(idp, form(**changes, client_id="other"), "a", "b").body == error("invalid_client")


@pytest.mark.parametrize(
    ("proofs", "expected"),
    [
        (("a", "b"), error("invalid_request")),
        (("x" * 4001,), error("invalid_request", "Pushed authorization cannot use request_uri")),
    ],
    ids=["two", "too long"],
)
def test_proofs_of_a_pushed_request(proofs: tuple[str, ...], expected: bytes) -> None:
    """They are counted before `request_uri` is refused, without words, and measured after it, with words."""
    idp = attended(flavour=Flavour.DUENDE)
    assert _proved(idp, {**ASKED, "request_uri": "urn:x"}, *proofs, path=PUSH).body == expected
    too_long = error("invalid_dpop_proof", "DPoP proof token is too long")
    assert _proved(idp, {**ASKED, "scope": "other"}, "x" * 4001, path=PUSH).body == too_long


@pytest.mark.parametrize(
    ("scope", "resource", "expected"),
    [
        ("cosmos " * 50, "urn:x", "invalid_scope"),  # the length of the scopes
        ("cosmos other", "urn:x", "invalid_target"),  # then the resource
        ("cosmos other", "urn:cosmos", "invalid_scope"),  # then what the scopes are
        ("other", "urn:cosmos", "invalid_target"),  # no scope of that resource
        ("offline_access", "urn:cosmos", "invalid_target"),
    ],
)
def test_the_resource_is_looked_for_among_those_of_the_scopes(scope: str, resource: str, expected: str) -> None:
    """Duende (TokenRequestValidator, DefaultResourceValidator) knows the API's resource by the API's scopes alone."""
    idp = fake(flavour=Flavour.DUENDE, resource="urn:cosmos")
    assert post(idp, form(scope=scope, resource=resource)).body == error(expected)


def test_a_pushed_request_for_a_resource_that_no_scope_has() -> None:
    """The same at the authorize endpoint, in words (AuthorizeRequestValidator)."""
    idp = attended(flavour=Flavour.DUENDE, resource="urn:cosmos")
    words = error("invalid_target", "Invalid resource indicator")
    for scope in ("openid", "profile", "openid other"):
        assert post(idp, {**ASKED, "scope": scope, "resource": "urn:cosmos"}, PUSH).body == words


def test_a_refused_refresh_uses_nothing_up() -> None:
    """The product renews a token when it answers (TokenResponseGenerator), not when it checks the request."""
    idp = fake(flavour=Flavour.DUENDE, refresh_policy=RefreshPolicy.ONE_TIME)
    token = sign_in(idp)["refresh_token"]
    refused = members(refresh(idp, token, resource="urn:x"))
    assert refused["error"] == "invalid_target"
    assert refresh(idp, token).status == 200
    assert refresh(idp, token).body == error("invalid_grant")


@pytest.mark.parametrize(
    ("flavour", "changes", "words"),
    [
        (Flavour.DUENDE, {"client_id": "other"}, "Invalid ui_locales"),
        (Flavour.IS4, {"max_age": "soon"}, "Invalid ui_locales"),
        (Flavour.IS4, {"nonce": "n" * 301}, "Invalid nonce"),
    ],
    ids=str,
)
def test_when_ui_locales_are_measured(flavour: Flavour, changes: dict[str, str], words: str) -> None:
    """Duende does it before all else, for the language of its errors; IdentityServer4 after nonce and prompt."""
    assert words in _told(flavour, ui_locales="x" * 101, **changes)


@pytest.mark.parametrize(
    ("changes", "older", "newer"),
    [
        ({"client_id": "other", "redirect_uri": None}, "Invalid redirect_uri", "Unknown client"),
        (
            {"response_type": "id_token", "response_mode": "query"},
            "<code>unsupported_response_type</code>",
            "Invalid response_mode for response_type",
        ),
        ({"prompt": "none login", "max_age": "soon"}, "Invalid max_age", "Invalid prompt"),
    ],
    ids=str,
)
def test_what_the_older_product_sees_first(changes: dict[str, str | None], older: str, newer: str) -> None:
    """2.3.0 reads the address before the client, and a prompt as one word (AuthorizeRequestValidator)."""
    assert older in _told(Flavour.IS4_V2, **changes)
    assert newer in _told(Flavour.IS4, **changes)


@pytest.mark.parametrize(
    ("changes", "of_a_known_key", "of_an_unknown_key"),
    [
        ({"iss": "x", "aud": "y"}, "The audience 'y' is invalid", "The issuer 'x' is invalid"),
        ({"iss": "x", "aud": "y", "exp": 0, "nbf": 0}, *["The token expired at '01/01/1970 00:00:00'"] * 2),
    ],
    ids=str,
)
def test_which_claim_the_api_looks_at_first(
    changes: dict[str, Json], of_a_known_key: str, of_an_unknown_key: str
) -> None:
    """Lifetime, then audience, but the issuer where the key is unknown (JsonWebTokenHandler, InternalValidators)."""
    idp, stranger = fake(), Keys()
    told = {**claims(sign_in(idp)["access_token"]), **changes}
    for keys, words in ((idp.keys, of_a_known_key), (stranger, of_an_unknown_key)):
        token = keys.current.sign(told, flavour=Flavour.IS4, kind="at+jwt")
        header = call(idp, token).headers.get("www-authenticate")
        assert header == f'Bearer error="invalid_token", error_description="{words}"'


def _told(flavour: Flavour, **changes: str | None) -> str:
    person = Person(attended(flavour=flavour))
    return person.follow(person.visit(asking(**changes))).body.decode()


def _proved(idp: FakeIdp, fields: dict[str, str], *proofs: str, path: str = TOKEN) -> Response:
    headers = (("Host", "www.blastiq.com"), ("Content-Type", FORM), *(("DPoP", proof) for proof in proofs))
    return idp.handle(Request(method="POST", target=path, headers=Headers(headers), body=urlencode(fields).encode()))
