"""Which endpoint answers at which path, and how a path is read."""

from collections.abc import Callable, Collection
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


def routes_of(config: ServerConfig, endpoints: Endpoints) -> dict[str, Answer]:
    """Give the endpoint of each path, in lower case."""
    base = endpoints.base
    document = _only({"GET"}, discovery.answer_discovery)
    routes: dict[str, Answer] = {
        base + WELL_KNOWN: document,
        endpoints.jwks: _only({"GET"}, discovery.answer_jwks),
        f"{base}/connect/userinfo": _only({"GET", "POST"}, introspection.answer_userinfo),
        f"{base}/connect/introspect": _only({"POST"}, introspection.answer_introspection),
        f"{base}/connect/revocation": _only({"POST"}, introspection.answer_revocation),
        f"{base}/connect/deviceauthorization": introspection.answer_device,
        base + paths.AUTHORIZE: _only({"GET", "POST"}, authorize.answer_authorize),
        base + paths.CALLBACK: _only({"GET"}, authorize.answer_authorize),
        base + paths.CHECK_SESSION: _only({"GET"}, account.answer_check_session),
        base + paths.LOGIN: _only({"GET", "POST"}, account.answer_login),
        base + paths.CONSENT: _only({"GET", "POST"}, account.answer_consent),
        base + paths.END_SESSION: _only({"GET", "POST"}, account.answer_end_session),
        base + paths.END_SESSION_CALLBACK: _only({"GET"}, account.answer_end_session_callback),
        endpoints.token: token_endpoint.answer,
    }
    if config.flavour is Flavour.DUENDE:
        routes[f"{base}/connect/ciba"] = introspection.answer_backchannel
        routes[base + paths.PUSH] = _only({"POST"}, pushed.answer_pushed)
    # RFC 8414's address stands at the root of the host; below a base path of the web server it is not found.
    if config.flavour is Flavour.DUENDE and not base:
        routes[AUTHORIZATION_SERVER_PATH] = document
    return {path.lower(): answer for path, answer in routes.items()}


def _only(methods: Collection[str], answer: Answer) -> Answer:
    """Serve these methods alone (server.md 1.1), and show a person the error that a page ends with."""

    def answered(request: Request, authority: Authority) -> Response:
        if request.method.upper() not in methods:
            return empty(405)
        try:
            return answer(request, authority)
        except OAuthError as error:
            return pages.refusal(error)

    return answered


def shared_paths(config: ServerConfig, endpoints: Endpoints) -> frozenset[str]:
    """Give the paths whose answers other origins may be allowed to read, in lower case; no page is among them."""
    own = (WELL_KNOWN, "/connect/userinfo", "/connect/revocation")
    paths_of_base = [config.base + path for path in own]
    return frozenset(path.lower() for path in (*paths_of_base, endpoints.jwks, endpoints.token))


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
