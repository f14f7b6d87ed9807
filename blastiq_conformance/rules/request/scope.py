"""BIQ212: scope is absent, or cosmos."""

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, Severity, rule
from blastiq_conformance.catalogue.example_messages import SIGN_IN
from blastiq_conformance.evidence import password_grants
from blastiq_conformance.evidence.token_request import TokenRequest

_SCOPE = "cosmos"
# What clients add by themselves, and the server knows: too much, but by itself not a reason for a refusal.
_USUAL = frozenset({_SCOPE, "openid", "offline_access"})
# What every product grants to this client, unless it issues no refresh tokens at all.
_GRANTED = frozenset({_SCOPE, "offline_access"})


@rule(
    id="BIQ212",
    level=Level.SHOULD_NOT,
    severity=Severity.ERROR,
    title="scope is left out, or cosmos where a library insists on one",
    why="The article says that scope is not needed, and names cosmos for libraries that demand one. The server refuses "
    "a scope that it does not know with invalid_scope. Without scope it grants all that the client may have, including "
    "a refresh token; with cosmos alone it gives no refresh token.",
    instead="Leave scope out altogether; or send scope=cosmos and sign in again when the token expires.",
    references=("A34", "A21", "RFC 6749 3.3"),
    fixes={
        "Auth0 SDKs and samples": "remove scope: 'openid profile email'",
        "openid-client": "grant({…}) without scope; its authorizationUrl() alone adds openid",
        "PHP": "null instead of an empty string: http_build_query leaves it out",
        "axios with qs": "leave null out instead of sending scope= empty",
        "IdentityModel": "PasswordTokenRequest with Scope = null",
        "Guzzle": "no scope among form_params",
        "Postman": "untick the row scope in the body",
        "MSAL": "it adds openid, offline_access and profile to every request and cannot be told not to, so that it "
        "cannot sign in as a Service User: post the form yourself",
    },
    good=SIGN_IN + "&scope=cosmos",
    bad=SIGN_IN + "&scope=openid+profile",
    select=password_grants,
    reads=Part.BODY,
)
def unexpected_scope(request: TokenRequest) -> Problems:
    """Find every scope but `cosmos`: an empty one or usual additions that are granted warn, all others are errors."""
    for field in request.all("scope"):
        words = field.value.split()
        # D51: a client that does not get what it asks for cannot sign in at all.
        refused = bool(words) and request.error == "invalid_scope" and set(words) != _GRANTED
        harmless = not words or (_SCOPE in words and _USUAL.issuperset(words))
        if field.value != _SCOPE:
            yield Problem(
                message=_message(words, harmless=harmless, refused=refused),
                expected="no scope parameter, or scope=cosmos",
                received=request.quote(field),
                parameter="scope",
                severity=Severity.WARNING if harmless and not refused else None,
            )


def _message(words: list[str], *, harmless: bool, refused: bool) -> str:
    if harmless and refused:
        return "scope asks for what this client does not get: the answer is invalid_scope"
    if not words:
        return "scope is sent without a value"
    if harmless and set(words) == {_SCOPE}:
        return "scope is cosmos with more around it: white space, or the word again"
    return "scope asks for more than cosmos" if harmless else "scope is one that BlastIQ does not offer"
