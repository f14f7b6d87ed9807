"""A fake behind the proxy, and a client that knows both."""

import ssl
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from blastiq_conformance.proxy.certificates import Certificates
from blastiq_conformance.runner.way import intercepted
from fake_idp.core import FakeIdp
from fake_idp.http.port import Limits
from fake_idp.http.server import Listener, Server
from fake_idp.journal import Entry
from fake_idp.server_config import PRODUCTION_NAMES, ServerConfig, ServiceUser

USER = ServiceUser(username="someone", password="something-long-enough")


@dataclass(frozen=True, kw_only=True)
class Behind:
    """What a test needs of it."""

    idp: FakeIdp
    opening: Listener
    http: httpx.Client

    def entries(self) -> list[Entry]:
        """Close the proxy, so that all is recorded, and give what was."""
        self.http.close()
        self.opening.close()
        return list(self.idp.journal.entries)


@contextmanager
def behind(folder: Path, limits: Limits | None = None) -> Iterator[Behind]:
    """Open a fake behind a proxy port; production names lead there."""
    certificates = Certificates(folder, PRODUCTION_NAMES)
    idp = FakeIdp(intercepted(ServerConfig(users=(USER,)), PRODUCTION_NAMES))
    trust = ssl.create_default_context(cafile=str(certificates.ca_file))
    with ExitStack() as stack:
        server = stack.enter_context(Server(limits=limits))
        opening = stack.enter_context(closing(server.serve(idp, tls=certificates.context(), proxied=True)))
        address = f"http://127.0.0.1:{opening.port}"
        http = stack.enter_context(httpx.Client(proxy=address, verify=trust, trust_env=False, timeout=5))
        yield Behind(idp=idp, opening=opening, http=http)
