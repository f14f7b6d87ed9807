"""BIQ104: a discovery document of another issuer is refused."""

from urllib.parse import urlsplit

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, Severity, quote, rule
from blastiq_conformance.catalogue.example_messages import SIGN_IN
from blastiq_conformance.catalogue.symptoms import Symptom
from blastiq_conformance.evidence import Evidence, where
from blastiq_conformance.evidence.discovery_document import Document
from blastiq_conformance.evidence.origins import is_same_origin
from blastiq_conformance.rules.discovery.messages import at_host, discovered

_FOREIGN = discovered(issuer="elsewhere.example")


def _mismatches(evidence: Evidence) -> list[Document]:
    return [document for document in evidence.documents if _is_foreign(document)]


def _is_foreign(document: Document) -> bool:
    issuer, called = document.issuer, document.called_issuer
    if issuer is None or called is None or document.token_endpoint is None:
        return False
    # A trailing slash is forgiven on either side, for the article uses both (D6); the product lower-cases its issuer.
    return not (_rest(issuer) == _rest(called) and is_same_origin(issuer, called))


def _rest(issuer: str) -> str:
    """Give what follows the host: every letter of it counts, but not its case."""
    try:
        parts = urlsplit(issuer)
    except ValueError:
        return issuer.lower()
    return f"{parts.username or ''}@{parts.path.removesuffix('/')}?{parts.query}#{parts.fragment}".lower()


@rule(
    id="BIQ104",
    level=Level.MUST,
    severity=Severity.WARNING,
    title="A discovery document whose issuer is not the authority is not used",
    why="OpenID Connect Discovery demands that the issuer in the document equals the address that was asked. This "
    "check keeps a wrong or forged document from sending the customer's password elsewhere.",
    instead="Compare issuer with the authority, apart from a trailing slash, and stop before any credentials leave.",
    references=("OIDC Discovery 4.3", "OIDC Discovery 7.2", "RFC 8414 3.3"),
    fixes={
        "IdentityModel": "leave Policy.ValidateIssuerName and Policy.ValidateEndpoints at their default, true",
        "openid-client": "discovery() of version 6 checks it; Issuer.discover() before that does not: compare yourself",
        "authlib, requests-oauthlib": "compare document['issuer'] with the authority yourself",
    },
    good=f"{_FOREIGN}\n### the client stops there\nexit: 1",
    bad=f"{_FOREIGN}\n###\n{at_host(SIGN_IN)}",
    select=where(_mismatches),
    reads=Part.RESPONSE,
    refusal=Symptom.NO_TOKEN_REQUEST,
)
def issuer_unchecked(evidence: Evidence) -> Problems:
    """Find the first token request after each document of another issuer."""
    foreign = {document.exchange.number: document for document in _mismatches(evidence)}
    documents = {document.exchange.number: document for document in evidence.documents if document.token_endpoint}
    requests = {request.exchange.number: request for request in evidence.token_requests}
    suspect: Document | None = None
    for number in sorted(documents.keys() | requests.keys()):
        request = requests.get(number)
        if request is None:
            suspect = foreign.get(number)
        elif suspect is not None:
            leaves = not is_same_origin(request.request.origin, suspect.exchange.request.origin)
            yield Problem(
                message="credentials were sent after a discovery document of another issuer"
                + (", to another origin than the authority's" if leaves else ""),
                expected=f"no token request, for the issuer is not {quote(suspect.called_issuer)}",
                received=f"issuer {quote(suspect.issuer)}, then {quote(request.request.method, request.request.url)}",
                parameter="issuer",
                exchange=number,
                # D23: credentials sent to another origin are lost to whoever wrote the document.
                severity=Severity.ERROR if leaves else None,
            )
            suspect = None
