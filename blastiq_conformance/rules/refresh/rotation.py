"""BIQ505: the newest refresh token is used."""

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, rule
from blastiq_conformance.catalogue.example_messages import (
    REFRESH_1,
    REFRESH_2,
    REFRESH_3,
    TOKEN_2,
    TOKEN_3,
    called,
    granted,
    refreshed,
    signed_in,
    story,
)
from blastiq_conformance.evidence.lineage import Refresh, refresh_history


@rule(
    id="BIQ505",
    level=Level.MUST,
    title="After a refresh the new refresh token is used, not the one before",
    why="Where a refresh brings a new refresh token, it replaces the old one (RFC 6749 section 6). By default "
    "IdentityServer accepts each only once: a client that keeps the first gets through one renewal and fails at the "
    "second.",
    instead="Store the refresh token of every answer that brings one, in place of the old one, before anything else.",
    references=("RFC 6749 6", "A24"),
    fixes={
        "requests-oauthlib": "store what refresh_token() returns; token_updater is told of automatic renewals alone",
        "authlib": "update_token=, to store what came back",
    },
    good=story(
        signed_in(),
        refreshed(REFRESH_1, granted(TOKEN_2, REFRESH_2)),
        refreshed(REFRESH_2, granted(TOKEN_3, REFRESH_3)),
    ),
    bad=story(
        signed_in(),
        called(),
        refreshed(REFRESH_1, granted(TOKEN_2, REFRESH_2)),
        refreshed(REFRESH_1, '{"error":"invalid_grant"}', "400 Bad Request"),
        "exit: 1",
    ),
    select=refresh_history,
    reads=Part.BODY | Part.RESPONSE,
)
def replaced_refresh_token_used(refresh: Refresh) -> Problems:
    """Find a refresh token whose successor had already arrived; tokens of several users do not mix."""
    if refresh.replaced is None:
        return
    yield Problem(
        message=f"the refresh token was replaced by the answer of exchange {refresh.replaced.exchange.number}",
        expected="the refresh token of that answer",
        received=f"the refresh token before it: {refresh.request.first('refresh_token')}",
        parameter="refresh_token",
    )
