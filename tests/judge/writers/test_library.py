"""The fix for the library that was seen comes first; the others are named."""

import pytest

from blastiq_conformance.catalogue import catalogue
from blastiq_conformance.report.shape import ReportShape
from blastiq_conformance.writers.library import near_first
from blastiq_conformance.writers.terminal import write
from tests.judge.judged import AUDIENCE, SECRET, report

FIXES = {"axios": "a", "requests, httpx": "r", "authlib": "l", "golang.org/x/oauth2": "g", "openid-client 6": "o"}
FIXES |= {"Guzzle": "z", "Java": "j", "curl": "c", "Postman": "p", "Auth0 SDKs and samples": "0", "MSAL for .NET": "m"}


def sent_by(**headers: str) -> ReportShape:
    model = report(SECRET).to_model()
    model["exchanges"][0]["request"]["headers"] = [[name.replace("_", "-"), text] for name, text in headers.items()]
    return model


@pytest.mark.parametrize(
    ("header", "value", "libraries"),
    [
        ("User_Agent", "axios/1.7.2", "axios"),
        ("user_agent", "python-requests/2.32", "requests, httpx; authlib"),
        ("User_Agent", "python-httpx/0.27", "requests, httpx; authlib"),
        ("User_Agent", "Go-http-client/1.1", "golang.org/x/oauth2"),
        ("User_Agent", "openid-client/v6.8.2 (https://github.com/panva/openid-client)", "openid-client 6"),
        ("User_Agent", "GuzzleHttp/7", "Guzzle"),
        ("User_Agent", "Java-http-client/21.0.2", "Java"),
        ("User_Agent", "curl/8.5.0", "curl"),
        ("User_Agent", "PostmanRuntime/7.39.0", "Postman"),
        ("Auth0_Client", "eyJuYW1lIjoibm9kZS1hdXRoMCJ9", "Auth0 SDKs and samples"),
        ("x_client_SKU", "MSAL.NetCore", "MSAL for .NET"),
    ],
)
def test_a_library_is_known_by_its_mark(header: str, value: str, libraries: str) -> None:
    """By the User-Agent, or by a header that it alone has; what is built on it may be meant as well."""
    near, others = near_first(FIXES, sent_by(**{header: value}), 0)
    assert "; ".join(near) == libraries
    assert {*near, *others} == {*FIXES}


@pytest.mark.parametrize("agent", ["", "my-app/1.0", "xcurl/8"])
def test_nobody_knows_a_library_without_a_mark(agent: str) -> None:
    """Then all fixes are told, as ever."""
    assert near_first(FIXES, sent_by(User_Agent=agent), 0) == (FIXES, [])


def test_a_sample_for_auth0_is_known_by_its_audience() -> None:
    """Whatever library posts it: what is to be taken out stands in that sample."""
    model = report(AUDIENCE).to_model()
    model["exchanges"][0]["request"]["headers"] = [["User-Agent", "axios/1.7.2"]]
    assert [*near_first(FIXES, model, 0)[0]] == ["axios", "Auth0 SDKs and samples"]
    model["exchanges"][0]["request"]["headers"] = []
    near, others = near_first(FIXES, model, 0)
    assert (next(iter(near)), near == FIXES, others) == ("Auth0 SDKs and samples", True, [])


def test_a_library_without_a_fix_of_its_own_gets_no_other_one() -> None:
    """They are named, and folded as where one is meant; what is for any language is for it as well."""
    fixes = {"Postman": "p", "any language": "a", "own code": "o"}
    near, others = near_first(fixes, sent_by(User_Agent="axios/1.7.2"), 0)
    assert ([*near], others) == (["any language", "own code"], ["Postman"])


def test_a_finding_without_an_exchange_has_the_sender_of_the_others() -> None:
    """One program was played."""
    assert [*near_first(FIXES, sent_by(User_Agent="curl/8"), None)[0]] == ["curl"]


def test_the_others_are_folded() -> None:
    """Into one line that says where they are told."""
    text = write(report(SECRET.replace("Content-Type", "User-Agent: GuzzleHttp/7\nContent-Type"), ids=()).to_model())
    (block,) = [part for part in text.split("\n\n") if part.startswith("FAIL  BIQ209 client-secret-sent  MUST NOT")]
    assert "                 Guzzle: no client_secret among form_params" in block
    assert "simple-oauth2:" not in block
    assert " ".join(block.split()).count("Postman, simple-oauth2, authlib: blastiq explain BIQ209") == 1


def test_the_hints_that_were_missed_are_there() -> None:
    """For what people bring from other providers."""
    fixes = catalogue()["BIQ209"].fixes
    assert "None()" in fixes["openid-client 6"]
    assert "form_params" in fixes["Guzzle"]
    assert "untick" in fixes["Postman"]
    assert "PasswordTokenRequest" in fixes["IdentityModel"]
