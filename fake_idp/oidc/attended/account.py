"""The pages on which a person signs in, consents and signs out."""

from urllib.parse import urlencode

from fake_idp.oidc.attended import pages, paths
from fake_idp.oidc.attended.answer import answer_with
from fake_idp.oidc.attended.ask import read_ask
from fake_idp.oidc.attended.cookie import forgetting, keeping, session_key
from fake_idp.oidc.attended.pushed import resolve
from fake_idp.oidc.attended.redirect import is_accepted, lead_to
from fake_idp.oidc.authority import Authority
from fake_idp.oidc.form import read_pairs, read_query
from fake_idp.oidc.replies import NO_STORE, OAuthError, empty
from fake_idp.oidc.session_store import Ask
from fake_idp.wire import FORM, Pair, Request, Response, parse_pairs

_WRONG = "That user name and password do not belong together. Please check both and try again."


def answer_login(request: Request, authority: Authority) -> Response:
    """Show the login page, or check the filled-in form."""
    hint = _ask(request, authority).login_hint
    if request.method.upper() == "GET":
        return pages.login(username=hint, problem="")
    given = _values(request.form)
    username = given.get("username", "")
    user = authority.find_user(username)
    # One answer whatever is wrong, as the token endpoint gives (R33).
    if user is None or user.password != given.get("password", ""):
        return pages.login(username=username, problem=_WRONG)
    key = authority.session_store.sign_in(user, authority.clock.wall())
    return empty(302, ("Location", _back(request)), keeping(key, request, authority), *NO_STORE)


def answer_consent(request: Request, authority: Authority) -> Response:
    """Ask for consent, or act on the answer."""
    asked = _ask(request, authority)
    key = session_key(request)
    session = authority.session_store.session(key)
    if session is None:
        return lead_to(paths.LOGIN, _back(request), request, authority)
    if request.method.upper() == "GET":
        return pages.consent(client_id=asked.client_id, username=session.user.username, scopes=asked.scopes)
    if _values(request.form).get("answer") != "yes":
        return answer_with({"error": "access_denied"}, asked, session, request, authority)
    authority.session_store.allow(key, asked.scopes)
    return empty(302, ("Location", _back(request)), *NO_STORE)


def answer_end_session(request: Request, authority: Authority) -> Response:
    """Sign the person out, and send the browser on if a client asked for it (RP-Initiated Logout 2)."""
    posted = request.method.upper() == "POST"
    if posted and request.media_type != FORM:
        # Nobody catches what the reader of forms says of another media type.
        return empty(500)
    given = _values(read_pairs(request) if posted else read_query(request))
    authority.session_store.sign_out(session_key(request))
    address = given.get("post_logout_redirect_uri", "")
    # Without a hint, the address belongs to no known client.
    if not given.get("id_token_hint") or not is_accepted(address):
        return pages.signed_out(forgetting(authority))
    if state := given.get("state"):
        address += f"{'&' if '?' in address else '?'}{urlencode({'state': state})}"
    return empty(302, ("Location", address), forgetting(authority), *NO_STORE)


def answer_end_session_callback(request: Request, authority: Authority) -> Response:  # noqa: ARG001 - alike for all
    """Refuse the page that tells other clients of the sign-out: no browser was sent there."""
    return empty(400)


def answer_check_session(request: Request, authority: Authority) -> Response:  # noqa: ARG001 - alike for all
    """Show the page that a client keeps in a frame to learn when the session ends; ours is empty."""
    return pages.check_session(authority.config.flavour)


def _ask(request: Request, authority: Authority) -> Ask:
    """Give the request to which a page belongs; a page without one is not shown."""
    path, _, query = _back(request).partition("?")
    # Only back to ourselves: no open redirector.
    if path != authority.config.base + paths.CALLBACK:
        raise OAuthError("invalid_request", "This page belongs to no sign-in. Start again in your application.")
    return read_ask(resolve(parse_pairs(query.encode()), authority), authority)


def _back(request: Request) -> str:
    return next((pair.value for pair in request.query if pair.name in paths.RETURNS.values()), "")


def _values(pairs: tuple[Pair, ...]) -> dict[str, str]:
    return {pair.name: pair.value for pair in pairs}
