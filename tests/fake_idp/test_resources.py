"""Resource indicators, which Duende alone looks at: which are known, and what is said of those that are not."""

import pytest

from fake_idp.server_config import Flavour
from tests.fake_idp.calls import claims, error, fake, flavoured, form, members, post, refresh, sign_in
from tests.fake_idp.person import Person, asking, attended, sent_back
from tests.fake_idp.test_attended_code import exchanging


def test_the_resource_of_the_api_is_known() -> None:
    """R29: Duende refuses another resource, not this one; it is measured before it is compared."""
    idp = fake(flavour=Flavour.DUENDE, resource="urn:cosmos")
    assert post(idp, form(resource="urn:cosmos")).status == 200
    longest = post(idp, form(resource="urn:" + "x" * 508))
    assert longest.body == error("invalid_target")


def test_the_resource_of_a_refresh_is_refused_in_words() -> None:
    """R29: after the refresh token has been found good, as Duende does; IdentityServer4 does not look."""
    for flavour, expected in (
        (Flavour.DUENDE, error("invalid_target", "Invalid resource indicator.")),
        (Flavour.IS4, None),
    ):
        idp = flavoured(flavour)
        answer = refresh(idp, sign_in(idp)["refresh_token"], resource="urn:x")
        assert (answer.body if expected else answer.status) == (expected or 200)
        assert refresh(idp, "AB", resource="urn:x").body == error("invalid_grant")


@pytest.mark.parametrize(
    ("flavour", "resource", "scope"),
    [
        (Flavour.DUENDE, "urn:cosmos", "cosmos offline_access"),
        (Flavour.DUENDE, "urn:x", "offline_access"),
        (Flavour.IS4, "urn:x", "openid profile cosmos offline_access"),
    ],
)
def test_the_resource_of_a_code_narrows_the_token(flavour: Flavour, resource: str, scope: str) -> None:
    """Duende gives a token for that resource, known or not; the id_token and what a refresh brings stay as they are."""
    idp = attended(flavour=flavour, resource="urn:cosmos")
    code = sent_back(Person(idp).sign_in(asking()))["code"]
    answer = members(post(idp, exchanging(code, resource=resource)))
    assert (answer["scope"], "id_token" in answer) == (scope, True)
    assert claims(answer["access_token"]).get("aud") == ("urn:cosmos" if "cosmos" in scope else None)
    renewed = members(refresh(idp, answer["refresh_token"]))
    assert renewed["scope"] == "openid profile cosmos offline_access"
    other = members(refresh(idp, renewed["refresh_token"], resource="urn:other"))
    assert ("not match" in str(other.get("error_description"))) is (flavour is Flavour.DUENDE)
