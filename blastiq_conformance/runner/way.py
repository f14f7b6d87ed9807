"""How a child reaches its fake: plain loopback, loopback over TLS, or production names through the proxy."""

import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from blastiq_conformance.runner.bending import Bending
from blastiq_conformance.runner.target import Target
from blastiq_conformance.scenarios import Place
from fake_idp.http.lag import Lag
from fake_idp.http.port import Identify
from fake_idp.http.server import Listener, Server
from fake_idp.http.tls import Tls
from fake_idp.server_config import PRODUCTION_API, PRODUCTION_AUTHORITY, PRODUCTION_NAMES, ServerConfig, called_by

if TYPE_CHECKING:
    from blastiq_conformance.proxy.certificates import Certificates

# Another origin among the answered names, to which discovery and redirects lead a client.
ELSEWHERE = "elsewhere.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Where a child finds its fake: addresses, and what else its environment must hold.

    `ca_file` holds the kit's own authority; `withheld` are variables that a child must not have, whoever set them.
    """

    authority: str
    token_url: str
    api_url: str
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    ca_file: str = ""
    withheld: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How every variant of a run is reached: over TLS where there are certificates, through a proxy where by `names`.

    `lag` measures how late the server is.
    """

    server: Server
    lag: Lag
    certificates: "Certificates | None" = None
    names: tuple[str, ...] = ()

    def open(self, stack: ExitStack, bending: Bending, *, trusted: bool, identify: Identify) -> tuple[Way, Place]:
        """Open the ports of a fake that may be bent until the stack closes.

        `trusted`: the child is told to trust the kit's own authority. `identify` names the process behind each
        connection. The place is for faults that need the fake's addresses.
        """

        def serve(tls: Tls | None = None, *, proxied: bool = False) -> Listener:
            return stack.enter_context(closing(self.server.serve(idp, tls=tls, identify=identify, proxied=proxied)))

        idp, certificates = bending.idp, self.certificates
        listener = serve(certificates.chooser(lambda: bending.tls) if certificates else None, proxied=bool(self.names))
        if self.names:
            place = named_place(idp.config)
        else:
            beside = serve(certificates.context() if certificates else None)
            plain = serve().authority if certificates else ""
            place = Place(authority=listener.authority, elsewhere=beside.authority, plain=plain, now=time.time())
        here = origin(place.authority)
        way = Way(authority=place.authority, token_url=here + idp.endpoints.token, api_url=here + idp.endpoints.api)
        if certificates is None:
            return way, place
        from blastiq_conformance.proxy import CA_VARIABLES
        from blastiq_conformance.proxy.environment import variables

        way = replace(
            way,
            environment=variables(certificates, listener.port if self.names else None, trusted=trusted),
            ca_file=str(certificates.ca_file),
            withheld=frozenset() if trusted else frozenset(CA_VARIABLES),
        )
        return way, place


def open_ways(stack: ExitStack, target: Target) -> Ways:
    """Start what all variants of a run share; the stack ends it."""
    server = stack.enter_context(Server())
    names = tuple(name.lower() for name in target.intercept)
    certificates = certify(stack, names) if target.secured else None
    return Ways(server=server, lag=server.lag, certificates=certificates, names=names)


def certify(stack: ExitStack, names: Sequence[str]) -> "Certificates":
    """Make certificates for these names, in a folder that is removed when the stack closes."""
    from blastiq_conformance.proxy.certificates import Certificates

    # Private by itself: mkdtemp gives 0700.
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="blastiq-ca-")))
    return Certificates(folder, (*names, ELSEWHERE) if names else ())


def intercepted(config: ServerConfig, names: Sequence[str]) -> ServerConfig:
    """Make a configuration answer under these names, if any: the first is the authority's, the API's is below `api`."""
    if not names:
        return config
    first = names[0]
    return replace(
        called_by(config, (*names, ELSEWHERE)),
        authority=PRODUCTION_AUTHORITY.replace(PRODUCTION_NAMES[0], first),
        api_url=PRODUCTION_API.replace(PRODUCTION_NAMES[0], first),
        refuse_others=True,
    )


def named_place(config: ServerConfig) -> Place:
    """Give the addresses of a fake behind a proxy: names, none of them the port's."""
    plain = config.authority.replace("https://", "http://", 1)
    elsewhere = f"https://{ELSEWHERE}{config.base}"
    return Place(authority=config.authority, elsewhere=elsewhere, plain=plain, now=time.time())


def origin(authority: str) -> str:
    """Give what precedes the path."""
    parts = urlsplit(authority)
    return f"{parts.scheme}://{parts.netloc}"
