"""BIQ103 and BIQ106: the token endpoint is the one that discovery names; where discovery fails, there is none."""

from urllib.parse import urlsplit

from blastiq_conformance.catalogue import Level, Outcome, Part, Problem, Problems, Severity, Symptom, quote, rule
from blastiq_conformance.catalogue.example_messages import SIGN_IN
from blastiq_conformance.evidence import Child, Evidence, TokenRequest, where
from blastiq_conformance.evidence.discovery_document import Document
from blastiq_conformance.evidence.stack_trace import find_stack_trace
from blastiq_conformance.rules.discovery.messages import LOOKUP, SIGN_IN_AT_HOST, discovered

_MOVED = discovered(path="x7f3")


def _is_whole(evidence: Evidence) -> bool:
    # A recording may lack discovery; where the kit gave authority and user, it saw everything.
    return evidence.facts.authority is not None and evidence.facts.username is not None


# With more discoveries that failed, a client tries until it gets a document.
_TRIES = 2


@rule(
    id="BIQ103",
    level=Level.SHOULD,
    title="The token endpoint comes from the discovery document",
    why="The article's sample takes the token endpoint from the discovery document. A fixed address works until the "
    "server moves, and then the integration is down without a change of its own.",
    instead="Fetch the discovery document once at start and post to its token_endpoint.",
    references=("A18", "A20", "A28", "RFC 9700 2.6"),
    fixes={
        "IdentityModel": "GetDiscoveryDocumentAsync, then Address = disco.TokenEndpoint",
        "authlib, requests-oauthlib": "fetch the document yourself and pass document['token_endpoint'] to fetch_token",
        "axios, fetch": "get `${authority}/.well-known/openid-configuration`, and post to token_endpoint of its JSON",
        "openid-client": "Issuer.discover(authority)",
        "openid-client 6": "discovery(new URL(authority), clientId, undefined, None())",
        "golang.org/x/oauth2": "oidc.NewProvider(ctx, authority).Endpoint() of coreos/go-oidc",
    },
    good=f"{_MOVED}\n###\n{SIGN_IN_AT_HOST.replace('token', 'x7f3', 1)}",
    bad=f"{_MOVED}\n### the usual address, not the one that the document names\n{SIGN_IN_AT_HOST}\n"
    "\nHTTP/1.1 404 Not Found\n\n###\nexit: 1",
    select=where(lambda evidence: evidence.token_requests and (evidence.discoveries or _is_whole(evidence))),
    absent=Outcome.UNTESTED,
)
def token_endpoint_not_discovered(evidence: Evidence) -> Problems:
    """Find token requests to other addresses, each address once, and once a token request without discovery."""
    first_discovery = evidence.discoveries[0].number if evidence.discoveries else None
    told: set[str] = set()
    for request in evidence.token_requests:
        url, number = request.request.url, request.exchange.number
        if request.endpoint:
            if url not in told and not _is_at(request, request.endpoint):
                told.add(url)
                yield Problem(
                    message="a token was requested at another address than the one that discovery names",
                    expected=f"POST {quote(request.endpoint)}",
                    received=quote(request.request.method, url),
                    exchange=number,
                )
        elif _is_whole(evidence) and "" not in told and (first_discovery is None or first_discovery > number):
            told.add("")
            yield Problem(
                message="the token endpoint is fixed: no discovery document was fetched before it was used",
                expected="GET the discovery document, then POST to its token_endpoint",
                received=f"{quote(request.request.method, url)} without discovery",
                exchange=number,
                missing=True,
            )


def _is_at(request: TokenRequest, endpoint: str) -> bool:
    try:
        named = urlsplit(endpoint)
    except ValueError:
        return False
    if request.request.path != named.path:
        return False
    called = request.request.host
    return not called or not named.netloc or _plain_host(called) == _plain_host(named.netloc)


def _plain_host(host: str) -> str:
    # A fully qualified name may end in a dot, and the default port may be named.
    return host.lower().replace(".:", ":").removesuffix(":80").removesuffix(":443").removesuffix(".")


def _is_failure(document: Document) -> bool:
    # 304: the client has the document from before, perhaps from an earlier run (RFC 9110 15.4.5).
    return document.token_endpoint is None and document.exchange.status != 304


@rule(
    id="BIQ106",
    level=Level.MUST,
    title="A failed or useless discovery document ends the sign-in, cleanly",
    why="The article's sample checks for a discovery error before it goes on. A client that does not sends the "
    "customer's credentials to a guessed address; one that hangs or crashes gives its operator no cause.",
    instead="Check the status, that the body is a JSON object and that it has token_endpoint; otherwise report and end "
    "with a non-zero exit status.",
    references=("A19", "OIDC Discovery 4.3", "D34"),
    fixes={
        "IdentityModel": "if (disco.IsError) throw new Exception(disco.Error)",
        "requests, httpx": "response.raise_for_status(), then response.json()['token_endpoint'], both in one try",
        "fetch": "if (!response.ok) throw …; fetch does not reject on 404 or 500",
    },
    good=f"{LOOKUP}\n\nHTTP/1.1 500 Internal Server Error\n\n### the client reports it and stops\nexit: 1",
    bad=f"{LOOKUP}\n\nHTTP/1.1 404 Not Found\n\n### no document, and yet the password leaves\n{SIGN_IN}"
    "\n\n###\nexit: 1",
    select=where(lambda evidence: any(map(_is_failure, evidence.documents))),
    reads=Part.RESPONSE,
    refusal=Symptom.NO_TOKEN_REQUEST,
)
def discovery_failure_ignored(evidence: Evidence) -> Problems:
    """Find the first guess after a failure; where no document ever came, also a hang, a crash or a stack trace."""
    failures = [document.exchange for document in evidence.documents if _is_failure(document)]
    for request in evidence.token_requests:
        # An earlier document is still good: a failure to fetch it again is not a reason to stop.
        if not request.endpoint and request.exchange.number > failures[0].number:
            yield Problem(
                message="discovery failed, and the credentials were sent to a guessed address",
                expected="no token request without a discovery document that names token_endpoint",
                received=quote(request.request.method, request.request.url),
                exchange=request.exchange.number,
                severity=Severity.WARNING,
                missing=True,
            )
            break
    child = evidence.process
    if len(failures) == len(evidence.documents):
        # Who asks again and again in an outage does not hang: BIQ802 and BIQ805.
        temporary = not failures[-1].came_whole or failures[-1].code >= 500
        if not (child.timed_out and temporary and len(failures) > _TRIES and child.may_be_pausing):
            yield from _ending(child, failures[-1].number)


def _ending(child: Child, exchange: int) -> Problems:
    status, severity = child.exit_status or 0, None
    if child.timed_out:
        ending, received = "hangs", "still running at the timeout"
    elif status < 0 and not child.stopped:
        ending, received = "crashes", f"ended by signal {-status}"
    # D34: the failure was reported, but not in words for a person. Exit status 0 is BIQ806.
    elif status and (trace := find_stack_trace(child.stderr)):
        ending, severity = "ends in an unhandled exception", Severity.WARNING
        received = f"exit status {status} and a stack trace on stderr: {quote(trace)}"
    else:
        return
    yield Problem(
        message=f"the integration {ending} when discovery fails",
        expected="an error message and a non-zero exit status",
        received=received,
        exchange=exchange,
        severity=severity,
        symptom=Symptom.HUNG if child.timed_out else Symptom.CRASH,
    )
