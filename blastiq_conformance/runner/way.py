"""How a child reaches its fake: plain loopback, loopback over TLS, or production names through the proxy."""

import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from blastiq_conformance.scenarios import Place, TlsFault, Variant
from fake_idp.http.server import Listener
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


def find_way(listener: Listener, certificates: "Certificates | None", *, by_name: bool, variant: Variant) -> Way:
    """Say how a child finds the fake behind a port, and whether it is to trust the kit's own authority."""
    idp = listener.idp
    authority = idp.config.authority if by_name else listener.authority
    here = origin(authority)
    way = Way(authority=authority, token_url=here + idp.endpoints.token, api_url=here + idp.endpoints.api)
    if certificates is None:
        return way
    from blastiq_conformance.proxy import CA_VARIABLES
    from blastiq_conformance.proxy.environment import variables

    trusted = is_vouched_for(variant)
    return replace(
        way,
        environment=variables(certificates, listener.port if by_name else None, trusted=trusted),
        ca_file=str(certificates.ca_file),
        withheld=frozenset() if trusted else frozenset(CA_VARIABLES),
    )


def is_vouched_for(variant: Variant) -> bool:
    """Whether the child is told to trust the kit's authority: not where that signed none of the certificates it sees.

    For some libraries a variable that names a CA file switches checks on again that the program had switched off:
    requests does so with `session.verify`.
    """
    foreign = variant.tls in {TlsFault.UNTRUSTED, TlsFault.SELF_SIGNED}
    return not foreign or variant.tls_after is not None


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
