"""BIQ105: a token endpoint over plain http is not used, though discovery names it."""

from collections.abc import Sequence
from dataclasses import dataclass

from blastiq_conformance.catalogue import Level, Problem, Problems, quote, rule
from blastiq_conformance.catalogue.example_messages import SIGN_IN
from blastiq_conformance.catalogue.symptoms import Symptom
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.discovery_document import Document
from blastiq_conformance.evidence.origins import is_plain_abroad, is_secure
from fake_idp.journal import Exchange

_DISCOVERED = """
GET https://idp.example/identity/.well-known/openid-configuration
HTTP/1.1 200 OK
Content-Type: application/json

{"issuer": "https://idp.example/identity", "token_endpoint": "http://idp.example/identity/connect/token"}

###"""


@dataclass(frozen=True, kw_only=True)
class _Named:
    """A document that came over TLS and names an endpoint without it, and the token requests after it."""

    document: Document
    asked: tuple[Exchange, ...]

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The exchanges that this rests on."""
        return (self.document.exchange, *self.asked)


def _select(evidence: Evidence) -> Sequence[_Named]:
    for document in evidence.documents:
        # The exemption of BIQ001: plain http on this machine goes nowhere.
        if is_secure(document.exchange.request) and is_plain_abroad(document.token_endpoint or ""):
            number = document.exchange.number
            asked = tuple(r.exchange for r in evidence.token_requests if r.exchange.number > number)
            return (_Named(document=document, asked=asked),)
    return ()


@rule(
    id="BIQ105",
    level=Level.MUST,
    title="A token endpoint over plain http is refused, whoever names it",
    why="Credentials must travel over TLS, and the discovery document is not an excuse: a mistake in the server's "
    "configuration, or an attacker who can change the document, would make every client give its password away.",
    instead="Check that token_endpoint begins with https:// before anything is sent there.",
    references=("RFC 6749 3.2", "RFC 6749 10.9"),
    fixes={"IdentityModel": "leave DiscoveryPolicy.RequireHttps on"},
    good=f"{_DISCOVERED}\nexit: 1",
    bad=f"{_DISCOVERED}\n{SIGN_IN.replace('/identity', 'http://idp.example/identity', 1)}",
    select=_select,
    refusal=Symptom.NO_TOKEN_REQUEST,
)
def plain_endpoint_accepted(named: _Named) -> Problems:
    """Find the first token request over plain http after such a document."""
    for exchange in named.asked:
        if not is_secure(exchange.request):
            yield Problem(
                message="the password was sent to a token endpoint over plain http, which discovery had named",
                expected="no token request: an endpoint without TLS is refused",
                received=quote(exchange.request.method, exchange.request.url),
                exchange=exchange.number,
            )
            return
