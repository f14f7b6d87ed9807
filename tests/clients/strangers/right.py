"""Right but odd clients, each with the verdict of the whole run that the sources demand, stated before any was run.

The whole run: all scenarios that play by default, and the slow ones. No client is due an error. Where nothing else is
said, it is due no warning either, and exit code 0; findings of severity info are left open. It is played over plain
http: python/half-closes, php/absolute-form and go/pipelines speak nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

Declared = Mapping[str, int | list[int] | list[str]]


@dataclass(frozen=True, slots=True)
class Right:
    """A client: what is odd about it, where that comes from, and what it is due."""

    name: str  # the folder of `right_core`, and the oddity that its program is started with
    oddity: str
    origin: str
    needs: str = ""
    warnings: str = ""
    exit_code: int = 0
    declared: Declared = field(default_factory=dict)  # keys of the target
    options: tuple[str, ...] = ()  # of `blastiq run`

    @property
    def language(self) -> str:
        """The folder of `right_core` that its code stands in."""
        return self.name.partition("/")[0]


_CSHARP = (
    Right(
        "csharp/web-request-expects", "Expect: 100-continue; escapes in small hex", ".NET Framework's HttpWebRequest"
    ),
    Right("csharp/uploads-values", "no Accept; the library throws for any refusal", "WebClient.UploadValues"),
    Right(
        "csharp/escapes-data-string", "charset in the media type; %20 for a blank", "StringContent, EscapeDataString"
    ),
    Right("csharp/bearer-lower-case", "the scheme as bearer", "AuthenticationHeaderValue in samples; D13: info"),
    # It waits longer than the kit does by default, and says so.
    Right(
        "csharp/hundred-seconds",
        "waits 100 s for an answer, and tries once",
        "HttpClient.Timeout's default",
        declared={"client_timeout": 130, "timeout": 300},
    ),
    Right("csharp/identity-model-like", "fetches the keys with the document", "IdentityModel 2's DiscoveryClient, A18"),
    Right("csharp/chunked-and-closed", "a form in chunks, Connection: close", "HttpClient's TransferEncodingChunked"),
)

_PHP = (
    Right("php/streams-http-1.0", "HTTP/1.0", "PHP's http wrapper, whose default it was before 8.0"),
    Right("php/absolute-form", "the target as a whole URL; small names of fields; Host last", "RFC 9112 3.2.2"),
    Right("php/rfc3986-form", "%20 for a blank", "league/oauth2-client's QueryBuilderTrait", needs="curl"),
    Right("php/trailing-ampersand", "& after the last field", "URL Living Standard, forms, 1.3.3; N3", needs="curl"),
    Right("php/all-codings", "accepts gzip, br and zstd, and decodes", "curl's CURLOPT_ENCODING ''", needs="curl"),
    Right("php/discovery-url", "knows the document's whole address alone", "BIQ101's false alarms", needs="curl"),
    Right("php/sysexits", "fails with 69, 77 or 78", "sysexits.h; the contract asks for non-zero", needs="curl"),
    # A new password opens nothing: BIQ307 sees it used.
    Right(
        "php/encrypted-cache", "tokens kept between runs, encrypted, 0644", "BIQ705: 0600 or encrypted", needs="curl"
    ),
)

_RUBY = (
    Right(
        "ruby/library-replays", "one connection; a broken GET is sent again by the library", "Net::HTTP's max_retries"
    ),
    Right("ruby/asks-for-userinfo", "the token goes to userinfo too, which answers 403", "OIDC Core 5.3; BIQ610"),
    Right("ruby/revokes", "gives both tokens back at the end", "RFC 7009; Authlib's revoke_token; RFC 6749 10.4"),
    Right("ruby/five-minutes-ahead", "renews 300 s before expires_in ends; 0 is over at once", "MSAL's margin; N12"),
    Right("ruby/passes-over-forbidden", "a 403 is not a failure, by design", "D45", declared={"skips": [403]}),
    Right(
        "ruby/stays-up", "a service that never ends, and logs what fails", "D39, the contract", declared={"quiet": 5}
    ),
    Right("ruby/four-threads", "four threads, one token, one pace", "BIQ510, D40", declared={"concurrency": 4}),
    Right("ruby/looks-elsewhere-first", "two paths of RFC 8414 before the right one", "Model Context Protocol's SDK"),
    Right(
        "ruby/oauth2-gem", "the gem's scheme for TLS certificates, for it sends no secret", "oauth2 2.0", needs="oauth2"
    ),
)

_MODULES = "HTTP::Tiny HTTP::Message JSON::XS"
_PERL = (
    Right("perl/decodes", "accepts every coding that it can undo", "HTTP::Message's decodable", needs=_MODULES),
    Right("perl/over-escapes", "every byte escaped, names too: %67rant%5ftype", "RFC 3986 2.3; N3", needs=_MODULES),
    Right("perl/two-blanks", "two blanks after Bearer", "RFC 9110 11.4; D44", needs=_MODULES, warnings="604"),
    Right("perl/dies", "fails by die: the status is errno, or 255", "perldoc -f die", needs=_MODULES),
    # Ends with a failure that it reports, within one process. One cause: 415 and 404 say nothing of their own.
    Right("perl/ends-at-401", "a cron job that ends with 1 on a 401", "D39", needs=_MODULES, warnings="501"),
    Right("perl/starts-slowly", "sends nothing for two seconds", "a JVM on a busy machine", needs=_MODULES),
    Right(
        "perl/helper-process", "each exchange by a curl of its own, secrets by a pipe", "D40; curl -K -", needs=_MODULES
    ),
    Right(
        "perl/scope-cosmos", "scope=cosmos; no refresh token comes, it signs in again", "A34, D3, D7", needs=_MODULES
    ),
)

_GO = (
    Right("go/five-tries", "tries five times, after 1, 2, 4 and 8 s, after 429 too", "go-retryablehttp; D41, D42"),
    Right("go/chunked-form", "a form in chunks", "net/http with an io.Reader; R40"),
    Right("go/follows-redirects", "follows a 307 with the form", "http.Client's default; D47", warnings="007"),
    Right("go/pipelines", "asks two well-known addresses in one breath", "RFC 9112 9.3.2"),
    Right("go/verifies-signature", "fetches keys, verifies, and uses the token whatever came out", "RFC 9068 6; D43"),
    Right("go/cache-0600", "tokens kept between runs, for their owner alone", "BIQ705: 0600 or encrypted"),
    Right("go/connection-per-call", "Connection: close, always", "http.Transport's DisableKeepAlives"),
    Right("go/two-workers", "two workers with a token each, one pace", "D40", declared={"concurrency": 2}),
)

_JAVA = (
    Right("java/expect-continue", "Expect: 100-continue beside Upgrade: h2c", "java.net.http's expectContinue"),
    Right("java/follows-redirects", "follows a 307 with the form", "HttpClient.Redirect.NORMAL; D47", warnings="007"),
    Right("java/url-connection-in-chunks", "Accept with q-values; a form in chunks", "HttpURLConnection; R40"),
    Right(
        "java/spring-like",
        "Accept with charset; signs in anew 60 s early; no refresh",
        "Spring Security 6, password grant",
    ),
    # A text and a negative number are refused, each with a clear failure: info, says D48.
    Right("java/strict-parser", "application/json alone; refuses a malformed expires_in", "Nimbus OAuth 2.0 SDK; D48"),
    Right("java/odd-media-types", 'Application/X-WWW-Form-URLEncoded ; Charset="UTF-8"', "RFC 9110 8.3.1, 12.5.1; N2"),
)

_NODE = (
    Right("node/querystring", "%20, bare !'()*, no Accept, one kept connection", "node:querystring, http.Agent"),
    Right("node/follows-redirects", "follows a 307 with the form", "fetch's default; D47", warnings="007"),
    Right("node/reads-input", "reads its standard input to the end, and does without", "BIQ309: the control went well"),
    Right("node/writes-log", "a log in HOME: user, status, digest of the token", "BIQ701: user name is not secret"),
    Right("node/single-try", "gives up at once on 429, 503 and a reset", "BIQ802, BIQ803: giving up is fine"),
    Right("node/traced", "traceparent and baggage on every request", "OpenTelemetry's instrumentation"),
    Right("node/got-hooks", "the library retries GET; renewal in afterResponse", "got's documentation"),
    Right("node/axios-interceptor", "renewal in an interceptor that marks the request", "axios, the usual pattern"),
    Right("node/two-workers", "two threads, each signs in for itself", "D40", declared={"concurrency": 2}),
)

_PYTHON = (
    Right("python/plain", "another client id", "A20, D4", options=("--client-id", "partner.blast-7")),
    Right("python/challenge-first", "calls without a token until it is challenged", "httpx.Auth; D40", needs="httpx"),
    Right("python/follows-redirects", "follows a 307 with the form", "requests; D47", needs="requests", warnings="007"),
    Right(
        "python/retries-in-the-adapter",
        "the second try at once, the third after 2 s",
        "urllib3's Retry",
        needs="requests",
    ),
    Right("python/half-closes", "ends each request with a FIN, and reads on", "RFC 9112 9.6; netcat -N"),
    Right("python/http-1.0", "HTTP/1.0", "http.client's _http_vsn; R40"),
    # What D34 names: the exit status is right, the stack trace beside it is not pretty.
    Right("python/traceback", "fails with a stack trace, which holds no secret", "D34", warnings="106 409"),
    # It shows in the control what 404 and 406 would blame an oddity for (D36). Stated was exit code 4, for MUST rules
    # that stay undecided; BIQ605 explains them, and what is explained changes no exit code.
    Right("python/renews-for-every-call", "a new token for each call", "D36, BIQ605", warnings="605"),
    Right("python/one-renewal", "a job that renews once, and ends with 1 at the next 401", "D39", warnings="501"),
    Right("python/process-per-job", "a process for each call, which signs in for itself", "BIQ605's false alarms; D40"),
    Right("python/two-users", "two Service Users in one process, by turns", "A9, BIQ306", declared={"users": 2}),
    Right("python/debugs", "says what it sends, by name alone", "BIQ702", declared={"verbose": ["--debug"]}),
    Right("python/probes", "HEAD of discovery and OPTIONS of the API come first", "N1"),
    Right("python/other-headers", "a cookie of its own, trace headers, a request id", "W3C Trace Context; D35"),
)

_SHELL = (
    Right("shell/curl-retries", "curl waits and tries again at the identity server", "curl --retry", needs="curl jq"),
    Right("shell/http-1.0", "HTTP/1.0; each request a process of its own", "curl --http1.0; D40", needs="curl jq"),
    Right("shell/h2c", "Upgrade: h2c and HTTP2-Settings with every request", "curl --http2; N4", needs="curl jq"),
    Right("shell/compressed", "accepts gzip, br and zstd, and decodes", "curl --compressed; BIQ411", needs="curl jq"),
    Right(
        "shell/oauth2-bearer", "follows the API elsewhere without the token", "curl --oauth2-bearer -L", needs="curl jq"
    ),
    Right(
        "shell/wget",
        "wget; the form in a file of 0600, gone at once",
        "wget's body_file in wgetrc",
        needs="curl jq wget",
    ),
    Right(
        "shell/process-per-job", "a crontab: each call a run of its own", "BIQ605's false alarms; D40", needs="curl jq"
    ),
    Right("shell/given-up-at-once", "one try, then 75", "sysexits.h; BIQ802: zero retries is fine", needs="curl jq"),
)

RIGHT = (*_CSHARP, *_PHP, *_RUBY, *_PERL, *_GO, *_JAVA, *_NODE, *_PYTHON, *_SHELL)
