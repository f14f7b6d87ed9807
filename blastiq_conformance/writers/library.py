"""Which library sent the request of a finding, by the traces that libraries leave: its fix is the reader's."""

import re
from collections.abc import Mapping

from blastiq_conformance.report.shape import ExchangeShape, ReportShape

# Header, how its value begins, and the names that fixes have for it: the library's own, those of what is built on it
# and leaves no other trace, and the language's.
_MARKS: tuple[tuple[str, str, str], ...] = (
    ("auth0-client", "", "Auth0"),
    ("x-client-sku", "", "MSAL"),
    ("user-agent", r"openid-client/|oauth4webapi/", "openid-client JavaScript Node"),
    ("user-agent", r"axios/", "axios URLSearchParams qs simple-oauth2 client-oauth2 JavaScript Node"),
    ("user-agent", r"(?:got|node-superagent)\b", "got superagent JavaScript Node"),
    ("user-agent", r"(?:node|undici|Bun|Deno)\b", "fetch URLSearchParams JavaScript Node"),
    ("user-agent", r"Mozilla/", "JavaScript fetch axios oidc-client-ts Angular Electron"),
    ("user-agent", r"GuzzleHttp/", "Guzzle PHP"),
    ("user-agent", r"python-requests/", "requests requests-oauthlib authlib oauthlib Python"),
    ("user-agent", r"python-httpx/", "httpx authlib Python"),
    ("user-agent", r"Authlib/", "authlib Python"),
    ("user-agent", r"python-urllib3/", "urllib3 Python"),
    ("user-agent", r"Python-urllib/", "urllib Python"),
    ("user-agent", r"Python/.* aiohttp/", "aiohttp Python"),
    ("user-agent", r"Go-http-client/", "Go golang golang.org/x/oauth2"),
    ("user-agent", r"okhttp/", "OkHttp Java"),
    ("user-agent", r"(?:Java-http-client|Java|Apache-HttpClient)/", "Java Jackson Spring"),
    ("user-agent", r"curl/", "curl shell"),
    ("user-agent", r"Wget/", "wget shell"),
    ("user-agent", r"PostmanRuntime/", "Postman"),
    ("user-agent", r"Ruby\b", "Ruby"),
    ("user-agent", r"(?:HTTP-Tiny|libwww-perl)/", "Perl"),
)
# Samples for Auth0 send it with whatever library; nobody else asks for it.
_AUDIENCE = re.compile(r"\baudience\"?\s*[=:]", re.IGNORECASE)
_WORD = re.compile(r"[\w./#-]+")

# Fixes for any language and for code of one's own are everybody's.
_EVERYBODY = frozenset({"any", "own"})


def _names_of(exchange: ExchangeShape) -> frozenset[str]:
    """Give the names that a fix for its sender may have; none if it left no trace."""
    headers = {name.lower(): value for name, value in reversed(exchange["request"]["headers"])}
    for header, beginning, names in _MARKS:
        if header in headers and re.match(beginning, headers[header], re.IGNORECASE):
            return frozenset(names.split())
    return frozenset()


def near_first(fixes: Mapping[str, str], report: ReportShape, shown: int | None) -> tuple[dict[str, str], list[str]]:
    """Give the fixes for the library that was seen, and the names of the others; all of them if none is known.

    `shown` is the exchange of a finding; if it has none, or shows no trace, the report's other exchanges tell.
    """
    exchanges = ([] if shown is None else [report["exchanges"][shown]]) + report["exchanges"]
    names = next(filter(None, map(_names_of, exchanges)), frozenset())
    meant = names | _EVERYBODY | ({"Auth0"} if any(map(_is_auth0_sample, exchanges[:1])) else set[str]())
    near = {library: fix for library, fix in fixes.items() if meant & {*_WORD.findall(library)}}
    return (near, [library for library in fixes if library not in near]) if names else ({**near, **fixes}, [])


def _is_auth0_sample(exchange: ExchangeShape) -> bool:
    request = exchange["request"]
    return _AUDIENCE.search(f"{request['target']} {request['body']}") is not None
