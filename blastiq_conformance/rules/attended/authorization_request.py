"""BIQ902 to BIQ905: what the authorization request asks for, and which answer to it is accepted."""

import re
from urllib.parse import urlsplit

from blastiq_conformance.catalogue import Level, Problem, Problems, Severity, Symptom, quote, rule
from blastiq_conformance.evidence import Evidence, where
from blastiq_conformance.rules.attended.authorization import Authorization, answers, authorizations
from blastiq_conformance.rules.attended.messages import ANSWERED, ASKED, REDIRECT_URI, VERIFIER, attended
from fake_idp.system.loopback import is_loopback_address

_DIGEST = re.compile(r"[A-Za-z0-9_-]{43}")


@rule(
    id="BIQ902",
    level=Level.MUST,
    title="The authorization request carries a PKCE challenge with S256",
    why="Another program on the machine can catch the code on its way back, and a public client has no secret that "
    "would make it worthless. With PKCE the code is good only together with a verifier that never left the client; the "
    "method plain shows it to whoever sees the request.",
    instead="Make a fresh random verifier for each sign-in and send its SHA-256 with code_challenge_method=S256.",
    references=("RFC 8252 6", "RFC 7636 4.2", "RFC 9700 2.1.1"),
    fixes={
        "openid-client": "generators.codeVerifier() and generators.codeChallenge()",
        "authlib": "OAuth2Session(…, code_challenge_method='S256') and a code_verifier",
        "AppAuth": "it does so unless setCodeVerifier(null) is called",
    },
    good=attended(),
    bad=attended(
        ASKED.replace(
            "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", f"code_challenge={VERIFIER}"
        ).replace("S256", "plain")
    ),
    select=authorizations,
)
def code_without_pkce(authorization: Authorization) -> Problems:
    """Find a challenge that is missing, plain, or not a SHA-256, where a code is asked for."""
    asked = authorization.asked
    if "code" not in asked.get("response_type", "").split():
        return
    challenge, method = asked.get("code_challenge"), asked.get("code_challenge_method")
    if challenge is None:
        message, received = "the authorization request has no code_challenge", "no code_challenge parameter"
    elif method != "S256":
        message = "the challenge of the authorization request is the verifier itself"
        received = f"code_challenge_method={quote(method)}" if method else "no code_challenge_method, which means plain"
    elif not _DIGEST.fullmatch(challenge):
        message = "the code_challenge is not a SHA-256 in base64url"
        received = f"code_challenge={quote(challenge[:100])}"
    else:
        return
    yield Problem(
        message=message,
        expected="code_challenge of 43 characters and code_challenge_method=S256",
        received=received,
        parameter="code_challenge_method" if challenge and method != "S256" else "code_challenge",
    )


@rule(
    id="BIQ903",
    level=Level.SHOULD_NOT,
    title="response_type is code: no access token passes through the browser",
    why="What passes through the browser is kept in its history, can be read by its extensions and by the next page, "
    "and can be planted by somebody else. A code is worth nothing without the verifier; an access token is the key. An "
    "id_token beside the code opens nothing.",
    instead="Send response_type=code.",
    references=("RFC 9700 2.1.2",),
    fixes={"oidc-client-ts": "response_type: 'code', which is its default", "MSAL": "the code flow, its default"},
    good=attended(),
    bad=attended(ASKED.replace("response_type=code", "response_type=code+token")),
    select=authorizations,
)
def token_through_the_browser(authorization: Authorization) -> Problems:
    """Find response types that bring an access token; RFC 9700 2.1.2 itself names `code id_token` as a right one."""
    wanted = authorization.asked.get("response_type", "")
    if "token" in wanted.split():
        yield Problem(
            message="the authorization request asks for an access token through the browser",
            expected="response_type=code",
            received=f"response_type={quote(wanted)}",
            parameter="response_type",
        )


@rule(
    id="BIQ904",
    level=Level.SHOULD,
    title="redirect_uri is a loopback address, an https address of one's own, or a private scheme",
    why="Whoever receives the redirect receives the code. Plain http to another machine can be read on the way, and "
    "any program can claim a short private scheme. The name localhost may resolve to another address than 127.0.0.1.",
    instead="Use http://127.0.0.1 or http://[::1] with any free port, an https address that you claim, or a scheme "
    "that is your domain name reversed.",
    references=("RFC 8252 7", "RFC 8252 8.3"),
    fixes={"MSAL": 'WithRedirectUri("http://127.0.0.1")'},
    good=attended(),
    bad=attended(
        ASKED.replace(REDIRECT_URI, "http%3A%2F%2Fapp.mine.example%2Fcallback"), "HTTP/1.1 400 Bad Request", "exit: 1"
    ),
    select=authorizations,
)
def exposed_redirect_address(authorization: Authorization) -> Problems:
    """Find addresses that others can claim or read; an info for localhost, which may resolve elsewhere."""
    address = authorization.asked.get("redirect_uri")
    if address is None:
        return
    problem, severity = _exposed(address)
    if problem:
        yield Problem(
            message=f"the redirect_uri {problem}",
            expected="http on 127.0.0.1 or [::1], https, or a private scheme with a dot in it",
            received=f"redirect_uri={quote(address[:300])}",
            parameter="redirect_uri",
            severity=severity,
        )


def _exposed(address: str) -> tuple[str, Severity | None]:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return "is not an address", None
    match parts.scheme:
        case "https":
            return "", None
        case "http" if host == "localhost":
            return "names localhost, which can be resolved to another address", Severity.INFO
        case "http":
            return "" if is_loopback_address(host) else "sends the code over plain http to another machine", None
        case "urn":
            return "leaves it to a person to carry the code", None
        case scheme:
            return "" if "." in scheme else "has a scheme that any program can claim", None


@rule(
    id="BIQ905",
    level=Level.MUST,
    title="An answer to an authorization request is accepted only with the state that was sent",
    why="Anybody can send a browser to the redirect address with a code of their own: the victim then works in the "
    "attacker's account. A state that only this sign-in knows prevents that, as do PKCE and nonce. A client of several "
    "servers also compares the issuer in the answer (iss).",
    instead="Send a random state with each request, and end the sign-in where the answer has another state or none.",
    references=("RFC 6749 10.12", "RFC 6749 4.1.2", "RFC 9700 2.1", "RFC 9207 2.4"),
    fixes={
        "openid-client": "pass checks.state to client.callback()",
        "authlib": "pass state= to fetch_token(authorization_response=…)",
        "requests-oauthlib": "keep the session, or give it state=",
    },
    good=attended(),
    bad=attended(ASKED, ANSWERED.replace("state=af0ifjsldkj", "state=somebody-elses")),
    select=where(authorizations),
    refusal=Symptom.NO_TOKEN_REQUEST,
)
def foreign_answer_accepted(evidence: Evidence) -> Problems:
    """Find requests that nothing binds to their answer, and codes that were used despite a wrong state or issuer."""
    for request in authorizations(evidence):
        if not request.asked.keys() & {"state", "code_challenge", "nonce"}:
            yield Problem(
                message="nothing binds the authorization request to its answer",
                expected="a random state (or code_challenge and nonce)",
                received="no state, no code_challenge and no nonce",
                parameter="state",
                exchange=request.exchange.number,
            )
    used = {request.value("code"): request.exchange.number for request in evidence.code_exchanges}
    for answer in answers(evidence):
        if "code" in answer.answer and (number := used.get(answer.answer["code"])) is not None:
            yield from _wrong_state(answer, number)
            yield from _wrong_issuer(answer, number, evidence.facts.authority)


def _wrong_state(answer: Authorization, number: int) -> Problems:
    sent, received = answer.asked.get("state"), answer.answer.get("state")
    if sent is None or sent == received:
        return
    guarded = answer.asked.keys() >= {"code_challenge", "nonce"}
    yield Problem(
        message="the code of an answer with a wrong state was used",
        expected="an end without a token request",
        received=f"state={quote(received)}, but state={quote(sent)} had been sent"
        if received
        else "no state, though one was sent",
        parameter="state",
        exchange=number,
        # RFC 9700 2.1: these two protect as well, though a state that nobody compares is a mistake.
        severity=Severity.WARNING if guarded else None,
    )


def _wrong_issuer(answer: Authorization, number: int, authority: str | None) -> Problems:
    issuer = answer.answer.get("iss")
    if issuer is None or authority is None or issuer == authority.rstrip("/"):
        return
    yield Problem(
        message="the code of an answer that names another server as its issuer was used",
        expected=f"iss={authority.rstrip('/')}, or an end without a token request",
        received=f"iss={quote(issuer)}",
        parameter="iss",
        exchange=number,
        # RFC 9700 2.1: a client of a single server need not compare it.
        severity=Severity.INFO,
    )
