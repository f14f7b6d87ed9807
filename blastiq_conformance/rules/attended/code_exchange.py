"""BIQ906: the code exchange follows RFC 6749 and PKCE; the counterpart of BIQ201 to BIQ210 and BIQ223 (D24)."""

import re
from collections.abc import Iterator

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, quote, rule
from blastiq_conformance.catalogue.request_form import malformed, secret_in_basic, unwanted, wrong_client_id
from blastiq_conformance.rules.attended.authorization import CodeExchange, code_exchanges
from blastiq_conformance.rules.attended.messages import EXCHANGED, attended
from fake_idp.secrets.token_parts import s256

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
    for name, expected in (*_redirect_uri(exchange), *_verifier(exchange)):
        yield Problem(
            message=f"the code exchange has a wrong {name}"
            if request.value(name)
            else f"the code exchange has no {name}",
            expected=expected,
            received=request.received(name),
            parameter=name,
            missing=not request.value(name),
        )
    yield from unwanted(request, "client_secret", "client_assertion")


def _redirect_uri(exchange: CodeExchange) -> Iterator[tuple[str, str]]:
    sent, origin = exchange.request.value("redirect_uri"), exchange.authorization
    asked = origin.asked.get("redirect_uri") if origin else None
    if not sent:
        yield "redirect_uri", "redirect_uri as in the authorization request"
    elif asked is not None and sent != asked:
        yield "redirect_uri", f"redirect_uri={quote(asked)}"


def _verifier(exchange: CodeExchange) -> Iterator[tuple[str, str]]:
    sent, origin = exchange.request.value("code_verifier"), exchange.authorization
    challenge = origin.asked.get("code_challenge") if origin else None
    if sent and not _VERIFIER.fullmatch(sent):
        yield "code_verifier", "code_verifier of 43 to 128 letters, digits and - . _ ~"
    elif challenge is not None and challenge not in ({s256(sent), sent} if sent else ()):
        yield "code_verifier", "code_verifier that fits the code_challenge"
