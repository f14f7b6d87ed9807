"""BIQ107: the discovery document is kept, not fetched for each call."""

from blastiq_conformance.catalogue import Level, Problem, Problems, rule
from blastiq_conformance.evidence import Evidence, where
from blastiq_conformance.rules.discovery.messages import FETCHED

# One at the start, one for a second component; with this many API calls, a document for each call stands out.
_ALLOWED = 2
_TELLING_CALLS = 4


@rule(
    id="BIQ107",
    level=Level.SHOULD,
    title="The discovery document is fetched once and kept",
    why="The document hardly ever changes. Fetching it for each call doubles the traffic and the time of each call, "
    "and makes every call fail whenever that one address does not answer.",
    instead="Keep the document for the life of the process, or for a day; at most fetch it again with a new token.",
    references=("RFC 9111 4.2",),
    fixes={
        "IdentityModel": "DiscoveryCache, kept as a singleton",
        "openid-client": "keep the Issuer or Configuration object; do not discover within a request",
    },
    good=FETCHED + "\n### four calls with one document\n" + "\n### +1.1\n".join(["GET /api"] * 4),
    bad="\n### +1.1\n".join([f"{FETCHED}\n###\nGET /api"] * 3 + ["GET /api"]),
    select=where(lambda evidence: evidence.documents and len(evidence.api_calls) >= _TELLING_CALLS),
)
def discovery_repeated(evidence: Evidence) -> Problems:
    """Compare the number of documents that came with the number of token requests."""
    fetched = [document for document in evidence.documents if document.token_endpoint is not None]
    allowed = _ALLOWED + len(evidence.token_requests)
    if len(fetched) > allowed:
        yield Problem(
            message="the discovery document is fetched again and again",
            expected=f"at most {allowed}: {_ALLOWED}, and one more for each token request",
            received=f"{len(fetched)} times for {len(evidence.api_calls)} API calls",
            exchange=fetched[allowed].exchange.number,
        )
