"""Which endpoint answers at which path, and how a path is read."""

from collections.abc import Callable, Collection
from typing import NamedTuple
from urllib.parse import unquote

from fake_idp.classify import AUTHORIZATION_SERVER_PATH, WELL_KNOWN, Endpoints
from fake_idp.oidc import discovery, introspection, token_endpoint
from fake_idp.oidc.attended import account, authorize, pages, paths, pushed
from fake_idp.oidc.authority import Authority
from fake_idp.oidc.replies import OAuthError, empty
from fake_idp.server_config import Flavour, ServerConfig
from fake_idp.wire import Request, Response

Answer = Callable[[Request, Authority], Response]


def endpoints_of(config: ServerConfig) -> Endpoints:
    """Give the paths of a configuration."""
    base = config.base
    return Endpoints(
        base=base,
        token=base + config.token_path,
        jwks=base + config.jwks_path,
        api=config.api_path,
        api_hosts=config.api_hosts,
    )


class Route(NamedTuple):
    """What answers at a path, to these methods alone where some are named (server.md 1.1).

    `shared`: scripts of other origins may read the answers, if allowed; no page is. `page`: a person reads its errors.
    """

    answer: Answer
    methods: Collection[str] = ()
    shared: bool = False
    page: bool = False

    def respond(self, request: Request, authority: Authority) -> Response:
        """Answer a request, and write the error with which an endpoint or a page ends."""
        if self.methods and request.method.upper() not in self.methods:
            return empty(405)
        try:
            return self.answer(request, authority)
        except OAuthError as error:
            return pages.refusal(error) if self.page else error.response(authority.config.flavour)


def routes_of(config: ServerConfig, endpoints: Endpoints) -> dict[str, Route]:
    """Give the route of each path, in lower case."""
    base, get, post, both = endpoints.base, ("GET",), ("POST",), ("GET", "POST")
    routes = {
        base + WELL_KNOWN: Route(discovery.answer_discovery, get, shared=True),
        endpoints.jwks: Route(discovery.answer_jwks, get, shared=True),
        f"{base}/connect/userinfo": Route(introspection.answer_userinfo, both, shared=True),
        f"{base}/connect/introspect": Route(introspection.answer_introspection, post),
        f"{base}/connect/revocation": Route(introspection.answer_revocation, post, shared=True),
        f"{base}/connect/deviceauthorization": Route(introspection.answer_device),
        f"{base}/connect/authorize": Route(authorize.answer_authorize, both),
        base + paths.CALLBACK: Route(authorize.answer_authorize, get),
        f"{base}/connect/checksession": Route(account.answer_check_session, get),
        base + paths.LOGIN: Route(account.answer_login, both, page=True),
        base + paths.ERROR: Route(account.answer_error, get),
        base + paths.LOGOUT: Route(account.answer_logout, get),
        base + paths.CONSENT: Route(account.answer_consent, both, page=True),
        f"{base}/connect/endsession": Route(account.answer_end_session, both),
        f"{base}/connect/endsession/callback": Route(account.answer_end_session_callback, get),
        endpoints.token: Route(token_endpoint.answer, shared=True),
    }
    if config.flavour is Flavour.DUENDE:
        routes[f"{base}/connect/ciba"] = Route(introspection.answer_backchannel)
        routes[f"{base}/connect/par"] = Route(pushed.answer_pushed, post)
    # RFC 8414's address stands at the root of the host; below a base path of the web server it is not found.
    if config.flavour is Flavour.DUENDE and not base:
        routes[AUTHORIZATION_SERVER_PATH] = Route(discovery.answer_discovery, get)
    return {path.lower(): route for path, route in routes.items()}


def served_path(path: str) -> str:
    """Give a path as the web server reads it, in lower case: escapes decoded, except a slash's, then dot segments.

    Paths match as a whole and without case; a trailing slash makes another path (server.md 1.1, R62).
    """
    if "%" in path:
        parts = path.replace("%2f", "%2F").split("%2F")
        path = "%2F".join(unquote(part) for part in parts)
    return (_without_dots(path) if "/." in path else path).lower()


def _without_dots(path: str) -> str:
    # RFC 3986 5.2.4.
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)
