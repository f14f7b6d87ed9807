"""A verdict on nothing is not a verdict: tests whose client sent nothing, or past the fake, fail and say why."""

import pytest

pytestmark = pytest.mark.slow

_DIRECT = """
import asyncio, socket, urllib.request
import aiohttp, client, httpx, pytest, requests

URL = "https://www.blastiq.com/identity/.well-known/openid-configuration"

def by_requests():
    requests.get(URL)

def by_urllib():
    urllib.request.urlopen(URL)

def by_aiohttp():
    async def fetch():
        async with aiohttp.ClientSession(trust_env=True) as session:
            await session.get(URL)
    asyncio.run(fetch())

def by_socket():
    with socket.socket() as connection:
        connection.connect(("api.blastiq.com", 443))
"""


def test_a_test_that_sends_nothing_fails(suite: pytest.Pytester) -> None:
    """FAILED with what to do, for either fixture; the marker says where nothing is meant to be sent."""
    suite.makepyfile(
        test_it="""
        import httpx, pytest

        def test_idp(blastiq_idp):
            pass

        def test_server(blastiq_server):
            pass

        @pytest.mark.blastiq(traffic=False)
        def test_on_purpose(blastiq_idp, blastiq_server):
            pass

        def test_elsewhere(blastiq_idp):
            with pytest.raises(httpx.ConnectError):
                httpx.get("https://telemetry.example/")
        """
    )
    result = suite.runpytest("-W", "error")
    result.assert_outcomes(passed=1, failed=3)
    result.stdout.fnmatch_lines_random(
        [
            "*BlastiqUntested: there is nothing to judge: no request for BlastIQ reached*traffic=False*",
            "*only requests for telemetry.example.*",
        ]
    )


def test_one_fake_of_two_may_stay_silent(suite: pytest.Pytester) -> None:
    """A suite may ask for both fixtures everywhere."""
    suite.makepyfile(
        test_it="""
        import client

        def test_idp(blastiq_idp, blastiq_server, blastiq_user):
            client.sign_in(blastiq_user)
        """
    )
    suite.runpytest().assert_outcomes(passed=1)


@pytest.mark.parametrize("way", ["by_requests", "by_urllib", "by_aiohttp", "by_socket"])
@pytest.mark.parametrize("fixture", ["blastiq_idp", "blastiq_server"])
def test_no_other_library_leaves_for_production(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, way: str, fixture: str
) -> None:
    """Its call fails at the name, through a proxy too; swallowed, it fails the test all the same."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    suite.makepyfile(
        test_it=f"""{_DIRECT}
def test_it({fixture}, blastiq_user):
    client.sign_in({fixture}.user if "{fixture}" == "blastiq_server" else blastiq_user,
                   {fixture}.authority if "{fixture}" == "blastiq_server" else client.AUTHORITY)
    with pytest.raises(Exception, match="does not resolve in this test"):
        {way}()

def test_afterwards():
    for name in ("getaddrinfo", "gethostbyname"):
        assert getattr(socket, name).__module__ in ("socket", "_socket")
    assert "connect" not in vars(socket.socket)
"""
    )
    result = suite.runpytest()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*BlastiqUntested: *.blastiq.com was looked up past the fake*blastiq_server*"])


def test_the_fake_answers_by_all_names_of_the_product(suite: pytest.Pytester) -> None:
    """As `blastiq run --intercept` does: discovery names the host that was called, and the API has hosts of its own."""
    suite.makepyfile(
        test_it="""
        import client
        import pytest

        @pytest.mark.parametrize("stage", ["", "test"])
        def test_sign_in(blastiq_idp, blastiq_user, stage):
            authority = f"https://{stage or 'www'}.blastiq.com/identity"
            token = client.sign_in(blastiq_user, authority)["access_token"]
            assert client.call(token, f"https://api{stage}.blastiq.com/v3/blasts").status_code == 200
            hosts = [x.request.host for x in blastiq_idp.journal.exchanges]
            assert hosts == [f"{stage or 'www'}.blastiq.com"] * 2 + [f"api{stage}.blastiq.com"]
        """
    )
    suite.runpytest("-W", "error").assert_outcomes(passed=2)


def test_a_server_of_ones_own_is_not_looked_up_either(suite: pytest.Pytester) -> None:
    """The host of its authority is the product's too; this machine resolves as ever."""
    suite.makepyfile(
        test_it="""
        import socket
        import pytest
        from dataclasses import replace
        from fake_idp import ServerConfig

        @pytest.fixture
        def blastiq_config():
            return ServerConfig(authority="https://Idp.mine.example/identity", api_url="http://127.0.0.1:8080/api")

        @pytest.mark.blastiq(traffic=False)
        def test_it(blastiq_idp):
            for name in ("idp.mine.example", b"IDP.mine.example.", "www.blastiq.com"):
                with pytest.raises(socket.gaierror, match="does not resolve in this test"):
                    socket.getaddrinfo(name, 443)
            assert socket.getaddrinfo("127.0.0.1", 80)
        """
    )
    suite.runpytest().assert_outcomes(passed=1)


def test_the_context_manager_demands_traffic_too(suite: pytest.Pytester) -> None:
    """A block of a property test that sends nothing proves nothing."""
    suite.makepyfile(
        test_it="""
        import pytest, requests
        from blastiq_conformance import BlastiqUntested, fake_blastiq

        def test_nothing():
            with pytest.raises(BlastiqUntested, match="nothing to judge"), fake_blastiq():
                pass

        def test_past():
            with pytest.raises(BlastiqUntested, match="looked up past"), fake_blastiq():
                with pytest.raises(requests.ConnectionError):
                    requests.get("https://test.blastiq.com/identity")

        def test_on_purpose():
            with fake_blastiq(traffic=False):
                pass
        """
    )
    suite.runpytest("-W", "error").assert_outcomes(passed=3)
