"""How the answer to an authorization request goes back to the client: by redirect, or in a form that is posted."""

from dataclasses import replace

from fake_idp.oidc.attended import pages
from fake_idp.oidc.attended.redirect import FORM_POST, answer_address, origin_of
from fake_idp.oidc.authority import Authority
from fake_idp.oidc.replies import NO_STORE, empty
from fake_idp.oidc.session_store import Ask, Code, Session
from fake_idp.oidc.tokens import OPENID
from fake_idp.secrets.token_parts import s256
from fake_idp.server_config import Authorization, Flavour
from fake_idp.wire import Request, Response

# Bends of a scenario: what no honest server would send.
_OTHER_ISSUER = "https://impostor.example/identity"
_OTHER_CHALLENGE = "the-challenge-of-a-request-that-somebody-else-made"


def answer_with_code(ask: Ask, session: Session, request: Request, authority: Authority) -> Response:
    """Send a code for what a person has allowed, or what the configured `authorization` turns it into."""
    config = authority.config
    if config.authorization is Authorization.DENIED:
        return answer_with({"error": "access_denied"}, ask, session, request, authority)
    code = authority.token_store.new_value(config.flavour)
    other = ask.challenge and config.authorization is Authorization.OTHER_CHALLENGE
    kept = replace(ask, challenge=_OTHER_CHALLENGE) if other else ask
    if config.authorization is not Authorization.USED_CODE:
        authority.session_store.keep(code, Code(session, kept, authority.clock.wall()))
    members = {"code": code}
    if config.flavour is not Flavour.DUENDE:
        members["scope"] = " ".join(ask.scopes)
    return answer_with(members, ask, session, request, authority)


def answer_with(
    members: dict[str, str], ask: Ask, session: Session | None, request: Request, authority: Authority
) -> Response:
    """Send members, such as an error that is the client's business."""
    duende = authority.config.flavour is Flavour.DUENDE
    if state := _state(ask, authority):
        members["state"] = state
    if OPENID in ask.scopes:
        members["session_state"] = _session_state(ask, session, authority)
    if duende and "error" not in members:
        # RFC 9207: the answer names its issuer.
        bent = authority.config.authorization is Authorization.OTHER_ISSUER
        members["iss"] = _OTHER_ISSUER if bent else authority.issuer(request)
    if ask.mode == FORM_POST:
        return pages.hand_over(ask.redirect_uri, members)
    return empty(
        302, ("Location", answer_address(ask.redirect_uri, ask.mode, members, "#_" if duende else "#_=_")), *NO_STORE
    )


def _session_state(ask: Ask, session: Session | None, authority: Authority) -> str:
    # OpenID Connect Session Management 2; without a session, its id is empty.
    salt = authority.random(16).hex().upper()
    text = ask.client_id + origin_of(ask.redirect_uri) + (session.id if session else "") + salt
    return s256(text) + "." + salt


def _state(ask: Ask, authority: Authority) -> str:
    match authority.config.authorization:
        case Authorization.NO_STATE:
            return ""
        # A client that sent none has nothing to compare.
        case Authorization.OTHER_STATE if ask.state:
            return authority.random(16).hex()
        case _:
            return ask.state
