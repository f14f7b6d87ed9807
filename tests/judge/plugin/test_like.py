"""A suite whose fake is like a recorded authority, or that is judged by an edition of its own."""

import pytest

from blastiq_conformance import editions


def test_the_tenant_is_like_a_recorded_one(suite: pytest.Pytester) -> None:
    """By a setting or an option; the header of the run says so, and a file that is none ends it."""
    suite.makefile(".toml", like="access_token_lifetime = 120")
    suite.makepyfile(
        test_it="""
        import client

        def test_lifetime(blastiq_idp, blastiq_user):
            assert client.sign_in(blastiq_user)["expires_in"] == 120
        """
    )
    result = suite.runpytest("-o", "blastiq_like=like.toml")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["blastiq: The fake was set up like *like.toml: access token lifetime 120."])
    result = suite.runpytest("--blastiq-like", "absent.toml")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --blastiq-like: *absent.toml cannot be read: *"])


def test_an_edition_is_chosen_for_all_tests(suite: pytest.Pytester) -> None:
    """By option or setting, and one that there is none of is named."""
    suite.makepyfile("import client\n\ndef test_it(blastiq_idp, blastiq_user):\n    client.sign_in(blastiq_user)\n")
    suite.runpytest("--blastiq-edition", editions.CURRENT).assert_outcomes(passed=1)
    suite.makeini("[pytest]\nblastiq_edition = 1999-01\n")
    result = suite.runpytest()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f"*there is no edition '1999-01'; known are {editions.CURRENT}*"])
