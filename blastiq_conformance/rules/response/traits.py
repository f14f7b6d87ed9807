"""What is unusual about an answer with a token, and whether its client coped; each trait has its rule."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from blastiq_conformance.catalogue import Problem, Problems, Severity, Symptom, quote
from blastiq_conformance.evidence import Evidence, TokenRequest
from blastiq_conformance.evidence.clients import MAY_BE_SEVERAL, clients
from fake_idp.journal import Exchange
from fake_idp.secrets.token_parts import claims_of
from fake_idp.wire import Ending, Response

Trait = Callable[[TokenRequest], object]

_OPAQUE = re.compile(r"[0-9A-Fa-f]{32,}")
_TEN_YEARS = 315_360_000
_SKEW = 3600
# With this many seconds between two bytes a server is one that does not answer: BIQ804.
_SILENCE = 1.0
# What the products send, and the spelling of ASP.NET's own formatter.
_USUAL_TYPES = frozenset({"application/json; charset=UTF-8", "application/json; charset=utf-8"})


@dataclass(frozen=True, kw_only=True)
class Answers:
    """The answers with one trait, and what came of their tokens."""

    evidence: Evidence
    requests: tuple[TokenRequest, ...]

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The exchanges that this rests on."""
        return tuple(request.exchange for request in self.requests)

    @property
    def exchange(self) -> Exchange:
        """The last of these exchanges: a finding names it."""
        return self.requests[-1].exchange

    @property
    def tokens(self) -> frozenset[str]:
        """Their access tokens."""
        return frozenset(request.access_token for request in self.requests if request.access_token is not None)

    @property
    def used(self) -> frozenset[str]:
        """Those of the tokens that a call of the API carried."""
        return self.tokens & self.evidence.used_tokens


def answers_with(trait: Trait) -> Callable[[Evidence], Sequence[Answers]]:
    """Make the selector of the answers with a trait, where it can be seen whether their client coped."""

    def select(evidence: Evidence) -> Sequence[Answers]:
        answers = _answers(evidence, trait)
        # Where the control copes with this trait, another one stops the client here.
        if not answers.requests or (evidence.control is not None and _answers(evidence.control, trait).used):
            return ()
        # A client that only signs in and ends well uses no token and shows nothing, like a recording that ends there.
        shown = answers.used or evidence.failed or evidence.process.stopped
        return (answers,) if shown else ()

    return select


def _answers(evidence: Evidence, trait: Trait) -> Answers:
    requests = tuple(r for r in evidence.token_requests if r.access_token is not None and trait(r))
    return Answers(evidence=evidence, requests=requests)


def refused(answers: Answers, what: str, severity: Severity | None = None, detail: str = "") -> Problems:
    """Find a client that got such an answer and never used its token."""
    if not answers.used:
        yield Problem(
            message=f"the integration could not use an answer {what}",
            expected="a call of the API with its access token",
            received=f"no call of the API with this token{detail}",
            severity=severity,
            missing=True,
            symptom=Symptom.NO_CALL,
        )


def fetched_anew(answers: Answers, what: str) -> Problems:
    """Find a client that fetched one of these tokens for each call, though the API never refused one."""
    evidence = answers.evidence
    # Each user needs a token of its own.
    if evidence.facts.other_users or len({request.value("username") for request in evidence.password_grants}) > 1:
        return
    fetching = (client for client in clients(evidence) if client.fetches and all(client.fetches))
    client = next((client for client in fetching if answers.tokens >= client.last_uses.keys()), None)
    if client is not None:
        yield Problem(
            message=f"the integration got a new token for each call of the API after an answer {what}",
            expected="one token for all calls, until the API answers 401",
            received=f"{len(client.last_uses)} tokens for {len(client.calls)} calls",
            doubt=MAY_BE_SEVERAL if client.may_be_several else "",
            symptom=Symptom.NEW_TOKEN_PER_CALL,
        )


def has_no_lifetime(request: TokenRequest) -> bool:
    """Whether expires_in is missing: BIQ404."""
    return "expires_in" not in request.answer


def has_odd_lifetime(request: TokenRequest) -> bool:
    """Whether expires_in is there and not a plain number of seconds: BIQ405."""
    return not has_no_lifetime(request) and not 0 < (request.lifetime or 0) < _TEN_YEARS


def has_odd_token(request: TokenRequest) -> bool:
    """Whether the token is not a JWT, is one that only base64url reads, or has an exp that contradicts it: BIQ406."""
    token = request.access_token or ""
    parts = token.split(".")
    if len(parts) != 3:
        return _OPAQUE.fullmatch(token) is not None
    if "-" in parts[1] or "_" in parts[1]:
        return True
    claims = claims_of(parts[1]) or {}
    start, end, lifetime = claims.get("nbf"), claims.get("exp", 0), request.answer.get("expires_in")
    if not isinstance(end, int):
        return True
    # Where expires_in is odd itself, that is BIQ405's.
    if not isinstance(start, int) or not isinstance(lifetime, int) or "exp" not in claims or has_odd_lifetime(request):
        return False
    return abs(end - start - lifetime) > _SKEW


def variety(request: TokenRequest) -> str:
    """Say how the answer, legal JSON in legal HTTP, looks unlike the server's: BIQ411; empty where it does not."""
    response = request.exchange.reply
    body, told = response.body, response.headers.get("content-type") or ""
    coding = response.headers.get("content-encoding")
    unordered = next(iter(request.answer), "") not in {"access_token", "id_token"}
    ways = {
        f"was compressed with {quote(coding)}, as Accept-Encoding asked": coding is not None,
        "came in chunks": response.delivery.chunked,
        "came in small pieces": came_slowly(response),
        f"had the media type {quote(told)}": told not in {*_USUAL_TYPES, ""},
        r"had letters written as \u escapes": b"\\u" in body,
        "had white space between its members": b"\n" in body.strip() or b'": ' in body,
        "had its members in another order": unordered,
    }
    return next((way for way, is_so in ways.items() if is_so), "")


def came_slowly(response: Response) -> bool:
    """Whether the answer came byte by byte, and yet fast enough to wait for it: a slower one is none (BIQ804)."""
    return 0 < response.delivery.drip < _SILENCE


def is_typed_in_other_letters(request: TokenRequest) -> bool:
    """Whether the media type of the answer is the server's but for case and blanks."""
    told = request.exchange.reply.headers.get("content-type") or ""
    return told not in _USUAL_TYPES and told.replace(" ", "").lower() == "application/json;charset=utf-8"


def is_cut(request: TokenRequest) -> bool:
    """Whether the answer is incomplete: BIQ412."""
    response = request.exchange.reply
    if response.delivery.ending is not Ending.COMPLETE:
        return True
    # Who records writes what a body was replaced by, under the old length: only on the wire itself the length tells.
    return not request.exchange.edited and not request.exchange.source and _is_short(response)


def may_be_cut(request: TokenRequest) -> bool:
    """Whether the answer was cut, or something was taken out of its recording: nobody can tell which."""
    exchange = request.exchange
    edited = exchange.edited and (not exchange.lost or "response" in exchange.lost)
    return bool(edited) and _is_short(exchange.reply)


def _is_short(response: Response) -> bool:
    return "content-encoding" not in response.headers and response.headers.content_length > len(response.body)
