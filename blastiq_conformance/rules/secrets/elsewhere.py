"""BIQ704 and BIQ708: no secret in a URL, and the password only in the form of the token request."""

import re
from collections.abc import Sequence

from blastiq_conformance.catalogue import Level, Outcome, Part, Problem, Problems, quote, rule
from blastiq_conformance.catalogue.example_messages import TOKEN_1, signed_in, story
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.canaries import HIDING, SECRET_FIELDS
from blastiq_conformance.evidence.sent import Sent, sent
from fake_idp.classify import Kind
from fake_idp.wire import parse_pairs

_USUAL = re.compile(r"[?@]")
_FREE_PATHS = frozenset({Kind.API, Kind.OTHER})
_USERINFO = re.compile(r"://[^/?#@:\s]*:([^/?#@\s]+)@")


@rule(
    id="BIQ704",
    level=Level.MUST_NOT,
    title="No password, token or client secret in a URL",
    why="Servers and proxies log a URL, browsers keep it, and the next request repeats it as Referer. Credentials "
    "belong in the body of the token request, tokens in the Authorization header.",
    instead="Move the value into the form of the token request, or into the Authorization header of an API call.",
    references=("RFC 6749 2.3.1", "RFC 9700 4.3.2"),
    fixes={
        "axios, requests": "data instead of params",
        "curl": "not -G, and no https://user:password@host",
    },
    bad=story(
        signed_in(),
        f"GET /api\nAuthorization: Bearer {TOKEN_1}\nReferer: https://u:k7Fq2vN9xW4m@mine.example/\nHTTP/1.1 200 OK\n",
    ),
    select=lambda evidence: sent(evidence, *Kind),
    absent=Outcome.UNTESTED,
)
def secret_in_url(request: Sent) -> Problems:
    """Find canaries in target and Referer, in every encoding; in BlastIQ's URLs secrets by name, user information."""
    target, referer = request.request.target, request.request.headers.get("referer") or ""
    telling = HIDING if request.exchange.kind in _FREE_PATHS else _USUAL
    urls = [("target", target)] if telling.search(target) else []
    # A URL without query and user information can hide nothing but a canary.
    urls += [("Referer", referer)] if referer and (_USUAL.search(referer) or not request.is_silent) else []
    for place, url in urls:
        for kind, received in _secrets(request, url).items():
            what = kind.replace("_", " ")
            yield Problem(
                message=f"the URL carries the {what}",
                expected="no secret in any URL",
                received=f"{place}: {quote(received)}",
                parameter=kind,
            )


def _secrets(request: Sent, url: str) -> dict[str, str]:
    """Give each kind of secret in a URL, and where it stands."""
    found: dict[str, str] = {}
    _, mark, query = url.partition("?")
    # What another service calls so may be its own, and public.
    ours = request.exchange.kind is not Kind.OTHER
    for pair in parse_pairs(query.encode("latin-1", "replace")) if mark and ours else ():
        if pair.name.lower() in SECRET_FIELDS and pair.value:
            found.setdefault(pair.name.lower(), f"{pair.name}={pair.value}")
    if ours and "@" in url and (match := _USERINFO.search(url)):
        found.setdefault("password", match[0])
    # It is sent back to its issuer so: OpenID Connect Core 3.1.2.1, RP-Initiated Logout 2.
    passed = {"id_token"} if request.exchange.kind is Kind.IDENTITY else set()
    for leak in () if request.is_silent else request.canaries.search.find(url):
        if leak.secret.kind not in passed:
            found.setdefault(leak.secret.kind, url[leak.start : leak.end])
    return found


# Discovery has a rule of its own: BIQ108.
_KINDS = (Kind.API, Kind.IDENTITY, Kind.JWKS, Kind.OTHER)


def _select(evidence: Evidence) -> Sequence[Sent]:
    if not evidence.canaries.passwords:
        return ()
    # A person enters the password on the identity server's own page, which does not concern the integration.
    attended = evidence.facts.flow == "attended"
    return sent(evidence, *(kind for kind in _KINDS if not attended or kind is not Kind.IDENTITY))


@rule(
    id="BIQ708",
    level=Level.MUST,
    title="The password is sent to the token endpoint only",
    why="The password of a Service User is exchanged for a token so that nobody else ever needs it. In a call of the "
    "API, a User-Agent or a telemetry record it reaches machines and logs that must not have it.",
    instead="Send the access token to the API, and the credentials to the token endpoint only.",
    references=("RFC 6749 10.7", "A12"),
    bad=story(
        signed_in(),
        f"POST /api/login\nAuthorization: Bearer {TOKEN_1}\nContent-Type: application/json\n\n"
        '{"user": "svc.pit-42@mine.example", "password": "k7Fq2vN9xW4mZ8tR1pLs"}\nHTTP/1.1 200 OK\n\n',
    ),
    select=_select,
    reads=Part.HEADERS | Part.BODY,
)
def password_sent_elsewhere(request: Sent) -> Problems:
    """Search every other request for the passwords, in every encoding; in a URL it is BIQ704's."""
    found = [
        place
        for place, _ in request.leaks(request.canaries.password_search)
        if place not in {"target", "header Referer"}
    ]
    form = request.request.form if request.request.body else ()
    found += [f"form field {pair.name}" for pair in form if pair.value in request.canaries.passwords]
    if found:
        yield Problem(
            message="the password is sent to another address than the token endpoint",
            expected="the password in the form of the token request alone",
            received=f"{quote(request.request.method, request.request.url)}: in {quote(found[0])}",
        )
