"""The documents: discovery per flavour, its members in the product's order, and the JWK set."""

from fake_idp.oidc.authority import Authority
from fake_idp.oidc.replies import JSON_HEADERS, KEY_SET_HEADERS, dumps, empty
from fake_idp.oidc.tokens import OFFLINE_ACCESS
from fake_idp.server_config import Flavour, ServerConfig
from fake_idp.wire import Json, Request, Response

_PROFILE: list[Json] = [
    "name",
    "family_name",
    "given_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "updated_at",
]
_METHODS: list[Json] = ["client_secret_basic", "client_secret_post"]
_RESPONSE_TYPES: list[Json] = [
    "code",
    "token",
    "id_token",
    "id_token token",
    "code id_token",
    "code token",
    "code id_token token",
]


def answer_discovery(request: Request, authority: Authority) -> Response:
    """Answer with the discovery document; only GET is served (server.md 1.1)."""
    if request.method.upper() != "GET":
        return empty(405)
    issuer, config = authority.issuer(request), authority.config
    base = authority.base(request)
    # Loopback has many names, and a path many spellings: only the usual one is kept.
    if base != issuer.rstrip("/"):
        return _document(issuer, config, base)
    answer = authority.documents.get(issuer)
    if answer is None:
        answer = authority.documents[issuer] = _document(issuer, config, base)
    return answer


def _document(issuer: str, config: ServerConfig, base: str) -> Response:
    return Response(status=200, headers=JSON_HEADERS, body=dumps(metadata(issuer, config, base), config.flavour))


def answer_jwks(request: Request, authority: Authority) -> Response:
    """Answer with the public halves of the keys."""
    if request.method.upper() != "GET":
        return empty(405)
    flavour, published = authority.config.flavour, authority.keys.published
    keys: list[Json] = [key.public(flavour) for key in published]
    headers = KEY_SET_HEADERS if flavour is Flavour.IS4_V2 else JSON_HEADERS
    return Response(status=200, headers=headers, body=dumps({"keys": keys}, flavour))


def metadata(issuer: str, config: ServerConfig, base: str = "") -> dict[str, Json]:
    """Build the members of the discovery document, in order (server.md 1.7); endpoints stand below base or issuer."""
    base = base or issuer.rstrip("/")
    duende, second = config.flavour is Flavour.DUENDE, config.flavour is Flavour.IS4_V2
    grants: list[Json] = ["authorization_code", "client_credentials", "refresh_token", "implicit", "password"]
    grants.append("urn:ietf:params:oauth:grant-type:device_code")
    subjects: dict[str, Json] = {"subject_types_supported": ["public"]}
    algorithms: dict[str, Json] = {"id_token_signing_alg_values_supported": ["RS256"]}
    members: dict[str, Json] = {
        "issuer": issuer,
        "jwks_uri": base + config.jwks_path,
        "authorization_endpoint": f"{base}/connect/authorize",
        "token_endpoint": base + config.token_path + (f"?{config.token_query}" if config.token_query else ""),
        "userinfo_endpoint": f"{base}/connect/userinfo",
        "end_session_endpoint": f"{base}/connect/endsession",
        "check_session_iframe": f"{base}/connect/checksession",
        "revocation_endpoint": f"{base}/connect/revocation",
        "introspection_endpoint": f"{base}/connect/introspect",
        "device_authorization_endpoint": f"{base}/connect/deviceauthorization",
        **(_duende_endpoints(base) if duende else {}),
        "frontchannel_logout_supported": True,
        "frontchannel_logout_session_supported": True,
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "scopes_supported": ["openid", "profile", *_api_scopes(config), OFFLINE_ACCESS],
        "claims_supported": ["sub", *_PROFILE],
        "grant_types_supported": [*grants, "urn:openid:params:grant-type:ciba"] if duende else grants,
        "response_types_supported": _RESPONSE_TYPES,
        "response_modes_supported": ["form_post", "query", "fragment"],
        "token_endpoint_auth_methods_supported": _METHODS,
        **(_duende_methods() if duende else {}),
        **(subjects | algorithms if second else algorithms),
        **(_duende_algorithms() if duende else {}),
        **subjects,
        "code_challenge_methods_supported": ["plain", "S256"],
    }
    if not second:
        members["request_parameter_supported"] = True
    return config.customs.document.of(members | (_duende_rest() if duende else {}))


def _api_scopes(config: ServerConfig) -> tuple[str, ...]:
    return tuple(scope for scope in config.scopes if scope not in {"openid", "profile"})


def _duende_endpoints(issuer: str) -> dict[str, Json]:
    return {
        "backchannel_authentication_endpoint": f"{issuer}/connect/ciba",
        "pushed_authorization_request_endpoint": f"{issuer}/connect/par",
        "require_pushed_authorization_requests": False,
    }


def _duende_methods() -> dict[str, Json]:
    return {
        "revocation_endpoint_auth_methods_supported": _METHODS,
        "introspection_endpoint_auth_methods_supported": _METHODS,
    }


def _duende_algorithms() -> dict[str, Json]:
    return {
        "userinfo_signing_alg_values_supported": ["RS256"],
        "introspection_signing_alg_values_supported": ["RS256"],
    }


def _duende_rest() -> dict[str, Json]:
    signing: list[Json] = [f"{family}{size}" for family in ("RS", "PS", "ES") for size in (256, 384, 512)]
    return {
        "request_object_signing_alg_values_supported": signing,
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "authorization_response_iss_parameter_supported": True,
        "backchannel_token_delivery_modes_supported": ["poll"],
        "backchannel_user_code_parameter_supported": True,
        "backchannel_authentication_request_signing_alg_values_supported": signing,
        "dpop_signing_alg_values_supported": signing,
    }
