"""What a request is for: discovery, token, jwks, api or other; decided here alone, live and recorded."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from fake_idp.wire import FORM, Request

WELL_KNOWN = "/.well-known/openid-configuration"
AUTHORIZATION_SERVER_PATH = "/.well-known/oauth-authorization-server"

# Media types in which a client may ask for a token, by mistake or not.
_TELLING = frozenset({FORM, "application/json", "multipart/form-data", "text/plain", None})


class Kind(StrEnum):
    """What a request is for."""

    DISCOVERY = "discovery"
    TOKEN = "token"  # noqa: S105 - the name of an endpoint
    JWKS = "jwks"
    IDENTITY = "identity"  # userinfo, introspection, revocation, authorize: its other endpoints, its pages
    API = "api"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """Paths as the configuration or a recorded discovery document names them; compared without case, as in the product.

    On `api_hosts` the API stands at the root.
    """

    base: str = "/identity"
    token: str = "/identity/connect/token"  # noqa: S105 - the path of an endpoint
    jwks: str = "/identity/.well-known/openid-configuration/jwks"
    api: str = "/api"
    api_hosts: frozenset[str] = frozenset()

    @classmethod
    def learned(cls, *, issuer: str, token_endpoint: str, jwks_uri: str = "") -> "Endpoints":
        """Take the paths from the members of a discovery document."""
        base = urlsplit(issuer).path.rstrip("/")
        return cls(
            base=base,
            token=urlsplit(token_endpoint).path or f"{base}/connect/token",
            jwks=urlsplit(jwks_uri).path or f"{base}{WELL_KNOWN}/jwks",
        )


def classify(request: Request, endpoints: Endpoints) -> Kind:
    """Name the kind of a request; a wrong path or method never hides a sign-in or a discovery attempt."""
    path = request.path.lower()
    if path == endpoints.token.lower():
        return Kind.TOKEN
    if path == endpoints.jwks.lower():
        return Kind.JWKS
    if WELL_KNOWN in path or AUTHORIZATION_SERVER_PATH in path:
        return Kind.JWKS if path.endswith("/jwks") else Kind.DISCOVERY
    # A token request to an address that discovery does not name must still be seen: BIQ103.
    if path.rstrip("/").endswith("/connect/token") or _asks_for_token(request):
        return Kind.TOKEN
    # Before the API, which may stand at the root of a host of its own.
    base = endpoints.base.lower().rstrip("/")
    if path.startswith((f"{base}/connect/", f"{base}/account/", f"{base}/consent")):
        return Kind.IDENTITY
    return Kind.API if is_api(path, request, endpoints) else Kind.OTHER


def is_api(path: str, request: Request, endpoints: Endpoints) -> bool:
    """Say whether a path, in lower case, is the API's, or its host is the API's alone."""
    top = endpoints.api.lower().rstrip("/")
    if path == top or path.startswith(top + "/"):
        return True
    return bool(endpoints.api_hosts) and request.host.partition(":")[0].lower() in endpoints.api_hosts


def _asks_for_token(request: Request) -> bool:
    # The bytes first: most requests have neither, and parsing all of them would be slow.
    if "grant_type" in request.query_string.lower():
        return any(pair.name.lower() == "grant_type" for pair in request.query)
    if not request.body or request.media_type not in _TELLING:
        return False
    # The product reads names without case.
    return b"grant_type" in request.body or b"grant_type" in request.body.lower()
