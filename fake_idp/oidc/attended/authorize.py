"""The authorize endpoint: checks, then login and consent if they are needed, then a code."""

from fake_idp.oidc.attended import pages, paths
from fake_idp.oidc.attended.answer import answer_with_code, answer_with_error
from fake_idp.oidc.attended.ask import Ask, Refused, read_ask
from fake_idp.oidc.attended.cookie import session_key
from fake_idp.oidc.attended.pushed import resolve
from fake_idp.oidc.attended.redirect import lead_to, query_of
from fake_idp.oidc.authority import Authority
from fake_idp.oidc.form import form_type, read_pairs
from fake_idp.oidc.replies import empty
from fake_idp.oidc.session_store import Session
from fake_idp.oidc.tokens import LOCAL_PROVIDER
from fake_idp.wire import Pair, Request, Response

# A page has answered these when the browser comes back, and asking again would never end.
_ANSWERED = frozenset({"prompt", "max_age", "acr_values"})


def answer_authorize(request: Request, authority: Authority) -> Response:
    """Answer an authorization request, by GET or POST (OpenID Connect Core 3.1.2.1)."""
    match request.method.upper():
        case "GET":
            return _answer(request.query, request, authority)
        case "POST" if form_type(request, authority.config.flavour):
            return _answer(read_pairs(request), request, authority)
        case "POST":
            return empty(415)
        case _:
            return empty(405)


def answer_callback(request: Request, authority: Authority) -> Response:
    """Go on with a request after its login or consent page."""
    return _answer(request.query, request, authority) if request.method.upper() == "GET" else empty(405)


def _answer(pairs: tuple[Pair, ...], request: Request, authority: Authority) -> Response:
    try:
        pairs = resolve(pairs, authority)
        ask = read_ask(pairs, authority)
    except Refused as refused:
        return pages.refusal(refused.code, refused.description)
    key = session_key(request)
    session = authority.session_store.session(key)
    silent = "none" in ask.prompts
    if session is None or _is_stale(session, ask, authority):
        return (
            answer_with_error(ask, "login_required", session, request, authority)
            if silent
            else _visit(paths.LOGIN, pairs, request, authority)
        )
    if "consent" in ask.prompts or not authority.session_store.allows(key, ask.scopes):
        return (
            answer_with_error(ask, "consent_required", session, request, authority)
            if silent
            else _visit(paths.CONSENT, pairs, request, authority)
        )
    return answer_with_code(ask, session, request, authority)


def _is_stale(session: Session, ask: Ask, authority: Authority) -> bool:
    if ask.prompts & {"login", "select_account"} or authority.find_user(session.user.username) is None:
        return True
    # Who signed in here was signed in by nobody else.
    if ask.provider not in {"", LOCAL_PROVIDER}:
        return True
    return ask.max_age is not None and authority.clock.wall() > session.authenticated + ask.max_age


def _visit(page: str, pairs: tuple[Pair, ...], request: Request, authority: Authority) -> Response:
    # A new session has no consent yet, so it is asked for as well.
    kept = [(pair.name, pair.value) for pair in pairs if pair.name.lower() not in _ANSWERED]
    return lead_to(page, f"{authority.config.base}{paths.CALLBACK}?{query_of(kept)}", request, authority)
