"""BIQ108: nothing secret goes along with the request for the discovery document."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, ShownBy, rule
from blastiq_conformance.evidence import Evidence, Facts
from blastiq_conformance.evidence.canaries import Canaries
from blastiq_conformance.evidence.quotation import quote, quote_authorization
from blastiq_conformance.evidence.token_request import Basic, parse_basic
from blastiq_conformance.rules.discovery.messages import FETCHED
from fake_idp.journal import Exchange

_SECRET_NAMES = frozenset({"username", "password", "client_secret", "access_token", "refresh_token"})


@dataclass(frozen=True)
class _Lookup:
    """A request for the discovery document, with the values that must not be in it."""

    exchange: Exchange
    facts: Facts
    canaries: Canaries


def _lookups(evidence: Evidence) -> Sequence[_Lookup]:
    return [_Lookup(exchange, evidence.facts, evidence.canaries) for exchange in evidence.discoveries]


@rule(
    id="BIQ108",
    level=Level.MUST_NOT,
    title="The discovery document is fetched without credentials",
    why="The document is public. A password or token that goes along with the request ends up in logs and caches on "
    "the way, and OAuth allows credentials to be shared with the token endpoint only.",
    instead="Send a plain GET: no Authorization header, no credentials in query, headers or body.",
    references=("RFC 6749 10.3",),
    fixes={
        "requests, httpx": "fetch it with a session of its own, without auth= or default headers",
        "axios": "do not set auth or Authorization in axios.defaults; use an instance for the API",
    },
    good=FETCHED.replace("\n", "\nAccept: application/json\n", 1),
    bad=FETCHED.replace("\n", "\nAuthorization: Bearer eyJhbGciOiJSUzI1NiJ9.of-another-session\n", 1),
    select=_lookups,
    reads=Part.HEADERS | Part.BODY,
    shown_by=ShownBy.ANY_SIGN_IN,
)
def secret_sent_to_discovery(lookup: _Lookup) -> Problems:
    """Find an Authorization header, credentials by name, and known secrets in any encoding."""
    for what in _secrets(lookup):
        yield Problem(
            message="the request for the discovery document carries a secret",
            expected="a plain GET without credentials",
            received=what,
        )
        return


def _secrets(lookup: _Lookup) -> Iterator[str]:
    request, facts = lookup.exchange.request, lookup.facts
    header = request.headers.get("authorization")
    # The client id alone is not a secret.
    if header is not None and parse_basic(header) != Basic(facts.client_id, ""):
        yield f"Authorization: {quote_authorization(header)}"
    for pair in request.query if "?" in request.target else ():
        if pair.name.lower() in _SECRET_NAMES and pair.value:
            yield f"query parameter {quote(pair.name)}={quote(pair.value)}"
    lines = [f"{name}: {value}" for name, value in request.headers if name.lower() != "authorization"]
    text = "\n".join([request.target, *lines, request.body.decode("utf-8", "replace")])
    for leak in lookup.canaries.search.find(text):
        yield f"the {leak.secret.kind}, in the form {leak.form}"
