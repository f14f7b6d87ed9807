"""BIQ107: the discovery document is kept, not fetched for each call."""

from collections.abc import Iterator, Sequence

from blastiq_conformance.catalogue import Level, Problem, Severity, rule
from blastiq_conformance.evidence import Evidence

# One at start, one more for a second component; from so many API calls on, one for each stands out from that.
_ALLOWED = 2
_TELLING_CALLS = 4


def _with_many_calls(evidence: Evidence) -> Sequence[Evidence]:
    return (evidence,) if evidence.documents and len(evidence.api_calls) >= _TELLING_CALLS else ()


@rule(
    id="BIQ107",
    level=Level.SHOULD,
    severity=Severity.WARNING,
    title="The discovery document is fetched once and kept",
    why="The document hardly ever changes. Fetching it for each call doubles the traffic and the time of each call, "
    "and makes every call fail whenever that one address does not answer.",
    instead="Keep the document for the life of the process, or for a day; at most fetch it again with a new token.",
    references=("RFC 9111 4.2",),
    fixes={
        "IdentityModel": "DiscoveryCache, kept as a singleton",
        "openid-client": "keep the Issuer or Configuration object; do not discover within a request",
    },
    good="""
GET /identity/.well-known/openid-configuration

HTTP/1.1 200 OK

{"token_endpoint": "http://127.0.0.1:8080/identity/connect/token"}

### four calls with one document
GET /api
### +1.1
GET /api
### +1.1
GET /api
### +1.1
GET /api
""",
    bad="""
GET /identity/.well-known/openid-configuration

HTTP/1.1 200 OK

{"token_endpoint": "http://127.0.0.1:8080/identity/connect/token"}

###
GET /api
### +1.1
GET /identity/.well-known/openid-configuration

HTTP/1.1 200 OK

{"token_endpoint": "http://127.0.0.1:8080/identity/connect/token"}

###
GET /api
### +1.1
GET /identity/.well-known/openid-configuration

HTTP/1.1 200 OK

{"token_endpoint": "http://127.0.0.1:8080/identity/connect/token"}

###
GET /api
### +1.1
GET /api
""",
    select=_with_many_calls,
)
def discovery_repeated(evidence: Evidence) -> Iterator[Problem]:
    """Count the documents that came, against the tokens that were asked for."""
    fetched = [document for document in evidence.documents if document.token_endpoint is not None]
    allowed = _ALLOWED + len(evidence.token_requests)
    if len(fetched) > allowed:
        yield Problem(
            message="the discovery document is fetched again and again",
            expected=f"at most {allowed}: {_ALLOWED}, and one more for each token request",
            received=f"{len(fetched)} times for {len(evidence.api_calls)} API calls",
            exchange=fetched[allowed].exchange.number,
        )
