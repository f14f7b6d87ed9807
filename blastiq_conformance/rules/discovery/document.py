"""BIQ104, BIQ105 and BIQ109: what the discovery document says: its issuer, its endpoint, and unknown members."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, Severity, Symptom, quote, rule
from blastiq_conformance.catalogue.example_messages import DISCOVERED, SIGN_IN, story
from blastiq_conformance.catalogue.registries import METADATA
from blastiq_conformance.evidence import Evidence, TokenRequest, where
from blastiq_conformance.evidence.discovery_document import Document
from blastiq_conformance.evidence.hosts import is_plain_abroad, is_same_origin, is_secure
from blastiq_conformance.rules.discovery.messages import FETCHED, SIGN_IN_AT_HOST, discovered

_FOREIGN = discovered(issuer="elsewhere.example")


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
    why="OpenID Connect Discovery demands that the issuer in the document equals the address that was asked, so that a "
    "wrong or forged document does not send the customer's password elsewhere.",
    instead="Compare issuer with the authority, apart from a trailing slash, and stop before any credentials leave.",
    references=("OIDC Discovery 4.3", "OIDC Discovery 7.2", "RFC 8414 3.3"),
    fixes={
        "IdentityModel": "leave Policy.ValidateIssuerName and Policy.ValidateEndpoints at their default, true",
        "openid-client": "discovery() of version 6 checks it; Issuer.discover() before that does not: compare yourself",
        "authlib, requests-oauthlib": "compare document['issuer'] with the authority yourself",
    },
    good=f"{_FOREIGN}\n### the client stops there\nexit: 1",
    bad=f"{_FOREIGN}\n###\n{SIGN_IN_AT_HOST}",
    select=where(lambda evidence: any(map(_is_foreign, evidence.documents))),
    reads=Part.RESPONSE,
    refusal=Symptom.NO_TOKEN_REQUEST,
)
def issuer_unchecked(evidence: Evidence) -> Problems:
    """Find the first token request after each document of another issuer."""
    told: set[int] = set()
    for request in evidence.token_requests:
        suspect = request.document
        if suspect is not None and suspect.exchange.number not in told and _is_foreign(suspect):
            told.add(suspect.exchange.number)
            leaves = not is_same_origin(request.request.origin, suspect.exchange.request.origin)
            yield Problem(
                message="credentials were sent after a discovery document of another issuer"
                + (", to another origin than the authority's" if leaves else ""),
                expected=f"no token request, for the issuer is not {quote(suspect.called_issuer)}",
                received=f"issuer {quote(suspect.issuer)}, then {quote(request.request.method, request.request.url)}",
                parameter="issuer",
                exchange=request.exchange.number,
                # D23: credentials sent to another origin are lost to whoever wrote the document.
                severity=Severity.ERROR if leaves else None,
            )


_HTTPS = "https://www.blastiq.com/identity"
_PLAIN = DISCOVERED.replace("/identity", _HTTPS, 1).replace(
    f"{_HTTPS}/connect", "http://www.blastiq.com/identity/connect"
)


def _after_plain_endpoint(evidence: Evidence) -> Sequence[Sequence[TokenRequest]]:
    for document in evidence.documents:
        # The exemption of BIQ001: plain http on this machine goes nowhere.
        if is_secure(document.exchange.request) and is_plain_abroad(document.token_endpoint or ""):
            return ([r for r in evidence.token_requests if r.exchange.number > document.exchange.number],)
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
    good=story(_PLAIN, "exit: 1"),
    bad=story(_PLAIN, SIGN_IN.replace("/identity", "http://www.blastiq.com/identity")),
    select=_after_plain_endpoint,
    refusal=Symptom.NO_TOKEN_REQUEST,
)
def plain_endpoint_accepted(requests: Sequence[TokenRequest]) -> Problems:
    """Find the first token request over plain http after such a document."""
    for request in [request for request in requests if not is_secure(request.request)][:1]:
        yield Problem(
            message="the password was sent to a token endpoint over plain http, which discovery had named",
            expected="no token request: an endpoint without TLS is refused",
            received=quote(request.request.method, request.request.url),
            exchange=request.exchange.number,
        )


_EXTENDED = FETCHED.replace("{", '{"x_new": {"a": [1, null]}, ')


def _oddity(document: Document) -> str:
    if document.token_endpoint is None:
        return ""
    if document.members.keys() - METADATA.keys():
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
    why="A discovery document may gain members that a client has never heard of: BlastIQ counts additions as "
    "compatible. A client that maps the document strictly fails on the day of the next server update.",
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
