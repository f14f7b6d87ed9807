"""BIQ104: a discovery document of another issuer is refused."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from blastiq_conformance.catalogue import Level, Outcome, Part, Problem, Severity, quote, rule
from blastiq_conformance.catalogue.symptoms import Symptom
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.discovery_document import Document
from blastiq_conformance.evidence.origins import is_same_origin


def _mismatches(evidence: Evidence) -> list[Document]:
    return [document for document in evidence.documents if _is_foreign(document)]


def _is_foreign(document: Document) -> bool:
    issuer, called = document.issuer, document.called_issuer
    if issuer is None or called is None or document.token_endpoint is None:
        return False
    # One slash at the end is forgiven either way, for the article uses both (D6); the product lower-cases its issuer.
    return not (_rest(issuer) == _rest(called) and is_same_origin(issuer, called))


def _rest(issuer: str) -> str:
    """Give what stands behind the host: there every letter counts but the case."""
    try:
        parts = urlsplit(issuer)
    except ValueError:
        return issuer.lower()
    return f"{parts.username or ''}@{parts.path.removesuffix('/')}?{parts.query}#{parts.fragment}".lower()


def _with_mismatch(evidence: Evidence) -> Sequence[Evidence]:
    return (evidence,) if _mismatches(evidence) else ()


@rule(
    id="BIQ104",
    name="issuer-unchecked",
    level=Level.MUST,
    severity=Severity.WARNING,
    title="A discovery document whose issuer is not the authority is not used",
    why="OpenID Connect Discovery demands that the issuer in the document equals the address that it was asked at. "
    "The check is what keeps a wrong or forged document from sending the customer's password elsewhere.",
    instead="Compare issuer with the authority, a slash at the end aside, and stop before any credentials leave.",
    references=("OIDC Discovery 4.3", "OIDC Discovery 7.2", "RFC 8414 3.3"),
    fixes={
        "IdentityModel": "leave Policy.ValidateIssuerName and Policy.ValidateEndpoints at their default, true",
        "openid-client": "discovery() of version 6 checks it; Issuer.discover() before that does not: compare yourself",
        "authlib, requests-oauthlib": "compare document['issuer'] with the authority yourself",
    },
    good="""
GET /identity/.well-known/openid-configuration
Host: 127.0.0.1:8080

HTTP/1.1 200 OK
Content-Type: application/json

{"issuer": "http://elsewhere.example/identity", "token_endpoint": "http://127.0.0.1:8080/identity/connect/token"}

### the client stops there
exit: 1
""",
    bad="""
GET /identity/.well-known/openid-configuration
Host: 127.0.0.1:8080

HTTP/1.1 200 OK
Content-Type: application/json

{"issuer": "http://elsewhere.example/identity", "token_endpoint": "http://127.0.0.1:8080/identity/connect/token"}

###
POST /identity/connect/token
Host: 127.0.0.1:8080
Content-Type: application/x-www-form-urlencoded

grant_type=password&username=svc.pit-42%40mine.example&password=k7Fq2vN9xW4mZ8tR1pLs
&client_id=external.customer
""",
    select=_with_mismatch,
    absent=Outcome.INAPPLICABLE,
    reads=Part.RESPONSE,
    refusal=Symptom.NO_TOKEN_REQUEST,
)
def issuer_unchecked(evidence: Evidence) -> Iterator[Problem]:
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
                # D23: what leaves the authority's origin is lost to whoever wrote the document.
                severity=Severity.ERROR if leaves else None,
            )
            suspect = None
