"""BIQ906: the code exchange follows RFC 6749 and PKCE; the counterpart of BIQ201 to BIQ210 and BIQ223 (D24)."""

import re
from collections.abc import Iterator

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, quote, rule
from blastiq_conformance.evidence.token_request import Place, TokenRequest
from blastiq_conformance.rules.attended.authorization import CodeExchange, code_exchanges
from blastiq_conformance.rules.attended.messages import EXCHANGED, attended
from fake_idp.secrets.token_parts import s256
from fake_idp.wire import FORM

_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_SECRETS = ("client_secret", "client_assertion")
_FIELDS = frozenset({"grant_type", "code", "redirect_uri", "client_id", "code_verifier", "scope", *_SECRETS})


@rule(
    id="BIQ906",
    level=Level.MUST,
    title="The code is exchanged once, by a form with redirect_uri, client_id and code_verifier, and no secret",
    why="The server gives a token only where the exchange fits the request that the code answers: the same redirect "
    "address, a verifier that hashes to the challenge, the same client. The client is public: a secret that is shipped "
    "with a program is not secret. A code works once; on a second attempt a careful server revokes what the first got.",
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
    for expected, received in (*_carriage(request), *_redirect_uri(exchange), *_verifier(exchange)):
        name = expected.partition("=")[0].split()[0].rstrip(":")
        yield Problem(
            message=f"the code exchange has a wrong or no {name}" if received else f"the code exchange has no {name}",
            expected=expected,
            received=received or f"no {name} parameter",
            parameter=name,
            missing=not received,
        )
    yield from _client(request)
    yield from _secret(request)


def _carriage(request: TokenRequest) -> Iterator[tuple[str, str]]:
    if request.request.method != "POST":
        yield "method POST", quote(request.request.method)
    elif request.disguise:
        yield "the fields form-encoded", f"Content-Type: {FORM}, and {request.disguise}"
    elif request.request.body and request.request.media_type != FORM:
        yield f"Content-Type: {FORM}", quote(request.request.headers.get("content-type") or "no Content-Type")
    # As BIQ203: other names in the query are BIQ215's (D29).
    names = (f for f in request.fields if f.place is Place.QUERY and f.name.lower() in _FIELDS)
    misplaced = next((f for f in names if not request.is_advertised(f)), None)
    if misplaced is not None:
        yield f"{quote(misplaced.name)} as a form field", request.quote(misplaced)


def _redirect_uri(exchange: CodeExchange) -> Iterator[tuple[str, str]]:
    field, origin = exchange.request.first("redirect_uri"), exchange.authorization
    asked = origin.asked.get("redirect_uri") if origin else None
    if field is None or not field.value:
        yield "redirect_uri as in the authorization request", ""
    elif asked is not None and field.value != asked:
        yield f"redirect_uri={quote(asked)}", exchange.request.quote(field)


def _verifier(exchange: CodeExchange) -> Iterator[tuple[str, str]]:
    field, origin = exchange.request.first("code_verifier"), exchange.authorization
    challenge = origin.asked.get("code_challenge") if origin else None
    if field is None or not field.value:
        if challenge is not None:
            yield "code_verifier that fits the code_challenge", ""
    elif not _VERIFIER.fullmatch(field.value):
        yield "code_verifier of 43 to 128 letters, digits and - . _ ~", exchange.request.quote(field)
    elif origin is not None and challenge is not None and challenge not in {s256(field.value), field.value}:
        yield "code_verifier that fits the code_challenge", exchange.request.quote(field)


def _client(request: TokenRequest) -> Problems:
    field, expected = request.first("client_id"), request.facts.client_id
    if field is not None and field.value == expected:
        return
    in_basic = field is None and request.basic is not None and request.basic.names(expected)
    yield Problem(
        message="client_id stands in the Basic header, not in the form"
        if in_basic
        else "client_id is missing or wrong",
        expected=f"client_id={expected} as a form field",
        received="the client id in Authorization: Basic alone"
        if in_basic
        else "no client_id parameter"
        if field is None
        else request.quote(field),
        parameter="client_id",
        # As with BIQ206: D1, D22.
        tolerated=in_basic,
        missing=field is None,
    )


def _secret(request: TokenRequest) -> Problems:
    found = [request.quote(field) for name in _SECRETS for field in request.all(name)]
    if request.basic is not None and request.basic.password:
        found.append(request.basic.quoted)
    for received in found:
        yield Problem(
            message="the code exchange carries a client secret",
            expected="no client_secret, no client_assertion, no Authorization header",
            received=received,
            parameter="client_secret",
        )
