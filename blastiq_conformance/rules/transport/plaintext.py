"""BIQ001: credentials and tokens travel over TLS alone."""

from collections.abc import Sequence

from blastiq_conformance.catalogue import Level, Problem, Problems, quote, rule
from blastiq_conformance.catalogue.example_messages import SIGN_IN
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.hosts import is_plain_abroad, is_same_origin, is_secure
from fake_idp.classify import Kind
from fake_idp.journal import Exchange
from fake_idp.wire import Request


def _with_secrets(evidence: Evidence) -> Sequence[Exchange]:
    carrying = [request.exchange for request in evidence.token_requests]
    carrying += [call.exchange for call in evidence.api_calls if call.is_plain or call.tokens]
    # Userinfo, revocation and introspection take tokens as well.
    carrying += [x for x in evidence.of_kind(Kind.IDENTITY) if _carries_token(x.request, evidence)]
    # Plain http on this machine is the kit's simple mode, and so is an http address that `serve` was told to announce;
    # a recording may not say which host it was (D16).
    facts = evidence.facts
    announced = facts.authority if facts.typed else None
    origins = ((x, x.request.origin) for x in carrying if is_secure(x.request) or is_plain_abroad(x.request.origin))
    telling = (x for x, origin in origins if not is_same_origin(origin, announced or ""))
    return sorted(telling, key=lambda exchange: exchange.number)


def _carries_token(request: Request, evidence: Evidence) -> bool:
    if request.headers.get("authorization") is not None:
        return True
    return any(pair.value in evidence.access_tokens or pair.value in evidence.refresh_tokens for pair in request.form)


@rule(
    id="BIQ001",
    level=Level.MUST,
    title="Credentials and tokens are sent over https only",
    why="Without TLS everybody on the way can read the Service User's password and the token that opens the customer's "
    "data. OAuth demands TLS for the token endpoint and for every use of a bearer token.",
    instead="Use https:// addresses for the authority and the API, and refuse all others but loopback.",
    references=("RFC 6749 3.2", "RFC 6749 10.9", "RFC 6750 5.3", "OIDC Discovery 7.1"),
    good=SIGN_IN.replace("/identity", "https://www.blastiq.com/identity"),
    bad=SIGN_IN.replace("/identity", "http://www.blastiq.com/identity"),
    select=_with_secrets,
)
def credentials_over_plain_http(exchange: Exchange) -> Problems:
    """Find token requests, and whatever carries a token to API or identity server, without TLS and not on loopback."""
    if not is_secure(exchange.request):
        yield Problem(
            message="credentials or a token were sent over plain http",
            expected="https, or nothing at all",
            received=quote(exchange.request.method, exchange.request.url),
        )
