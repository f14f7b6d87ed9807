"""The authorize endpoint: checks, then login and consent if they are needed, then a code."""

from fake_idp.oidc.attended import paths
from fake_idp.oidc.attended.answer import answer_with, answer_with_code
from fake_idp.oidc.attended.ask import read_ask
from fake_idp.oidc.attended.cookie import session_key
from fake_idp.oidc.attended.pushed import resolve
from fake_idp.oidc.attended.redirect import lead_to, query_of
from fake_idp.oidc.authority import Authority
from fake_idp.oidc.form import form_type, read_pairs
from fake_idp.oidc.replies import empty
from fake_idp.oidc.session_store import Ask, Session
from fake_idp.oidc.tokens import LOCAL_PROVIDER
from fake_idp.wire import Request, Response

# A page has answered these when the browser comes back, and asking again would never end.
_ANSWERED = frozenset({"prompt", "max_age", "acr_values"})


def answer_authorize(request: Request, authority: Authority) -> Response:
    """Answer an authorization request (OpenID Connect Core 3.1.2.1), or go on with it after a page."""
    if request.method.upper() == "GET":
        pairs = request.query
    elif form_type(request, authority.config.flavour):
        pairs = read_pairs(request)
    else:
        return empty(415)
    pairs = resolve(pairs, authority)
    ask = read_ask(pairs, authority)
    key = session_key(request)
    session = authority.session_store.session(key)
    if session is None or _is_stale(session, ask, authority):
        page, error = paths.LOGIN, "login_required"
    elif "consent" in ask.prompts or not authority.session_store.allows(key, ask.scopes):
        page, error = paths.CONSENT, "consent_required"
    else:
        return answer_with_code(ask, session, request, authority)
    if "none" in ask.prompts:
        return answer_with({"error": error}, ask, session, request, authority)
    # A new session has no consent yet, so it is asked for as well.
    kept = [(pair.name, pair.value) for pair in pairs if pair.name.lower() not in _ANSWERED]
    return lead_to(page, f"{authority.config.base}{paths.CALLBACK}?{query_of(kept)}", request, authority)


def _is_stale(session: Session, ask: Ask, authority: Authority) -> bool:
    if ask.prompts & {"login", "select_account"} or authority.find_user(session.user.username) is None:
        return True
    # Who signed in here was signed in by nobody else.
    if ask.provider not in {"", LOCAL_PROVIDER}:
        return True
    return ask.max_age is not None and authority.clock.wall() > session.authenticated + ask.max_age
