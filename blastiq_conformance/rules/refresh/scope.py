"""BIQ507: no wider scope on a refresh."""

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, Severity, ShownBy, quote, rule
from blastiq_conformance.catalogue.example_messages import REFRESH_1, granted, refreshed, renewal, signed_in, story
from blastiq_conformance.evidence.lineage import Refresh, refresh_history

# What the server grants where nothing is asked for (server.md 1.3), and what the article allows asking for (A34).
_DEFAULT = frozenset({"cosmos", "offline_access"})


@rule(
    id="BIQ507",
    level=Level.MUST_NOT,
    title="A refresh asks for no more scope than was granted",
    why="A refresh must not ask for a scope that the sign-in was not granted (RFC 6749 section 6), and the article "
    "needs no scope at all. IdentityServer ignores the parameter here, other servers answer invalid_scope.",
    instead="Leave scope out of the refresh.",
    references=("RFC 6749 6", "A34"),
    fixes={"OpenID Connect libraries": "set the scope to cosmos, or to nothing, in place of openid profile"},
    good=story(signed_in(), refreshed(REFRESH_1, granted())),
    bad=story(
        signed_in(),
        renewal(
            f"grant_type=refresh_token&refresh_token={REFRESH_1}&client_id=external.customer&scope=cosmos+openid+profile"
        ),
    ),
    select=refresh_history,
    reads=Part.BODY,
    shown_by=ShownBy.ANY_SIGN_IN,
)
def refresh_with_wider_scope(refresh: Refresh) -> Problems:
    """Find a scope beyond the one granted with the refresh token (D28); an empty one is a warning (D3)."""
    granted_scope = _granted(refresh)
    for field in refresh.request.all("scope"):
        wider = [word for word in field.value.split() if word not in granted_scope]
        if not wider and field.value.strip():
            continue
        yield Problem(
            message=f"the refresh asks for more than was granted: {quote(*wider)}" if wider else "the scope is empty",
            expected=f"no scope parameter, or at most: {quote(*sorted(granted_scope))}",
            received=refresh.request.quote(field),
            parameter="scope",
            severity=None if wider else Severity.WARNING,
        )


def _granted(refresh: Refresh) -> frozenset[str]:
    if refresh.origin is None:
        return _DEFAULT
    answered = refresh.origin.answer.get("scope")
    # An answer without scope grants what was asked for: RFC 6749 5.1.
    scope = answered if isinstance(answered, str) else refresh.origin.value("scope") or ""
    return frozenset(scope.split()) or _DEFAULT
