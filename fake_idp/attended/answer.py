"""How the answer to an authorization request goes back to the client: by redirect, or in a form that is posted."""

from fake_idp.attended import pages
from fake_idp.attended.ask import Ask
from fake_idp.attended.redirect import FORM_POST, answer_address
from fake_idp.authority import Authority
from fake_idp.desk import Code, Session
from fake_idp.replies import NO_STORE, empty
from fake_idp.tenant import Authorization, Flavour
from fake_idp.wire import Request, Response

# Bends of a scenario: what no honest server of this tenant would send.
_OTHER_ISSUER = "https://impostor.example/identity"
_OTHER_CHALLENGE = "the-challenge-of-a-request-that-somebody-else-made"


def answer_with_code(ask: Ask, session: Session, request: Request, authority: Authority) -> Response:
    """Send a code for what a person has allowed, or what the tenant's `authorization` makes of it."""
    tenant = authority.tenant
    if tenant.authorization is Authorization.DENIED:
        return answer_with_error(ask, "access_denied", request, authority)
    handle = authority.vault.new_handle(tenant.flavour)
    other = bool(ask.challenge) and tenant.authorization is Authorization.OTHER_CHALLENGE
    if tenant.authorization is not Authorization.USED_CODE:
        authority.desk.keep(
            handle,
            Code(
                session=session,
                scopes=ask.scopes,
                redirect_uri=ask.redirect_uri,
                issued=authority.clock.wall(),
                challenge=_OTHER_CHALLENGE if other else ask.challenge,
                method=ask.method,
                nonce=ask.nonce,
            ),
        )
    return _send(ask, {"code": handle, "scope": " ".join(ask.scopes)}, request, authority)


def answer_with_error(ask: Ask, error: str, request: Request, authority: Authority) -> Response:
    """Send an error that is the client's business."""
    return _send(ask, {"error": error}, request, authority)


def _send(ask: Ask, members: dict[str, str], request: Request, authority: Authority) -> Response:
    if state := _state(ask, authority):
        members["state"] = state
    if authority.tenant.flavour is Flavour.DUENDE:
        # RFC 9207: the answer says who gives it.
        bent = authority.tenant.authorization is Authorization.OTHER_ISSUER
        members["iss"] = _OTHER_ISSUER if bent else authority.issuer(request)
    if ask.mode == FORM_POST:
        return pages.hand_over(ask.redirect_uri, members)
    return empty(302, ("Location", answer_address(ask.redirect_uri, ask.mode, members)), *NO_STORE)


def _state(ask: Ask, authority: Authority) -> str:
    match authority.tenant.authorization:
        case Authorization.NO_STATE:
            return ""
        # A client that sent none has nothing to compare.
        case Authorization.OTHER_STATE if ask.state:
            return authority.random(16).hex()
        case _:
            return ask.state
