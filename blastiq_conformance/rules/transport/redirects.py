"""BIQ007 and BIQ008: credentials and tokens do not follow a redirect."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import urljoin, urlsplit

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, Severity, quote, rule
from blastiq_conformance.catalogue.example_messages import TOKEN_1, signed_in, story
from blastiq_conformance.evidence import Evidence, Exchange, Kind
from blastiq_conformance.evidence.canaries import Canaries
from blastiq_conformance.evidence.grouping import grouped
from blastiq_conformance.evidence.hosts import is_secure, origin_of
from blastiq_conformance.evidence.sent import texts_of

_Place: TypeAlias = tuple[tuple[str, str, int | None], str]

_STATUSES = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, kw_only=True)
class _Redirection:
    """A redirect, where it leads, and what went there afterwards."""

    redirect: Exchange
    target: str = field(repr=False)
    followed: tuple[Exchange, ...]
    canaries: Canaries

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The exchanges that this rests on."""
        return (self.redirect, *self.followed)


def _redirections(evidence: Evidence, kind: Kind) -> Iterator[_Redirection]:
    """Find the redirects of an endpoint."""
    redirects = [x for x in evidence.of_kind(kind) if x.status in _STATUSES and x.request.host]
    places = grouped((_place(x.request.url), x) for x in evidence.judged) if redirects else {}
    for redirect in redirects:
        target = _target(redirect)
        if target and (place := _place(target)) is not None:
            followed = tuple(x for x in places.get(place, ()) if x.number > redirect.number)
            yield _Redirection(redirect=redirect, target=target, followed=followed, canaries=evidence.canaries)


def _target(redirect: Exchange) -> str:
    """Give the address to which a redirect leads; empty where it names none that anybody could follow."""
    location = redirect.reply.headers.get("location")
    with suppress(ValueError):
        return "" if location is None else urljoin(redirect.request.url, location)
    return ""


def _place(url: str) -> _Place | None:
    """Give origin and path, for the spelling of the host does not matter; None for an invalid address."""
    with suppress(ValueError):
        return origin_of(url), urlsplit(url).path or "/"
    return None


_FIELDS = frozenset({"password", "refresh_token", "client_secret"})
_MOVED = "https://elsewhere.example/moved"
_SIGN_IN = """Content-Type: application/x-www-form-urlencoded

grant_type=password&username=svc.pit-42%40mine.example&password=k7Fq2vN9xW4mZ8tR1pLs
&client_id=external.customer"""
_ANSWER = f"HTTP/1.1 307 Temporary Redirect\nLocation: {_MOVED}\n"
_REDIRECTED = f"POST https://idp.example/identity/connect/token\n{_SIGN_IN}\n{_ANSWER}"
_NOT_FOUND = "HTTP/1.1 404 Not Found\n"
_KEEPING = frozenset({307, 308})  # RFC 9110 15.4.8: method and body stay as they were
# How the User-Agent begins, the library's name, and the statuses that it follows with the body by default; each was run
# against a redirect, except OkHttp (from 4.6 on) and Guzzle, whose documentation says so.
_HABITS = (
    ("python-requests/", "requests", _KEEPING),
    ("python-urllib3/", "urllib3", _KEEPING | {301, 302}),
    ("Python/", "aiohttp", _KEEPING),
    ("axios/", "axios", _KEEPING),
    ("got ", "got", _KEEPING | {301, 302}),
    ("node ", "fetch", _KEEPING),
    ("undici ", "fetch", _KEEPING),
    ("Go-http-client/", "Go's net/http", _KEEPING),
    ("Java/", "HttpURLConnection", frozenset({307})),
    ("okhttp/", "OkHttp", _KEEPING),
    ("GuzzleHttp/", "Guzzle", _KEEPING),
    ("Wget/", "wget", _KEEPING),
)


@rule(
    id="BIQ007",
    level=Level.SHOULD_NOT,
    title="Credentials do not follow a redirect of the token endpoint",
    why="Many HTTP libraries repeat the whole form when the answer is 307 or 308, to whatever host it names. OAuth "
    "allows the password to be shown to the authorization server alone, and a token endpoint never redirects. No "
    "source forbids a client to follow, so that is a warning; leaving TLS for plain http is an error.",
    instead="Follow no redirect on the token request: treat any 3xx as a failure.",
    references=("RFC 6749 10.4", "RFC 9110 15.4", "RFC 6749 3.2", "D47"),
    fixes={
        "requests, aiohttp": "session.post(endpoint, data=form, allow_redirects=False)",
        "requests-oauthlib, authlib": "session.max_redirects = 0",
        "urllib3": "http.request('POST', endpoint, fields=form, encode_multipart=False, redirect=False)",
        "fetch": "fetch(endpoint, { method: 'POST', body, redirect: 'error' })",
        "axios": "maxRedirects: 0",
        "got, superagent": "followRedirect: false; .redirects(0)",
        "C#": "new HttpClientHandler { AllowAutoRedirect = false }",
        "Java": "HttpClient follows none by itself; HttpURLConnection: setInstanceFollowRedirects(false)",
        "Guzzle": "'allow_redirects' => false",
        "Go, golang.org/x/oauth2": "a client with CheckRedirect: func(...) error { return http.ErrUseLastResponse }",
        "curl": "leave -L, --location out",
    },
    good=story(_REDIRECTED, "exit: 1"),
    bad=story(_REDIRECTED, f"POST {_MOVED}\n{_SIGN_IN}\n{_NOT_FOUND}", "exit: 1"),
    select=lambda evidence: tuple(_redirections(evidence, Kind.TOKEN)),
    reads=Part.BODY | Part.HEADERS,
)
def credentials_follow_redirect(redirection: _Redirection) -> Problems:
    """Find the requests to the new address that carry credentials; a GET without any is not a leak."""
    redirect = redirection.redirect
    for exchange in redirection.followed:
        request = exchange.request
        what = [pair.name for pair in request.form if pair.name.lower() in _FIELDS and pair.value]
        what += [leak.secret.kind for leak in redirection.canaries.search.find("\n".join(texts_of(request)))]
        if what:
            yield Problem(
                message=f"a redirect ({redirect.status}) of the token endpoint was followed with the {what[0]}"
                + _by_itself(redirect),
                expected="no request: a redirect of the token endpoint is a failure",
                received=f"{quote(request.method, request.url)} with the {what[0]}",
                parameter=what[0],
                exchange=exchange.number,
                severity=Severity.ERROR if is_secure(redirect.request) and not is_secure(request) else None,
            )
            return


def _by_itself(redirect: Exchange) -> str:
    """Name the library that by itself follows such a redirect with the form; nothing where none is known."""
    agent = f"{redirect.request.headers.get('user-agent') or ''} "
    known = (name for begin, name, kept in _HABITS if agent.startswith(begin) and redirect.status in kept)
    library = next(known, None)
    return "" if library is None else f", as {library} does unless it is told not to"


_CALL = f"GET https://api.example/api\nAuthorization: Bearer {TOKEN_1}\n{_ANSWER}"


@rule(
    id="BIQ008",
    level=Level.MUST,
    title="The token does not follow a redirect of the API to another origin",
    why="Anyone who can make the API redirect once gets the token, and with it the customer's data. Good libraries "
    "drop the Authorization header where the host changes; custom headers stay, and older libraries drop nothing.",
    instead="Follow redirects of the API by hand, within its origin; or drop the Authorization header at any other.",
    references=("RFC 6750 5.3", "RFC 9110 15.4"),
    fixes={
        "curl": "--location alone drops it: no --location-trusted",
        "requests, Go, fetch": "they drop it: do not put it back in a hook",
        "golang.org/x/oauth2": "its client puts it back: CheckRedirect: func(...) error { return "
        "http.ErrUseLastResponse } for the client of Config.Client",
        "urllib": "request.add_unredirected_header('Authorization', ...), in place of add_header",
        "C#": "HttpClientHandler drops it; default headers of another client do not",
    },
    good=story(signed_in(), _CALL, f"GET {_MOVED}\n{_NOT_FOUND}", "exit: 1"),
    bad=story(signed_in(), _CALL, f"GET {_MOVED}\nAuthorization: Bearer {TOKEN_1}\n{_NOT_FOUND}", "exit: 1"),
    companions=("BIQ610",),
    # To another scheme, host or port than that of the call.
    select=lambda evidence: [
        x for x in _redirections(evidence, Kind.API) if origin_of(x.redirect.request.url) != origin_of(x.target)
    ],
    reads=Part.HEADERS | Part.BODY,
)
def token_follows_redirect(redirection: _Redirection) -> Problems:
    """Find requests to the other origin that carry an access token anywhere."""
    redirect = redirection.redirect
    for exchange in redirection.followed:
        request = exchange.request
        if redirection.canaries.token_search.find("\n".join(texts_of(request))):
            yield Problem(
                message=f"a redirect ({redirect.status}) of the API was followed to another origin with the token",
                expected="the request without the token, or none at all",
                received=f"{quote(request.method, request.url)} with the access token",
                exchange=exchange.number,
            )
            return
