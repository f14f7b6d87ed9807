"""How a child reaches its fake where not by plain loopback: over TLS, or by production names through the proxy."""

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fake_idp.server_config import PRODUCTION_API, PRODUCTION_AUTHORITY, PRODUCTION_NAMES, ServerConfig, called_by

if TYPE_CHECKING:
    from blastiq_conformance.proxy.certificates import Certificates

# Another origin among the answered names, to which discovery and redirects lead a client.
ELSEWHERE = "elsewhere.example"


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


def origin(authority: str) -> str:
    """Give what precedes the path."""
    parts = urlsplit(authority)
    return f"{parts.scheme}://{parts.netloc}"
