"""BIQ007: a redirect of the token endpoint does not carry the credentials on."""

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, Severity, quote, rule
from blastiq_conformance.evidence.origins import is_secure
from blastiq_conformance.rules.transport.habits import habit
from blastiq_conformance.rules.transport.redirections import Redirection, redirections, text_of
from fake_idp.classify import Kind

_FIELDS = frozenset({"password", "refresh_token", "client_secret"})
_SIGN_IN = """Host: idp.example
Content-Type: application/x-www-form-urlencoded

grant_type=password&username=svc.pit-42%40mine.example&password=k7Fq2vN9xW4mZ8tR1pLs
&client_id=external.customer"""


@rule(
    id="BIQ007",
    level=Level.SHOULD_NOT,
    title="Credentials do not follow a redirect of the token endpoint",
    why="Many HTTP libraries repeat the whole form when the answer is 307 or 308, to whatever host it names, unless "
    "they are told not to. OAuth allows the password to be shown to the authorization server alone; a token endpoint "
    "never redirects. No source forbids a client to follow, so that is a warning; leaving TLS for plain http is an "
    "error, because everybody on the way can then read the password.",
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
    good=f"""
POST https://idp.example/identity/connect/token
{_SIGN_IN}
HTTP/1.1 307 Temporary Redirect
Location: https://elsewhere.example/moved

###
exit: 1
""",
    bad=f"""
POST https://idp.example/identity/connect/token
{_SIGN_IN}
HTTP/1.1 307 Temporary Redirect
Location: https://elsewhere.example/moved

###
POST https://elsewhere.example/moved
{_SIGN_IN.replace("idp.example", "elsewhere.example")}
HTTP/1.1 404 Not Found

###
exit: 1
""",
    select=lambda evidence: redirections(evidence, Kind.TOKEN),
    reads=Part.BODY | Part.HEADERS,
)
def credentials_follow_redirect(redirection: Redirection) -> Problems:
    """Find the requests to the new address that carry credentials; a GET without any is not a leak."""
    for exchange in redirection.followed:
        request = exchange.request
        what = [pair.name for pair in request.form if pair.name.lower() in _FIELDS and pair.value]
        what += [leak.secret.kind for leak in redirection.canaries.search.find(text_of(request))]
        if what:
            yield Problem(
                message=f"a redirect ({redirection.status}) of the token endpoint was followed with the {what[0]}"
                + _by_itself(redirection),
                expected="no request: a redirect of the token endpoint is a failure",
                received=f"{quote(request.method, request.url)} with the {what[0]}",
                parameter=what[0],
                exchange=exchange.number,
                severity=Severity.ERROR if is_secure(redirection.redirect.request) and not is_secure(request) else None,
            )
            return


def _by_itself(redirection: Redirection) -> str:
    library = habit(redirection.redirect.request, redirection.status)
    return "" if library is None else f", as {library} does unless it is told not to"
