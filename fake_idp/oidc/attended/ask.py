"""An authorization request as the product reads and checks it (server.md 1.7; IdentityServer4's own validator)."""

import re
from collections.abc import Iterable

from fake_idp.oidc.attended.redirect import FORM_POST, FRAGMENT, QUERY, is_accepted
from fake_idp.oidc.authority import Authority
from fake_idp.oidc.form import collect, units, value_of
from fake_idp.oidc.replies import OAuthError
from fake_idp.oidc.resources import has_unknown, malformed, named_resources
from fake_idp.oidc.session_store import PLAIN, S256, VERIFIER_LENGTHS, Ask
from fake_idp.oidc.tokens import OFFLINE_ACCESS, OPENID
from fake_idp.server_config import Flavour
from fake_idp.wire import Pair

# The product's limits.
_LONGEST_ID = 100
_LONGEST_SCOPE = 300
_LONGEST_NONCE = 300
_LONGEST_ADDRESS = 400
# How .NET reads a 32-bit integer.
_SECONDS = re.compile(r"\s*[+-]?[0-9]{1,20}\s*")
_MOST_SECONDS = 2**31 - 1

RESPONSE_TYPES = (
    *("code", "token", "id_token", "id_token token"),
    *("code id_token", "code token", "code id_token token"),
)
# In any order, with single blanks.
_TYPES = frozenset(tuple(sorted(kind.split())) for kind in RESPONSE_TYPES)
_PROVIDER = "idp:"
_PROMPTS = frozenset({"none", "login", "consent", "select_account"})


def read_ask(pairs: Iterable[Pair], authority: Authority) -> Ask:
    """Check a request in the product's order; raises OAuthError with the product's words."""
    flavour, values = authority.config.flavour, collect(pairs)
    given = {name: value for name in values if (value := value_of(values[name], flavour))}
    if flavour is Flavour.DUENDE:
        # Before all else: the page of errors is to be in a language of the person.
        _check_length(given, "ui_locales", _LONGEST_ID)
    address = _client_address(given, authority)
    _check_type(given.get("response_type", ""), flavour)
    wanted, mode = given["response_type"], given.get("response_mode", QUERY)
    # An answer without a code is not protected by PKCE.
    method = _challenge_method(given) if "code" in wanted.split(" ") else ""
    # No token may stand in a query, and this client may have no implicit or hybrid answers.
    misplaced = wanted != "code" and given.get("response_mode") == QUERY
    if mode not in {QUERY, FRAGMENT, FORM_POST} or (misplaced and flavour is Flavour.IS4_V2):
        raise OAuthError("unsupported_response_type", "Invalid response_mode")
    if misplaced:
        raise OAuthError("invalid_request", "Invalid response_mode for response_type")
    if wanted != "code":
        raise OAuthError("unauthorized_client", "Invalid grant type for client")
    scopes = _scopes(given.get("scope", ""), named_resources(values), authority)
    _check_length(given, "nonce", _LONGEST_NONCE)
    prompts = _prompts(given.get("prompt", ""), flavour)
    _check_length(given, "ui_locales", _LONGEST_ID)
    max_age = _max_age(given.get("max_age"))
    _check_length(given, "login_hint", _LONGEST_ID)
    _check_length(given, "acr_values", _LONGEST_SCOPE)
    if flavour is Flavour.DUENDE:
        _check_length(given, "dpop_jkt", _LONGEST_ID)
    return Ask(
        client_id=given["client_id"],
        redirect_uri=address,
        mode=mode,
        scopes=scopes,
        state=given.get("state", ""),
        nonce=given.get("nonce", ""),
        challenge=given.get("code_challenge", ""),
        method=method,
        prompts=prompts,
        max_age=max_age,
        provider=_provider(given.get("acr_values", "")),
        login_hint=given.get("login_hint", ""),
    )


def _client_address(given: dict[str, str], authority: Authority) -> str:
    """Check the client, a request object, and the address for the answer."""
    older = authority.config.flavour is Flavour.IS4_V2
    client_id, address = given.get("client_id", ""), given.get("redirect_uri", "")
    if not client_id or units(client_id) > _LONGEST_ID:
        raise OAuthError("invalid_request", "Invalid client_id")
    is_address = bool(address) and units(address) <= _LONGEST_ADDRESS
    # Before v3 the address was read before the client was looked up.
    if client_id != authority.config.client_id and (is_address or not older):
        raise OAuthError("unauthorized_client", "Unknown client or client not enabled")
    if not older:
        _check_request_object(given)
    if not is_address:
        raise OAuthError("invalid_request", "Invalid redirect_uri")
    # Where no person may sign in with a browser, the client is registered without any address.
    if not is_accepted(address) or not authority.config.attended:
        raise OAuthError("unauthorized_client" if older else "invalid_request", "Invalid redirect_uri")
    return address


def _check_request_object(given: dict[str, str]) -> None:
    if "request" in given and "request_uri" in given:
        raise OAuthError("invalid_request", "Only one request parameter is allowed")
    if "request_uri" in given:
        raise OAuthError("request_uri_not_supported", "")
    if "request" in given:
        # This client has no key with which it could have been signed.
        raise OAuthError("invalid_request_object", "Invalid JWT request")


def _check_type(wanted: str, flavour: Flavour) -> None:
    if not wanted:
        code = "invalid_request" if flavour is Flavour.DUENDE else "unsupported_response_type"
        raise OAuthError(code, "Missing response_type")
    if tuple(sorted(wanted.split(" "))) not in _TYPES:
        raise OAuthError("unsupported_response_type", "Response type not supported")


def _check_length(given: dict[str, str], name: str, longest: int) -> None:
    if units(given.get(name, "")) > longest:
        raise OAuthError("invalid_request", f"Invalid {name}")


def _challenge_method(given: dict[str, str]) -> str:
    # This client need not use PKCE: the judge sees that it is missing; an early refusal would hide the rest (D14).
    challenge = given.get("code_challenge")
    if challenge is None:
        return ""
    if units(challenge) not in VERIFIER_LENGTHS:
        raise OAuthError("invalid_request", "Invalid code_challenge")
    method = given.get("code_challenge_method", PLAIN)
    if method not in {PLAIN, S256}:
        raise OAuthError("invalid_request", "Transform algorithm not supported")
    return method


def _scopes(asked: str, resources: list[str], authority: Authority) -> tuple[str, ...]:
    config = authority.config
    # In the order in which they were asked for, which tokens and answers keep.
    scopes = tuple(dict.fromkeys(scope for scope in asked.split(" ") if scope))
    if not scopes or units(asked) > _LONGEST_SCOPE:
        raise OAuthError("invalid_request", "Invalid scope")
    if config.flavour is Flavour.DUENDE and (problem := malformed(resources)):
        raise OAuthError("invalid_target", problem)
    if config.flavour is Flavour.DUENDE and has_unknown(resources, scopes, config):
        raise OAuthError("invalid_target", "Invalid resource indicator")
    allowed = {*config.scopes, OFFLINE_ACCESS} if config.offline_access else set(config.scopes)
    if not allowed.issuperset(scopes):
        raise OAuthError("invalid_scope", "Invalid scope")
    if "profile" in scopes and OPENID not in scopes:
        raise OAuthError("invalid_scope", "Identity scopes requested, but openid scope is missing")
    return scopes


def _prompts(asked: str, flavour: Flavour) -> frozenset[str]:
    # Before v4 a prompt was one word.
    prompts = frozenset((asked,) if flavour is Flavour.IS4_V2 else asked.split())
    if not prompts <= _PROMPTS:
        if flavour is Flavour.DUENDE:
            raise OAuthError("invalid_request", "Unsupported prompt mode")
        # If it does not know one of them, the product ignores them all.
        return frozenset()
    if "none" in prompts and len(prompts) > 1:
        raise OAuthError("invalid_request", "Invalid prompt")
    return prompts


def _provider(asked: str) -> str:
    # The product's own use of acr_values: who is to sign the person in.
    found = (word for word in asked.split(" ") if word.startswith(_PROVIDER))
    return next(found, "").removeprefix(_PROVIDER)


def _max_age(asked: str | None) -> int | None:
    if asked is None:
        return None
    if not _SECONDS.fullmatch(asked) or not 0 <= int(asked) <= _MOST_SECONDS:
        raise OAuthError("invalid_request", "Invalid max_age")
    return int(asked)
