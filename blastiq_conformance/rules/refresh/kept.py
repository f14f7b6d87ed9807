"""BIQ506: the old refresh token stays valid where no new one comes."""

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, rule
from blastiq_conformance.catalogue.example_messages import (
    REFRESH_1,
    TOKEN_2,
    TOKEN_3,
    granted,
    refreshed,
    renewal,
    signed_in,
    story,
)
from blastiq_conformance.evidence.lineage import Refresh, refresh_history


@rule(
    id="BIQ506",
    level=Level.MUST,
    title="Where a refresh brings no new refresh token, the old one is kept",
    why="A server may return a new refresh token, but need not (RFC 6749 section 6): where none comes, the old one "
    "stays valid. A client that stores the missing value has nothing left to send at the next renewal.",
    instead="Replace the stored refresh token only when the answer carries one; or sign in again.",
    references=("RFC 6749 6", "A24"),
    fixes={"JavaScript": "stored.refreshToken = answer.refresh_token ?? stored.refreshToken"},
    good=story(
        signed_in(),
        refreshed(REFRESH_1, granted(TOKEN_2, "")),
        refreshed(REFRESH_1, granted(TOKEN_3, "")),
    ),
    bad=story(
        signed_in(),
        refreshed(REFRESH_1, granted(TOKEN_2, "")),
        renewal("grant_type=refresh_token&refresh_token=&client_id=external.customer"),
    ),
    select=refresh_history,
    reads=Part.BODY | Part.RESPONSE,
)
def refresh_token_lost(refresh: Refresh) -> Problems:
    """Find a refresh without a refresh token after one that brought no new one."""
    previous = refresh.previous
    if previous is None or not previous.is_refresh or not (refresh.presents_nothing and refresh.none_returned):
        return
    sent = refresh.request.first("refresh_token")
    yield Problem(
        message=f"the refresh token was lost: the answer of exchange {previous.exchange.number} brought no new one",
        expected=f"the one that was used before: {previous.first('refresh_token')}",
        received=str(sent) if sent is not None else "no refresh_token parameter",
        parameter="refresh_token",
        missing=True,
    )
