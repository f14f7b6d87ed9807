"""The authorize endpoint: checks, then login and consent if they are needed, then a code."""

from fake_idp.oidc.attended import paths
from fake_idp.oidc.attended.answer import answer_with, answer_with_code
from fake_idp.oidc.attended.ask import read_ask
from fake_idp.oidc.attended.cookie import session_key
from fake_idp.oidc.attended.pushed import resolve
from fake_idp.oidc.attended.redirect import lead_to, query_of
from fake_idp.oidc.authority import Authority
from fake_idp.oidc.form import form_type, read_pairs, read_query
from fake_idp.oidc.replies import OAuthError, empty
from fake_idp.oidc.session_store import Ask, Session
from fake_idp.oidc.tokens import LOCAL_PROVIDER
from fake_idp.server_config import Flavour
from fake_idp.wire import Request, Response, parse_pairs

# Prompts that the login page answers, in the product's order.
_OF_LOGIN = ("login", "select_account")


def answer_authorize(request: Request, authority: Authority) -> Response:
    """Answer an authorization request (OpenID Connect Core 3.1.2.1), or lead to a page that says what is wrong."""
    try:
        return _answer(request, authority)
    except OAuthError as error:
        told = query_of([("error", error.code), ("error_description", error.description)])
        name = authority.session_store.push(parse_pairs(told.encode()), authority.clock.wall())
        return lead_to(paths.ERROR, name, request, authority)


def _answer(request: Request, authority: Authority) -> Response:
    if request.method.upper() == "GET":
        pairs = read_query(request)
    elif form_type(request, authority.config.flavour):
        pairs = read_pairs(request)
    else:
        return empty(415)
    ask = read_ask(resolve(pairs, authority), authority)
    session = authority.session_store.session(session_key(request))
    # When the browser comes back, a page has answered what the request demands, and asking again would never end.
    answered = request.path.lower().endswith(paths.CALLBACK)
    known = session is not None and authority.find_user(session.user.username) is not None
    if session is None or not known or (not answered and _is_stale(session, ask, authority)):
        page, error = paths.LOGIN, "login_required"
    elif (not answered and "consent" in ask.prompts) or not session.allowed.issuperset(ask.scopes):
        page, error = paths.CONSENT, "consent_required"
    else:
        return answer_with_code(ask, session, request, authority)
    if "none" in ask.prompts:
        return answer_with({"error": error}, ask, session, request, authority)
    # A new session has no consent yet, so it is asked for as well.
    kept = [(pair.name, pair.value) for pair in pairs]
    if not answered:
        kept = _marked(kept, ask, authority.config.flavour)
    return lead_to(page, f"{authority.config.base}{paths.CALLBACK}?{query_of(kept)}", request, authority)


def _marked(kept: list[tuple[str, str]], ask: Ask, flavour: Flavour) -> list[tuple[str, str]]:
    """Mark what the login page answers: IdentityServer4 takes a prompt away, Duende says which it has processed."""
    prompts = " ".join(each for each in _OF_LOGIN if each in ask.prompts)
    if flavour is Flavour.DUENDE:
        processed = (("suppressed_prompt", prompts), ("suppressed_max_age", "0" if ask.max_age == 0 else ""))
        return [*kept, *((name, value) for name, value in processed if value)]
    return [(name, value) for name, value in kept if name.lower() != "prompt"] if prompts else kept


def _is_stale(session: Session, ask: Ask, authority: Authority) -> bool:
    if not ask.prompts.isdisjoint(_OF_LOGIN):
        return True
    # Who signed in here was signed in by nobody else.
    if ask.provider not in {"", LOCAL_PROVIDER}:
        return True
    return ask.max_age is not None and authority.clock.wall() > session.authenticated + ask.max_age
