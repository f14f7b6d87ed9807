"""Refresh tokens over time: which answer brought one, what replaced it, and what is not one at all."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.token_request import TokenRequest
from fake_idp.journal import Exchange
from fake_idp.secrets.patterns import SHORTEST_PREFIX
from fake_idp.secrets.search import Search, Secret
from fake_idp.secrets.secret_names import NOTHING


@dataclass(frozen=True, kw_only=True)
class Refresh:
    """A refresh and what its client knew by then; None where it knew nothing.

    `origin` is the request whose answer brought the refresh token, `replaced` the refresh whose answer replaced it,
    `previous` the last request before this one that was answered with a token. `altered` says how a refresh token that
    was not issued was made of one that was.
    """

    request: TokenRequest
    origin: TokenRequest | None = None
    replaced: TokenRequest | None = None
    previous: TokenRequest | None = None
    altered: str = ""

    @property
    def exchange(self) -> Exchange:
        """The exchange of the refresh."""
        return self.request.exchange

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The exchanges that this rests on."""
        known = (self.request, self.origin, self.replaced, self.previous)
        return tuple(request.exchange for request in known if request is not None)

    @cached_property
    def presents_nothing(self) -> bool:
        """Whether no refresh token was sent: absent, empty, or a word for nothing."""
        return (self.request.value("refresh_token") or "").strip().lower() in NOTHING

    @property
    def none_returned(self) -> bool:
        """Whether the last answer with an access token came without a refresh token."""
        return self.previous is not None and not self.previous.answer.get("refresh_token")


def refresh_history(evidence: Evidence) -> Sequence[Refresh]:
    """Select the refreshes, each with the history of its refresh token."""
    return tuple(_history(evidence.token_requests, evidence.refresh_tokens)) if evidence.refreshes else ()


def _history(requests: Sequence[TokenRequest], issued: Collection[str]) -> list[Refresh]:
    found: list[Refresh] = []
    origins: dict[str, TokenRequest] = {}
    replaced: dict[str, TokenRequest] = {}
    successes: list[TokenRequest] = []
    for request in requests:
        refresh_token = request.value("refresh_token") or ""
        if request.is_refresh:
            found.append(
                Refresh(
                    request=request,
                    origin=origins.get(refresh_token),
                    replaced=_heard(replaced.get(refresh_token), request),
                    previous=next((earlier for earlier in reversed(successes) if _heard(earlier, request)), None),
                    altered=alteration(refresh_token, issued),
                )
            )
        if request.access_token is None:
            continue
        successes.append(request)
        if new := request.told("refresh_token"):
            origins.setdefault(new, request)
            if request.is_refresh and new != refresh_token:
                replaced.setdefault(refresh_token, request)
    return found


def alteration(sent: str, issued: Collection[str]) -> str:
    """Say how a refresh token that was not issued was made of one that was; empty where it was not."""
    if sent in issued or len(sent) < SHORTEST_PREFIX:
        return ""
    if any(each.lower() == sent.lower() for each in issued):
        return "in letters of another case"
    if any(each.startswith(sent) for each in issued):
        return f"cut after {len(sent)} characters"
    long = (Secret("refresh_token", each) for each in issued if len(each) >= SHORTEST_PREFIX)
    leaks = Search(long).find(sent)
    # A beginning amid other characters may be another token's.
    found = next((leak for leak in leaks if leak.whole), None)
    if found is None:
        return ""
    return "amid other characters" if found.form == "raw" else f"encoded: {found.form}"


def _heard(earlier: TokenRequest | None, later: TokenRequest) -> TokenRequest | None:
    # A client cannot know an answer that was still on its way when it asked again.
    return earlier if earlier is not None and earlier.exchange.ended <= later.exchange.started else None
