"""BIQ901 and BIQ906: where a person signs in, a code is exchanged for the token, and no password is sent.

BIQ906 is the counterpart of BIQ201 to BIQ210 and BIQ223 (D24).
"""

import re
from collections.abc import Sequence

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, quote, rule
from blastiq_conformance.catalogue.example_messages import signed_in, story
from blastiq_conformance.catalogue.request_form import malformed, secret_in_basic, unwanted, wrong_client_id
from blastiq_conformance.evidence import Evidence, TokenRequest
from blastiq_conformance.rules.attended.authorization import CodeExchange, code_exchanges
from blastiq_conformance.rules.attended.messages import EXCHANGED, FLOW, attended
from fake_idp.secrets.token_parts import s256


def _select(evidence: Evidence) -> Sequence[TokenRequest]:
    if evidence.facts.flow != "attended":
        return ()
    return [request for request in evidence.token_requests if not request.is_refresh]


@rule(
    id="BIQ901",
    level=Level.MUST_NOT,
    title="An attended integration uses no password grant and no Service User",
    why="The article reserves Service Users for server to BlastIQ: on people's machines anybody can read what a "
    "program brings along. A person signs in on BlastIQ's own page, and the integration exchanges a code for a token.",
    instead="Open the authorize endpoint in the system's browser and exchange the code that comes back.",
    references=("A2", "A3", "RFC 9700 2.4"),
    fixes={
        "IdentityModel": "OidcClient.LoginAsync instead of RequestPasswordTokenAsync",
        "openid-client": "authorizationUrl() and callback() instead of grant({grant_type: 'password'})",
        "authlib": "create_authorization_url and fetch_token(authorization_response=…)",
    },
    good=attended(),
    bad=story(FLOW, signed_in()),
    select=_select,
    reads=Part.BODY,
)
def password_grant_with_a_person(request: TokenRequest) -> Problems:
    """Find every way to a first token other than the code."""
    if request.is_code_exchange:
        return
    with_password = "password" in request.names
    yield Problem(
        message="the integration sent a password itself, though a person was there to sign in"
        if with_password
        else "the integration got its token without the person who was there",
        expected="grant_type=authorization_code, with the code that the browser brought",
        received=request.received("grant_type"),
        parameter="grant_type",
        missing="grant_type" not in request.names,
    )


_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


@rule(
    id="BIQ906",
    level=Level.MUST,
    title="The code is exchanged once, by a form with redirect_uri, client_id and code_verifier, and no secret",
    why="The server gives a token only where the exchange fits the request that the code answers: the same redirect "
    "address, client and verifier. A secret that is shipped with a program is not secret. A code works once; on a "
    "second attempt a careful server revokes what the first got.",
    instead="POST grant_type=authorization_code, code, redirect_uri as it was sent, client_id and code_verifier as a "
    "form; leave everything else out.",
    references=("RFC 6749 4.1.3", "RFC 7636 4.5", "RFC 6749 4.1.2", "RFC 6749 3.2.1"),
    fixes={
        "authlib, openid-client": "token_endpoint_auth_method none, and code_verifier",
        "requests-oauthlib": "fetch_token(…, include_client_id=True, code_verifier=…)",
        "IdentityModel": "ClientCredentialStyle.PostBody and no ClientSecret",
    },
    good=attended(),
    bad=attended().replace(EXCHANGED, EXCHANGED.replace("&redirect_uri=http%3A%2F%2F127.0.0.1%3A49152%2Fcallback", "")),
    select=code_exchanges,
    reads=Part.BODY | Part.HEADERS,
)
def code_exchange_malformed(exchange: CodeExchange) -> Problems:
    """Find what is wrong with the exchange, each cause once."""
    request = exchange.request
    if exchange.repeated:
        yield Problem(
            message="the same code was sent again",
            expected="one exchange for each code",
            received="a code that an earlier token request had carried",
            parameter="code",
        )
    for find in (malformed, wrong_client_id, secret_in_basic):
        yield from find(request)
    for name, expected in (("redirect_uri", _redirect_uri(exchange)), ("code_verifier", _verifier(exchange))):
        if expected:
            yield Problem(
                message=f"the code exchange has {'a wrong' if request.value(name) else 'no'} {name}",
                expected=expected,
                received=request.received(name),
                parameter=name,
                missing=not request.value(name),
            )
    yield from unwanted(request, "client_secret", "client_assertion")


def _redirect_uri(exchange: CodeExchange) -> str:
    """Say which redirect_uri is expected; empty where it was sent, or nobody can tell."""
    sent, asked = exchange.request.value("redirect_uri"), exchange.asked.get("redirect_uri")
    if not sent:
        return "redirect_uri as in the authorization request"
    return "" if asked in {None, sent} else f"redirect_uri={quote(asked)}"


def _verifier(exchange: CodeExchange) -> str:
    """Say which code_verifier is expected; empty where it was sent, or nobody can tell."""
    sent, challenge = exchange.request.value("code_verifier"), exchange.asked.get("code_challenge")
    if sent and not _VERIFIER.fullmatch(sent):
        return "code_verifier of 43 to 128 letters, digits and - . _ ~"
    wrong = challenge is not None and challenge not in ({s256(sent), sent} if sent else ())
    return "code_verifier that fits the code_challenge" if wrong else ""
