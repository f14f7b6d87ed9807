"""The plugin beside others: unused, under xdist, with strict settings, next to other plugins."""

import pytest

pytestmark = pytest.mark.slow

_USES = """
import client
import pytest

@pytest.mark.parametrize("n", range(4))
def test_sign_in(blastiq_idp, blastiq_user, n):
    assert client.sign_in(blastiq_user)["token_type"] == "Bearer"

def test_live(blastiq_server):
    assert client.sign_in(blastiq_server.user, blastiq_server.authority)["expires_in"] == 3600
"""


def test_an_unused_plugin_imports_nothing_of_ours(suite: pytest.Pytester) -> None:
    """A plugin is paid for by every test run: unused, its one module is all that is loaded."""
    suite.makepyfile(
        test_it="""
        import sys

        def test_modules():
            heavy = {"httpx", "respx", "jwt", "h11", "click", "rich", "jinja2", "yaml", "trustme"}
            ours = {name for name in sys.modules if name.partition(".")[0] in {"blastiq_conformance", "fake_idp"}}
            plugin = "blastiq_conformance.plugin"
            assert ours == {"blastiq_conformance", plugin, f"{plugin}.pytest_plugin"}
            assert heavy & set(sys.modules) == set()
        """
    )
    result = suite.runpytest_subprocess("-p", "no:respx", "-p", "no:anyio", "-p", "no:recording", "-p", "no:xdist")
    result.assert_outcomes(passed=1)
    assert "BlastIQ" not in result.stdout.str()


def test_it_works_under_xdist(suite: pytest.Pytester) -> None:
    """Each worker has a server of its own."""
    suite.makepyfile(test_it=_USES)
    suite.runpytest_subprocess("-n", "2", "-W", "error").assert_outcomes(passed=5)


def test_it_works_with_every_warning_an_error_and_strict_settings(suite: pytest.Pytester) -> None:
    """The marker is registered, ids are unique, nothing warns."""
    suite.makepyfile(test_it=_USES)
    suite.makeini("[pytest]\naddopts = --strict-markers --strict-config\nxfail_strict = true\n")
    suite.runpytest("-W", "error").assert_outcomes(passed=5)


@pytest.mark.skipif(tuple(map(int, pytest.__version__.split(".")[:1])) < (9,), reason="strict is new in pytest 9")
def test_it_works_with_strict_mode(suite: pytest.Pytester) -> None:
    """Pytest 9's one switch for all strictness."""
    suite.makepyfile(test_it=_USES)
    suite.makeini("[pytest]\nstrict = true\n")
    suite.runpytest("-W", "error").assert_outcomes(passed=5)


def test_it_works_beside_async_and_random_order_plugins(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """pytest-asyncio, anyio, pytest-recording and pytest-randomly do not disturb it, nor it them."""
    suite.makepyfile(
        test_it=_USES,
        test_async="""
        import httpx
        import pytest

        URL = "https://www.blastiq.com/identity/.well-known/openid-configuration"

        @pytest.mark.asyncio
        async def test_asyncio(blastiq_idp):
            async with httpx.AsyncClient() as client:
                assert (await client.get(URL)).status_code == 200

        @pytest.mark.anyio
        @pytest.mark.parametrize("anyio_backend", ["asyncio"])
        async def test_anyio(blastiq_idp, anyio_backend):
            async with httpx.AsyncClient() as client:
                assert (await client.get(URL)).status_code == 200
        """,
    )
    monkeypatch.delenv("PYTEST_ADDOPTS")
    suite.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    suite.runpytest_subprocess("-W", "error").assert_outcomes(passed=7)


def test_property_tests_use_the_context_manager(suite: pytest.Pytester) -> None:
    """fake_blastiq() answers and judges inside one example."""
    suite.makepyfile(
        test_it="""
        import client
        import pytest
        from hypothesis import given, settings, strategies as st
        from blastiq_conformance import BlastiqViolation, fake_blastiq

        @settings(max_examples=5, deadline=None)
        @given(st.booleans())
        def test_property(flag):
            with fake_blastiq() as blastiq:
                assert client.sign_in(blastiq.user)["access_token"]

        def test_violation():
            with pytest.raises(BlastiqViolation, match="BIQ211"), fake_blastiq() as blastiq:
                client.sign_in(blastiq.user, audience="x")

        def test_expected():
            with fake_blastiq(expect=["BIQ211"]) as blastiq:
                client.sign_in(blastiq.user, audience="x")
        """
    )
    suite.runpytest().assert_outcomes(passed=3)
