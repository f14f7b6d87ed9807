"""A fake behind the proxy, and a client that knows both."""

import ssl
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from blastiq_conformance.proxy.certificates import Certificates
from blastiq_conformance.proxy.proxy import Gate, Proxy
from blastiq_conformance.runner.way import intercepted
from fake_idp.core import FakeIdp
from fake_idp.http.loop_thread import Listening
from fake_idp.http.server import Server
from fake_idp.journal import Entry
from fake_idp.server_config import PRODUCTION_NAMES, ServerConfig, ServiceUser

USER = ServiceUser(username="someone", password="something-long-enough")


@dataclass(frozen=True, kw_only=True)
class Behind:
    """What a test needs of it."""

    idp: FakeIdp
    gate: Gate
    opening: Listening
    http: httpx.Client

    def entries(self) -> list[Entry]:
        """Close the proxy, so that all is recorded, and give what was."""
        self.http.close()
        self.opening.close()
        return list(self.idp.journal.entries)


@contextmanager
def behind(folder: Path) -> Iterator[Behind]:
    """Open a fake, its two ports and the proxy; production names lead there."""
    certificates = Certificates(folder, PRODUCTION_NAMES)
    idp = FakeIdp(intercepted(ServerConfig(users=(USER,)), PRODUCTION_NAMES))
    trust = ssl.create_default_context(cafile=str(certificates.ca_file))
    with ExitStack() as stack:
        server = stack.enter_context(Server())
        secure = stack.enter_context(closing(server.serve(idp, tls=certificates.context())))
        plain = stack.enter_context(closing(server.serve(idp)))
        proxy = stack.enter_context(Proxy())
        gate = Gate(secure=secure.port, plain=plain.port)
        opening = stack.enter_context(closing(proxy.open(gate)))
        address = f"http://127.0.0.1:{opening.port}"
        http = stack.enter_context(httpx.Client(proxy=address, verify=trust, trust_env=False, timeout=5))
        yield Behind(idp=idp, gate=gate, opening=opening, http=http)
