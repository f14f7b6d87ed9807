"""BIQ704: no secret in any URL."""

import re
from collections.abc import Iterator

from blastiq_conformance.catalogue import Level, Outcome, Problem, Severity, ShownBy, quote, rule
from blastiq_conformance.catalogue.example_messages import TOKEN_1, called, signed_in, story
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
    severity=Severity.ERROR,
    title="No password, token or client secret in a URL",
    why="A URL is the least private part of a request: servers and proxies log it, browsers keep it, the next request "
    "repeats it as Referer. Credentials belong in the body of the token request, tokens in the Authorization header.",
    instead="Move the value into the form of the token request, or into the Authorization header of an API call.",
    references=("RFC 6749 2.3.1", "RFC 9700 4.3.2"),
    fixes={
        "axios, requests": "data instead of params",
        "curl": "not -G, and no https://user:password@host",
    },
    good=story(signed_in(), called()),
    bad=story(
        signed_in(),
        f"GET /api\nAuthorization: Bearer {TOKEN_1}\nReferer: https://u:k7Fq2vN9xW4m@mine.example/\nHTTP/1.1 200 OK\n",
    ),
    select=lambda evidence: sent(evidence, *Kind),
    absent=Outcome.UNTESTED,
    shown_by=ShownBy.ANY_SIGN_IN,
)
def secret_in_url(request: Sent) -> Iterator[Problem]:
    """Find canaries in target and Referer, in every encoding; in BlastIQ's URLs secrets by name, user information."""
    target, referer = request.request.target, request.request.headers.get("referer") or ""
    telling = HIDING if request.exchange.kind in _FREE_PATHS else _USUAL
    urls = [("target", target)] if telling.search(target) else []
    # A URL without query and user information can hide nothing but a canary.
    urls += [("Referer", referer)] if referer and (_USUAL.search(referer) or not request.is_silent) else []
    for place, url in urls:
        for what, received in _secrets(request, url):
            yield Problem(
                message=f"the URL carries the {what}",
                expected="no secret in any URL",
                received=f"{place}: {quote(received)}",
                parameter=what.replace(" ", "_"),
            )


def _secrets(request: Sent, url: str) -> Iterator[tuple[str, str]]:
    told: set[str] = set()
    _, mark, query = url.partition("?")
    # What another service calls so may be its own, and public.
    ours = request.exchange.kind is not Kind.OTHER
    for pair in parse_pairs(query.encode("latin-1", "replace")) if mark and ours else ():
        name = pair.name.lower()
        if name in SECRET_FIELDS and pair.value and name not in told:
            told.add(name)
            yield name.replace("_", " "), f"{pair.name}={pair.value}"
    if ours and "@" in url and (match := _USERINFO.search(url)):
        told.add("password")
        yield "password", match[0]
    # It is sent back to its issuer so: OpenID Connect Core 3.1.2.1, RP-Initiated Logout 2.
    told |= {"id_token"} if request.exchange.kind is Kind.IDENTITY else set()
    for leak in () if request.is_silent else request.canaries.search.find(url):
        if leak.secret.kind not in told:
            told.add(leak.secret.kind)
            yield leak.secret.kind.replace("_", " "), url[leak.start : leak.end]
