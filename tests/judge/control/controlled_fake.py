"""A fake on a port with its control surface, and a client that signs in to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from blastiq_conformance.control.surface import HEADER, ROOT, Surface
from blastiq_conformance.runner.controller import Controller
from fake_idp.core import FakeIdp
from fake_idp.http.server import Listener, Server
from fake_idp.server_config import ServerConfig, ServiceUser

USER = ServiceUser(username="svc@mine.example", password="k7Fq2vN9xW4mZ8tR1pLs")
TOKEN = "the-control-token"


@dataclass(frozen=True)
class ControlledFake:
    """What a test holds in its hands."""

    idp: FakeIdp
    controller: Controller
    listener: Listener
    http: httpx.Client

    def tell(
        self, method: str, path: str, *, token: str | None = TOKEN, content: str = "", host: str | None = None
    ) -> httpx.Response:
        """Use the control surface, by another name than the usual one where `host` is given."""
        headers = ({} if token is None else {HEADER: token}) | ({} if host is None else {"Host": host})
        return self.http.request(method, f"{self.listener.origin}{ROOT}/{path}", headers=headers, content=content)

    def discover(self) -> httpx.Response:
        """Ask for the discovery document."""
        return self.http.get(self.listener.discovery_url)

    def sign_in(self, url: str = "") -> httpx.Response:
        """Ask for a token."""
        fields = {"grant_type": "password", "username": USER.username, "password": USER.password}
        return self.http.post(url or self.listener.token_url, data=fields | {"client_id": "external.customer"})

    def token(self) -> str:
        """Sign in and give the access token."""
        return str(self.sign_in().json()["access_token"])

    def call(self, token: str) -> int:
        """Call the API and give the status."""
        return self.http.get(self.listener.api_url, headers={"Authorization": f"Bearer {token}"}).status_code


@contextmanager
def controlled_fake() -> Iterator[ControlledFake]:
    """Open a fake; afterwards no port of it is left."""
    idp = FakeIdp(ServerConfig(users=(USER,)))
    controller = Controller(idp)
    surface = Surface(
        token=TOKEN,
        controller=controller,
        journal=lambda: "{}\n",
        report=lambda form: f'{{"form": "{form}"}}\n',
        events=lambda: lambda: b"data: {}\n\n",
        hosts=frozenset({"blastiq", "192.0.2.7", "2001:db8::7"}),
    )
    with Server() as server, httpx.Client(trust_env=False, timeout=60) as http:
        listener = controller.open(server, routes=surface.routes)
        yield ControlledFake(idp=idp, controller=controller, listener=listener, http=http)
        controller.close()
        assert idp.ports == set()
