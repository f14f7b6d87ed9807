"""Pushed authorization requests of Duende (RFC 9126), and the browser that comes with the name of one."""

from fake_idp.oidc.attempt import Attempt
from fake_idp.oidc.attended.ask import read_ask
from fake_idp.oidc.authority import Authority
from fake_idp.oidc.form import collect, value_of
from fake_idp.oidc.proof import check_proof, read_proof
from fake_idp.oidc.replies import TOKEN_HEADERS, OAuthError, dumps, empty
from fake_idp.oidc.session_store import PUSHED_LIFETIME
from fake_idp.server_config import Flavour
from fake_idp.wire import Pair, Request, Response

_NAME = "urn:ietf:params:oauth:request_uri:"


def answer_pushed(request: Request, authority: Authority) -> Response:
    """Check a request as the authorize endpoint would, and name it."""
    attempt = Attempt(request, authority)
    if not attempt.is_form:
        # The product does not catch its form reader's exception for another media type.
        return empty(500)
    pairs = attempt.pairs
    if attempt.client_problem is not None:
        raise OAuthError(attempt.client_problem)
    proof = read_proof(request, "")
    if attempt.get("request_uri"):
        raise OAuthError("invalid_request", "Pushed authorization cannot use request_uri")
    check_proof(proof, "DPoP proof token is too long")
    read_ask(pairs, authority)
    kept = tuple(pair for pair in pairs if pair.name.lower() != "client_secret")
    name = _NAME + authority.session_store.push(kept, attempt.now)
    body = dumps({"request_uri": name, "expires_in": PUSHED_LIFETIME}, attempt.flavour)
    return Response(status=201, headers=TOKEN_HEADERS, body=body)


def resolve(pairs: tuple[Pair, ...], authority: Authority) -> tuple[Pair, ...]:
    """Give the pushed request that a browser's names, or its own; raises OAuthError if the named one does not exist."""
    values = collect(pairs)
    name, client_id = _value(values, "request_uri"), _value(values, "client_id")
    known = client_id == authority.config.client_id and authority.config.flavour is Flavour.DUENDE
    if not known or not name.startswith(_NAME[:-1]) or "request" in values:
        return pairs
    pushed = authority.session_store.pushed(name.removeprefix(_NAME), authority.clock.wall())
    if pushed is None:
        raise OAuthError("invalid_request_uri", "invalid or reused PAR request uri")
    return pushed


def _value(values: dict[str, list[str]], name: str) -> str:
    return value_of(values.get(name), Flavour.DUENDE)
