"""What the authorize endpoint brings the client, by redirect or in a form; a page for a person brings nothing."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blastiq_conformance.evidence.browser_answer import brought
from fake_idp.journal import Exchange
from fake_idp.oidc.attended import pages
from fake_idp.wire import Headers, Response
from tests.judge.example import read_example

CALLBACK = "http://127.0.0.1:1/callback"
ASKED = read_example("GET /identity/connect/authorize").exchanges[0]


def answered(response: Response | None) -> Exchange:
    return replace(ASKED, response=response)


def led(location: str) -> Response:
    return Response(status=302, headers=Headers((("Location", location),)))


@pytest.mark.parametrize(
    ("response", "members"),
    [
        pytest.param(led(f"{CALLBACK}?code=A&state=b+c"), {"code": "A", "state": "b c"}, id="query"),
        pytest.param(led(f"{CALLBACK}?a=1#code=A&state="), {"a": "1", "code": "A"}, id="fragment"),
        pytest.param(led("com.example.app:/back?code=A&code=B"), {"code": "A"}, id="private-scheme"),
        pytest.param(led("/identity/account/login?code=A"), {}, id="login"),
        pytest.param(led("http://[?code=A"), {}, id="no-address"),
        pytest.param(pages.hand_over(CALLBACK, {"code": "A", "state": ""}), {"code": "A"}, id="form"),
        pytest.param(pages.hand_over("http://[", {"code": "A"}), {}, id="form-without-address"),
        pytest.param(pages.login(username="code", problem=""), {}, id="login-page"),
        pytest.param(pages.signed_out(), {}, id="page"),
        pytest.param(Response(status=200, body=b"<form action=http://a/>"), {}, id="no-page"),
        pytest.param(None, {}, id="nothing"),
    ],
)
def test_the_members_are_read(response: Response | None, members: dict[str, str]) -> None:
    """From query, fragment or form, where they lead to the client; blank ones are as absent."""
    assert brought(answered(response)) == members


@given(members=st.dictionaries(st.sampled_from(["code", "state", "iss", "error"]), st.text(min_size=1)))
def test_a_form_gives_back_what_was_put_in(members: dict[str, str]) -> None:
    """Whatever the client sent as its state: it is escaped, and read as a browser reads it."""
    sent = {name: value for name, value in members.items() if value.strip() and value.isprintable()}
    assert brought(answered(pages.hand_over(CALLBACK, sent))) == sent
