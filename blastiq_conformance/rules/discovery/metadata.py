"""BIQ109: members of the discovery document that a client does not know are ignored."""

from blastiq_conformance.catalogue import Level, Problem, Problems, Severity, rule
from blastiq_conformance.catalogue.example_messages import SIGN_IN
from blastiq_conformance.catalogue.registries import METADATA, unknown
from blastiq_conformance.catalogue.symptoms import Symptom
from blastiq_conformance.evidence import Evidence, where
from blastiq_conformance.evidence.discovery_document import Document
from blastiq_conformance.rules.discovery.messages import FETCHED

_EXTENDED = FETCHED.replace("{", '{"x_new": {"a": [1, null]}, ', 1)


def _oddity(document: Document) -> str:
    if document.token_endpoint is None:
        return ""
    if unknown(document.members, METADATA):
        return "with members that it does not know"
    if _is_slashed(document):
        return "whose issuer ends in a slash"
    # BlastIQ's documents begin with the issuer, as most do.
    reordered = document.issuer is not None and next(iter(document.members)) != "issuer"
    return "whose members stand in another order" if reordered else ""


def _with_extra_members(evidence: Evidence) -> bool:
    # A recording may end with the document: it shows a client that went on, but not one that gave up.
    shown = evidence.child is not None or _went_on(evidence)
    return shown and any(map(_oddity, evidence.documents))


def _went_on(evidence: Evidence) -> bool:
    return any(request.endpoint for request in evidence.token_requests)


def _is_slashed(document: Document) -> bool:
    issuer, called = document.issuer or "", document.called_issuer
    return called is not None and issuer.endswith("/") and not called.endswith("/")


@rule(
    id="BIQ109",
    level=Level.MUST,
    title="Unknown members of the discovery document are ignored",
    why="A discovery document may gain members that a client has never heard of, and BlastIQ counts additions as "
    "compatible: a client need not know what is in none of IANA's registries. A client that maps the document strictly "
    "fails on the day of the next server update.",
    instead="Read the members that you need, issuer and token_endpoint, and skip the rest in any order and depth.",
    references=("OIDC Discovery 4.2", "S additive changes"),
    fixes={
        "Jackson": "FAIL_ON_UNKNOWN_PROPERTIES = false, or @JsonIgnoreProperties(ignoreUnknown = true)",
        "pydantic": "model_config = ConfigDict(extra='ignore')",
        "serde": "remove #[serde(deny_unknown_fields)]",
    },
    good=f"{_EXTENDED}\n###\n{SIGN_IN}",
    bad=f"{_EXTENDED}\n### the client gives up\nexit: 1",
    select=where(_with_extra_members),
)
def extra_metadata_refused(evidence: Evidence) -> Problems:
    """Find that nothing followed a good document that was only longer than usual, or spelt in another way."""
    if not _went_on(evidence):
        oddity = next(filter(None, map(_oddity, evidence.documents)))
        yield Problem(
            message=f"the client does not go on after a discovery document {oddity}",
            expected="a token request: unknown members are ignored, and the order of members means nothing",
            received="no token request after the document",
            exchange=evidence.discoveries[-1].number,
            missing=True,
            symptom=Symptom.NO_TOKEN_REQUEST,
            # A client that takes OpenID Connect Discovery 4.3 to the letter compares the slash as well.
            severity=Severity.INFO if any(map(_is_slashed, evidence.documents)) else None,
        )
