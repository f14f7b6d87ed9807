"""The documents: discovery per flavour, its members in the product's order, and the JWK set."""

from fake_idp.oidc.attended.ask import RESPONSE_TYPES
from fake_idp.oidc.authority import Authority
from fake_idp.oidc.grants import CIBA, DEVICE_CODE
from fake_idp.oidc.proof import ALGORITHMS
from fake_idp.oidc.replies import JSON_HEADERS, KEY_SET_HEADERS, dumps
from fake_idp.oidc.session_store import keep
from fake_idp.oidc.tokens import OFFLINE_ACCESS, OPENID
from fake_idp.server_config import Flavour, ServerConfig
from fake_idp.wire import Json, Request, Response

_REMEMBERED = 256
_CLAIMS = """sub name family_name given_name middle_name nickname preferred_username profile picture website gender
birthdate zoneinfo locale updated_at"""
_METHODS: list[Json] = ["client_secret_basic", "client_secret_post"]
_ALGORITHMS: list[Json] = ["RS256"]
_SIGNING: list[Json] = [*ALGORITHMS]
_LAST_OF_DUENDE: dict[str, Json] = {
    "request_object_signing_alg_values_supported": _SIGNING,
    "prompt_values_supported": ["none", "login", "consent", "select_account"],
    "authorization_response_iss_parameter_supported": True,
    "backchannel_token_delivery_modes_supported": ["poll"],
    "backchannel_user_code_parameter_supported": True,
    "backchannel_authentication_request_signing_alg_values_supported": _SIGNING,
    "dpop_signing_alg_values_supported": _SIGNING,
}


def answer_discovery(request: Request, authority: Authority) -> Response:
    """Answer with the discovery document."""
    issuer, base, config = authority.issuer(request), authority.base(request), authority.config
    answer = authority.documents.get((issuer, base))
    if answer is None:
        answer = Response(status=200, headers=JSON_HEADERS, body=dumps(metadata(issuer, config, base), config.flavour))
        # Loopback has many names, a path many spellings, and a fake on every address answers to any name.
        keep(authority.documents, (issuer, base), answer, _REMEMBERED)
    return answer


def answer_jwks(request: Request, authority: Authority) -> Response:  # noqa: ARG001 - alike for all
    """Answer with the public halves of the keys."""
    flavour, published = authority.config.flavour, authority.keys.published
    keys: list[Json] = [key.public(flavour) for key in published]
    headers = KEY_SET_HEADERS if flavour is Flavour.IS4_V2 else JSON_HEADERS
    return Response(status=200, headers=headers, body=dumps({"keys": keys}, flavour))


def metadata(issuer: str, config: ServerConfig, base: str = "") -> dict[str, Json]:
    """Build the members of the discovery document, in order (server.md 1.7); endpoints stand below base or issuer."""
    base = base or issuer.rstrip("/")
    duende, second = config.flavour is Flavour.DUENDE, config.flavour is Flavour.IS4_V2
    grants: list[Json] = ["authorization_code", "client_credentials", "refresh_token", "implicit", "password"]
    subjects: dict[str, Json] = {"subject_types_supported": ["public"]}
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
        "backchannel_authentication_endpoint": f"{base}/connect/ciba" if duende else None,
        "pushed_authorization_request_endpoint": f"{base}/connect/par" if duende else None,
        "require_pushed_authorization_requests": False if duende else None,
        "frontchannel_logout_supported": True,
        "frontchannel_logout_session_supported": True,
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "scopes_supported": [*dict.fromkeys((OPENID, "profile", *config.scopes)), OFFLINE_ACCESS],
        "claims_supported": [*_CLAIMS.split()],
        "grant_types_supported": [*grants, DEVICE_CODE, *([CIBA] if duende else [])],
        "response_types_supported": [*RESPONSE_TYPES],
        "response_modes_supported": ["form_post", "query", "fragment"],
        "token_endpoint_auth_methods_supported": _METHODS,
        "revocation_endpoint_auth_methods_supported": _METHODS if duende else None,
        "introspection_endpoint_auth_methods_supported": _METHODS if duende else None,
        **(subjects if second else {}),
        "id_token_signing_alg_values_supported": _ALGORITHMS,
        "userinfo_signing_alg_values_supported": _ALGORITHMS if duende else None,
        "introspection_signing_alg_values_supported": _ALGORITHMS if duende else None,
        **subjects,
        "code_challenge_methods_supported": ["plain", "S256"],
        "request_parameter_supported": None if second else True,
        **(_LAST_OF_DUENDE if duende else {}),
    }
    # What the product does not have is left out.
    return config.customs.document.of({name: value for name, value in members.items() if value is not None})
