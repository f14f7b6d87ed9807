"""What a person types and reads at the terminal of a fake."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_idp.command_line import parse_user
from fake_idp.console import called_names, random_user, reach_warning, start_text
from fake_idp.core import FakeIdp
from fake_idp.http.server import Server
from fake_idp.journal import Journal
from fake_idp.secrets.search import Secret
from fake_idp.server_config import ANY_NAME, ServerConfig, ServiceUser, for_people

USER = ServiceUser(username="svc", password="just-a-word")

NAMES = st.text(st.characters(blacklist_characters=":", blacklist_categories=["Cs"]), max_size=100).filter(str.strip)
PASSWORDS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=100).filter(str.strip)


@pytest.mark.parametrize(
    ("text", "username", "password", "site"),
    [
        pytest.param("u:p", "u", "p", "site-1", id="short"),
        pytest.param("u:p:s", "u", "p", "s", id="site"),
        pytest.param("u:p:q:", "u", "p:q", "site-1", id="colon-in-password"),
        pytest.param("u:p:q:s", "u", "p:q", "s", id="colon-in-password-and-site"),
    ],
)
def test_user(text: str, username: str, password: str, site: str) -> None:
    """A user is name, password and perhaps a site."""
    user = parse_user(text)
    assert (user.username, user.password, user.site) == (username, password, site)


@given(name=NAMES, password=PASSWORDS)
def test_any_password_can_be_given(name: str, password: str) -> None:
    """With a colon at the end any password can be written."""
    user = parse_user(f"{name}:{password}:")
    assert (user.username, user.password) == (name, password)


@pytest.mark.parametrize("text", ["", "u", "u:", ":p", "::", "u::s", " :p", "u: "])
def test_incomplete_user(text: str) -> None:
    """A user without name or password is refused."""
    with pytest.raises(ValueError, match="expected NAME:PASSWORD"):
        parse_user(text)


@pytest.mark.parametrize("text", [f"{'u' * 101}:p", f"u:{'p' * 101}"], ids=["name", "password"])
def test_user_who_could_never_sign_in(text: str) -> None:
    """The product refuses what is longer than 100 characters, so nobody is told that it was accepted."""
    with pytest.raises(ValueError, match="at most 100 characters") as refused:
        parse_user(text)
    assert "ppp" not in str(refused.value)
    assert parse_user(f"{'u' * 100}:{'p' * 100}").password == "p" * 100


@pytest.mark.parametrize(
    ("given", "text"),
    [
        pytest.param(True, "Try it, with the password in the variable PASSWORD:", id="given"),
        pytest.param(False, "Try it:", id="made"),
    ],
)
def test_start_says_what_to_try(*, given: bool, text: str) -> None:
    """What can be copied needs nothing that was not named before."""
    with Server() as server:
        listener = server.serve(FakeIdp())
        lines = start_text(listener, USER, given=given).splitlines()
    assert text in lines
    assert any("Bearer $TOKEN" in line and listener.api_url in line for line in lines)
    assert (USER.password in "".join(lines)) is not given


def test_where_people_sign_in_no_password_grant_is_tried() -> None:
    """It would be a finding: the text has the address for a browser instead."""
    with Server() as server:
        text = start_text(server.serve(FakeIdp(for_people(ServerConfig()))), USER, given=False)
    assert "grant_type=password" not in text
    assert "/connect/authorize?response_type=code&" in text
    assert USER.password in text


def test_random_user_is_issued() -> None:
    """A random user is long enough to be found in any text, needs no quotes, and is known as the kit's own."""
    journal = Journal()
    user = random_user(journal)

    assert min(len(user.username), len(user.password)) >= 20
    assert shlex.quote(user.password) == user.password
    assert journal.issued == (Secret("username", user.username), Secret("password", user.password))
    assert random_user(journal).password != user.password


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_loopback_needs_no_warning(host: str) -> None:
    """Nobody else reaches loopback."""
    assert reach_warning(host) == ""


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "box.example", ""])
def test_reachable_address_is_warned_of(host: str) -> None:
    """Any other address is named in a plain warning."""
    assert reach_warning(host).startswith(f"WARNING: {host or 'every address'} can be reached by other machines.")


@pytest.mark.parametrize(
    ("host", "names"),
    [
        pytest.param("127.0.0.1", set(), id="loopback"),
        pytest.param("Box.example", {"box.example"}, id="name"),
        pytest.param("192.168.1.5", {"192.168.1.5"}, id="address"),
        pytest.param("0.0.0.0", {ANY_NAME}, id="every"),
    ],
)
def test_issuer_follows_the_names_of_the_address(host: str, names: set[str]) -> None:
    """A fake that others can reach answers under the name by which they call it."""
    assert called_names(host) == names
