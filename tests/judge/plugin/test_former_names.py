"""Former names that a suite may still use, each with a warning that says the new one."""

import pytest


def test_the_former_name_of_the_config_still_works(suite: pytest.Pytester) -> None:
    """What overrides blastiq_tenant, or asks for it, works as before and is told the new name."""
    suite.makepyfile(
        test_it="""
        import client, fake_idp, pytest

        @pytest.fixture
        def blastiq_tenant():
            with pytest.warns(DeprecationWarning, match="ServerConfig"):
                return fake_idp.Tenant(access_token_lifetime=120)

        def test_lifetime(blastiq_idp, blastiq_user):
            assert client.sign_in(blastiq_user)["expires_in"] == 120
        """,
        test_reader="""
        def test_reader(blastiq_tenant, blastiq_config):
            assert blastiq_tenant is blastiq_config
        """,
    )
    suite.runpytest("-W", "default").assert_outcomes(passed=2, warnings=2)
