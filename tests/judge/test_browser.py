"""The kit's own browser: it signs in like a person, follows where that leads, and says what went wrong."""

import os
import subprocess
import sys
from collections.abc import Iterator
from threading import Event
from urllib.parse import parse_qsl

import pytest

from blastiq_conformance.programs import browser
from blastiq_conformance.programs.browser import Browser, BrowserError, Form
from fake_idp.core import FakeIdp
from fake_idp.http.port import Route
from fake_idp.http.server import Server
from fake_idp.server_config import ServerConfig, ServiceUser, for_people
from fake_idp.wire import Request, Response
from tests.fake_idp.person import asking

PERSON = ServiceUser(username="somebody", password="p&ss w=rd é")
ENVIRONMENT = {"BLASTIQ_USERNAME": PERSON.username, "BLASTIQ_PASSWORD": PERSON.password}


class Application:
    """Where the sign-in leads to: it keeps what the browser brings."""

    def __init__(self) -> None:
        self.arrived = Event()
        self.visits: list[Request] = []

    def receive(self, request: Request) -> Response:
        self.visits.append(request)
        self.arrived.set()
        return Response(status=200, body=b"You can close this page.")


@pytest.fixture
def application() -> Application:
    return Application()


@pytest.fixture
def addresses(application: Application) -> Iterator[tuple[str, str]]:
    """The authority of a fake at which PERSON may sign in, and the application's redirect address."""
    with Server() as server:
        routes: dict[str, Route] = {"/callback": application.receive}
        listening = server.serve(FakeIdp(ServerConfig()), routes=routes)
        idp = server.serve(FakeIdp(for_people(ServerConfig(users=(PERSON,)))))
        yield idp.origin, f"{listening.origin}/callback"
        idp.close()
        listening.close()


@pytest.mark.parametrize("mode", ["query", "form_post"])
def test_it_signs_in_and_follows(application: Application, addresses: tuple[str, str], mode: str) -> None:
    """Login, consent, and the code reaches the application."""
    idp, callback = addresses
    end = Browser(ENVIRONMENT).browse(idp + asking(redirect_uri=callback, response_mode=mode))
    assert end.startswith(callback)
    (visit,) = application.visits
    brought = dict(parse_qsl(visit.query_string or visit.body.decode()))
    assert (brought["state"], len(brought["code"])) == ("the state", 64)


def test_wrong_credentials_end_it(addresses: tuple[str, str]) -> None:
    """They are not tried again, and are not in the text."""
    idp, callback = addresses
    with pytest.raises(BrowserError, match="does not accept") as caught:
        Browser({**ENVIRONMENT, "BLASTIQ_PASSWORD": "wrong-password"}).browse(idp + asking(redirect_uri=callback))
    assert "wrong-password" not in str(caught.value)


def test_a_refusal_ends_it(addresses: tuple[str, str]) -> None:
    """The page's title says what it is."""
    with pytest.raises(BrowserError, match="without a form: Sign-in refused"):
        Browser(ENVIRONMENT).browse(addresses[0] + asking(client_id="other"))


def test_a_private_scheme_is_named(addresses: tuple[str, str]) -> None:
    """No program here would know it: the text says what to do instead."""
    with pytest.raises(BrowserError, match=r"com\.example\.app: .*loopback"):
        Browser(ENVIRONMENT).browse(addresses[0] + asking(redirect_uri="com.example.app:/callback"))


def test_nobody_listening_is_named_without_the_code() -> None:
    """The text has the origin alone."""
    with pytest.raises(BrowserError, match=r"^http://127\.0\.0\.1:1 could not be loaded \(URLError\)$"):
        Browser(ENVIRONMENT).browse("http://127.0.0.1:1/?code=secret")


def test_a_server_that_goes_round_in_circles_is_left() -> None:
    """Six pages, then it ends."""
    with Server() as server:
        page = Response(status=200, body=b"<form method=post><button>Go on</button></form>")
        routes: dict[str, Route] = {"/round": lambda _: page}
        listener = server.serve(FakeIdp(ServerConfig()), routes=routes)
        with pytest.raises(BrowserError, match="too many pages"):
            Browser(ENVIRONMENT).browse(f"{listener.origin}/round")
        listener.close()


def test_a_form_is_read_as_a_person_would_use_it() -> None:
    """Its fields, hidden ones with their values, and the first button; the second form is none of its business."""
    form = Form(
        "<title> A\n page</title><input name=outside type=hidden value=x>"
        "<form action='/go?a=1&amp;b=2'><input name=token type=hidden value='a&quot;b'><input type=email name=user>"
        "<input name=other><input type=PASSWORD name=pass><input type=checkbox name=stay>"
        "<input type=submit name=answer value=yes><button name=answer value=no>No</button></form>"
        "<form action=/elsewhere><input type=hidden name=z value=z></form>"
    )
    assert (form.title.split(), form.action) == (["A", "page"], "/go?a=1&b=2")
    assert (form.username, form.password) == ("user", "pass")
    assert form.fields == {"token": 'a"b', "answer": "yes"}


def test_a_page_without_a_form_has_none() -> None:
    """And a button without a name sends nothing."""
    assert not Form("<p>Hello</p>").found
    assert Form("<form><button>Go</button></form>").fields == {}


def test_it_needs_an_address() -> None:
    """Of a kind that it can open."""
    assert browser.main(["--help", "ftp://a.example/"], {}).startswith("browser: expected an address")


@pytest.mark.parametrize("mode", ["query", "form_post"])
@pytest.mark.parametrize(("arguments", "visits"), [([], 1), (["--reload"], 2)])
def test_it_stays_until_it_has_been_there(
    application: Application, addresses: tuple[str, str], arguments: list[str], visits: int, mode: str
) -> None:
    """As a process in the background would; it may load the last page twice, by GET or POST as before."""
    idp, callback = addresses
    asked = idp + asking(redirect_uri=callback, response_mode=mode)
    assert browser.main(["--stay", *arguments, asked], ENVIRONMENT) == ""
    assert [(x.method, x.target, x.body) for x in application.visits] == [
        (x.method, x.target, x.body) for x in application.visits[:1] * visits
    ]


def test_what_went_wrong_is_told() -> None:
    """As a line for stderr."""
    assert browser.main(["--stay", "http://127.0.0.1:1/"], ENVIRONMENT).startswith("browser: http://127.0.0.1:1 could")


def test_nobody_waits_for_it(application: Application, addresses: tuple[str, str]) -> None:
    """The command ends at once, and the browser goes on in the background."""
    idp, callback = addresses
    words = [sys.executable, "-m", "blastiq_conformance.programs.browser", idp + asking(redirect_uri=callback)]
    done = subprocess.run(words, env={**os.environ, **ENVIRONMENT}, capture_output=True, check=True, timeout=20)
    assert (done.stdout, done.stderr) == (b"", b"")
    assert application.arrived.wait(20)
