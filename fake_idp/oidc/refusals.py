"""What mode reject refuses beyond the product: everything that the article forbids, in a text that names the field."""

import re
from urllib.parse import unquote_to_bytes

from fake_idp.content_coding import is_utf_8
from fake_idp.oidc.attempt import Attempt, Credentials, parse_basic
from fake_idp.oidc.grants import MAX_SCOPE_LENGTH
from fake_idp.oidc.replies import OAuthError
from fake_idp.wire import FORM, Pair

# The parameters of OAuth and the article (D33): sending one twice, or in the query, is an error.
_KNOWN = frozenset(
    {"grant_type", "username", "password", "client_id", "client_secret", "scope", "audience", "refresh_token"}
    | {"client_assertion", "client_assertion_type"}
)
_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_CHALLENGE = (("WWW-Authenticate", "Basic"),)
_ARTICLE = "(BlastIQ article, Authorisation flows for API integration)"


def refuse_transport(attempt: Attempt) -> None:
    """Refuse another method, content coding or media type: R07, R41, R09."""
    request = attempt.request
    method = request.method.upper()
    if method != "POST":
        if method == "OPTIONS":
            # R08: an OPTIONS that is not a preflight is an invalid request in either mode.
            raise _invalid("method: send POST")
        raise _invalid("method: send POST", status=405, headers=(("Allow", "POST"),))
    if (request.headers.get("content-encoding") or "identity").strip().lower() != "identity":
        raise _invalid("Content-Encoding: send the body as it is", status=415)
    if request.media_type != FORM:
        raise _invalid(f"Content-Type: send {FORM} {_ARTICLE}")


def refuse_places_and_encodings(attempt: Attempt) -> None:
    """Refuse fields in the query, an empty form, bytes that are not UTF-8 (R11 to R13, R37, R38), and repeats (R35)."""
    misplaced = {pair.name.lower() for pair in attempt.request.query} & _KNOWN
    if misplaced:
        raise _invalid(f"{min(misplaced)}: send it in the body, not in the query {_ARTICLE}")
    if not attempt.pairs:
        raise _invalid(f"body: it has no fields {_ARTICLE}")
    for pair in attempt.pairs:
        if _BROKEN_ESCAPE.search(pair.raw) or not is_utf_8(unquote_to_bytes(pair.raw)):
            raise _invalid(f"{_name(pair)}: send percent-encoded UTF-8")
    for name, values in attempt.values.items():
        if len(values) > 1 and name in _KNOWN:
            raise _invalid(f"{name}: send it once")


def refuse_unused_parameters(attempt: Attempt) -> None:
    """Refuse what the article lists as unused: R28, R25, R27."""
    if "audience" in attempt.values:
        raise _invalid(f"audience: do not send this parameter {_ARTICLE}")
    if attempt.get("client_secret"):
        raise OAuthError("invalid_client", f"client_secret: do not send this parameter {_ARTICLE}")


def refuse_client_authentication(attempt: Attempt) -> None:
    """Refuse a secret or a Service User in Basic, a malformed header, another id: R19, R21 to R24."""
    header = attempt.request.headers.get("authorization")
    if header is None or header.partition(" ")[0].lower() != "basic":
        return
    parsed, client_id = parse_basic(header), attempt.get("client_id")
    if parsed is None:
        raise _invalid("Authorization: it is not a well-formed Basic header; leave it out")
    basic = parsed.decoded
    if basic.secret.strip() or not client_id:
        raise _unauthorized(basic, attempt)
    if basic.client_id != client_id:
        raise _invalid("client_id: header and body name different clients")


def refuse_missing_fields(attempt: Attempt) -> None:
    """Refuse a request without client, grant, user name or password: R14, R17, R31, R32."""
    if not attempt.get("client_id"):
        raise OAuthError("invalid_client", f"client_id: send it in the body {_ARTICLE}")
    grant = attempt.get("grant_type")
    needed = {"password": ("username", "password"), "refresh_token": ("refresh_token",)}.get(grant, ("grant_type",))
    for name in needed:
        if not attempt.get(name):
            raise _invalid(f"{name}: it is missing {_ARTICLE}")


def refuse_scope(attempt: Attempt) -> None:
    """Refuse every scope but the API's own, and on refresh every scope that was not granted: R03, R05, R06, R46."""
    asked = set(attempt.get("scope").split())
    allowed = set(attempt.config.scopes)
    if attempt.get("grant_type") == "refresh_token":
        granted = attempt.authority.token_store.granted(attempt.get("refresh_token"), attempt.now)
        allowed = asked if granted is None else set(granted[0].scopes)
    if not asked <= allowed or len(attempt.get("scope")) > MAX_SCOPE_LENGTH:
        raise OAuthError("invalid_scope", f"scope: leave it out, or send cosmos {_ARTICLE}")


REFUSALS = (
    refuse_transport,
    refuse_places_and_encodings,
    refuse_unused_parameters,
    refuse_client_authentication,
    refuse_missing_fields,
    refuse_scope,
)


def _invalid(description: str, *, status: int = 400, headers: tuple[tuple[str, str], ...] = ()) -> OAuthError:
    return OAuthError("invalid_request", description, status=status, headers=headers)


def _unauthorized(basic: Credentials, attempt: Attempt) -> OAuthError:
    if not basic.secret.strip():
        text = "client_id: send it in the body, not in an Authorization header"
    elif attempt.authority.find_user(basic.client_id):
        text = "username: send it in the body, not in an Authorization header"
    else:
        text = "client_secret: do not send it, neither in the body nor in an Authorization header"
    return OAuthError("invalid_client", f"{text} {_ARTICLE}", status=401, headers=_CHALLENGE)


def _name(pair: Pair) -> str:
    # Error strings are plain ASCII without quotes (RFC 6749 5.2); an unknown name is the peer's text.
    return pair.name.lower() if pair.name.lower() in _KNOWN else "body"
