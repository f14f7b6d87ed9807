"""What `blastiq_server` can be told while a test runs."""

import pytest

_SIGN_IN = """
import client
import httpx
import pytest
from fake_idp import Fault
from fake_idp.classify import Kind

def token(server, **more):
    return client.sign_in(server.user, server.authority, **more).get("access_token")

"""


def test_tokens_die_when_told(suite: pytest.Pytester) -> None:
    """The API answers 401 to those that were issued, and 200 to the next."""
    suite.makepyfile(
        test_it=f"""{_SIGN_IN}
def test_renewal(blastiq_server):
    old = token(blastiq_server)
    blastiq_server.expire_tokens()
    assert client.call(old, blastiq_server.api_url).status_code == 401
    assert client.call(token(blastiq_server), blastiq_server.api_url).status_code == 200
"""
    )
    suite.runpytest().assert_outcomes(passed=1)


def test_faults_come_and_go_when_told(suite: pytest.Pytester) -> None:
    """Each is counted from when it was told."""
    suite.makepyfile(
        test_it=f"""{_SIGN_IN}
def test_outage(blastiq_server):
    url = blastiq_server.authority + "/.well-known/openid-configuration"
    blastiq_server.fault(Fault(endpoint=Kind.DISCOVERY, status=503, calls=[1]))
    assert [httpx.get(url).status_code for _ in range(2)] == [503, 200]
    blastiq_server.fault(Fault(endpoint=Kind.DISCOVERY, status=500))
    assert httpx.get(url).status_code == 500
    blastiq_server.clear_faults()
    assert httpx.get(url).status_code == 200
    assert client.call(token(blastiq_server), blastiq_server.api_url).status_code == 200
"""
    )
    suite.runpytest().assert_outcomes(passed=1)


def test_a_scenario_bends_the_fake_and_names_the_rules(suite: pytest.Pytester) -> None:
    """From then on; what was seen before is judged as before. An unknown one is an error that lists them."""
    suite.makepyfile(
        test_it=f"""{_SIGN_IN}
def test_good(blastiq_server):
    assert token(blastiq_server)
    blastiq_server.scenario("wrong-password")
    assert token(blastiq_server) is None
    blastiq_server.scenario("issuer-mismatch", "other-origin")
    url = blastiq_server.authority + "/.well-known/openid-configuration"
    assert httpx.get(url).json()["issuer"] != blastiq_server.authority
    blastiq_server.scenario("sign-in")
    assert client.call(token(blastiq_server), blastiq_server.api_url).status_code == 200
    seen = {{x.scenario for x in blastiq_server.journal.exchanges}}
    assert seen == {{"", "wrong-password", "issuer-mismatch", "sign-in"}}
    with pytest.raises(ValueError, match="known are sign-in"):
        blastiq_server.scenario("no-such")

@pytest.mark.blastiq(expect=["BIQ211"])
def test_before(blastiq_server):
    token(blastiq_server, audience="x")
    blastiq_server.scenario("sign-in")
    client.call(token(blastiq_server), blastiq_server.api_url)

@pytest.mark.blastiq(expect=["BIQ211"])
def test_after(blastiq_server):
    blastiq_server.scenario("sign-in")
    client.call(token(blastiq_server, audience="x"), blastiq_server.api_url)
"""
    )
    suite.runpytest().assert_outcomes(passed=3)


def test_a_marked_scenario_knows_its_place(suite: pytest.Pytester) -> None:
    """And can be left for another; every port is closed in the end."""
    suite.makepyfile(
        test_it=f"""{_SIGN_IN}
@pytest.mark.blastiq(scenario="endpoint-moved")
def test_moved(blastiq_server):
    url = blastiq_server.authority + "/.well-known/openid-configuration"
    moved = httpx.get(url).json()["token_endpoint"]
    assert not moved.endswith("/connect/token")
    assert blastiq_server.env["BLASTIQ_TOKEN_URL"] == moved
    blastiq_server.scenario("sign-in")
    assert httpx.get(url).json()["token_endpoint"].endswith("/connect/token")
"""
    )
    suite.runpytest().assert_outcomes(passed=1)
