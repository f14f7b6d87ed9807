"""Resource indicators, which Duende alone looks at: which are known, and what is said of those that are not."""

from fake_idp.server_config import Flavour
from tests.fake_idp.calls import error, fake, flavoured, form, post, refresh, sign_in


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
