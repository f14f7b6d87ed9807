"""BIQ109: members of the discovery document that a client does not know are ignored."""

from collections.abc import Iterator, Sequence

from blastiq_conformance.catalogue import Flaw, Level, Outcome, Severity, rule
from blastiq_conformance.discovery_document import Document
from blastiq_conformance.evidence import Evidence


def _with_extra_members(evidence: Evidence) -> Sequence[Evidence]:
    extra = evidence.facts.scenario == "discovery-extra"
    return (evidence,) if extra and any(document.token_endpoint for document in evidence.documents) else ()


def _is_slashed(document: Document) -> bool:
    issuer, called = document.issuer or "", document.called_issuer
    return called is not None and issuer.endswith("/") and not called.endswith("/")


@rule(
    id="BIQ109",
    name="extra-metadata-refused",
    level=Level.MUST,
    severity=Severity.ERROR,
    title="Unknown members of the discovery document are ignored",
    why="A discovery document may grow members that a client has never heard of, and BlastIQ counts additions as "
    "compatible. A client that maps the document strictly fails on the day of the next server update.",
    instead="Read the members that you need, issuer and token_endpoint, and skip the rest in any order and depth.",
    references=("OIDC Discovery 4.2", "S additive changes"),
    fixes={
        "Jackson": "FAIL_ON_UNKNOWN_PROPERTIES = false, or @JsonIgnoreProperties(ignoreUnknown = true)",
        "pydantic": "model_config = ConfigDict(extra='ignore')",
        "serde": "remove #[serde(deny_unknown_fields)]",
    },
    good="""
facts: scenario = discovery-extra
###
GET /identity/.well-known/openid-configuration

HTTP/1.1 200 OK

{"x_new": {"a": [1, null]}, "token_endpoint": "http://127.0.0.1:8080/identity/connect/token"}

###
POST /identity/connect/token
Content-Type: application/x-www-form-urlencoded

grant_type=password&username=svc.pit-42%40mine.example&password=k7Fq2vN9xW4mZ8tR1pLs
&client_id=external.customer
""",
    bad="""
facts: scenario = discovery-extra
###
GET /identity/.well-known/openid-configuration

HTTP/1.1 200 OK

{"x_new": {"a": [1, null]}, "token_endpoint": "http://127.0.0.1:8080/identity/connect/token"}

### the client gives up
exit: 1
""",
    select=_with_extra_members,
    absent=Outcome.INAPPLICABLE,
)
def extra_metadata_refused(evidence: Evidence) -> Iterator[Flaw]:
    """Find that nothing followed a document which was good, only longer than usual, or whose issuer ends in a slash."""
    if any(request.endpoint for request in evidence.token_requests):
        return
    if any(map(_is_slashed, evidence.documents)):
        yield Flaw(
            message="the client does not go on after a discovery document whose issuer ends in a slash",
            expected="a token request: one slash at the end is forgiven: the article spells the authority both ways",
            received=f"issuer {evidence.documents[-1].issuer}, and no token request after the document",
            parameter="issuer",
            exchange=evidence.discoveries[-1].number,
            # OpenID Connect Discovery 4.3 demands that both are the same: whoever takes that to the letter is right.
            severity=Severity.INFO,
            missing=True,
        )
    else:
        yield Flaw(
            message="the client does not go on after a discovery document with members that it does not know",
            expected="a token request: unknown members are ignored",
            received="no token request after the document",
            exchange=evidence.discoveries[-1].number,
            missing=True,
        )
