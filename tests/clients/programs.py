"""The programs that use real libraries, and the verdict that each must be given; `test_clients` runs every one."""

from dataclasses import dataclass
from typing import TypedDict


class Over(TypedDict):
    """Scenarios that are played in another way than over plain http."""

    scenarios: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A program, what it needs besides its language, and the rules it must be found to break, by number."""

    file: str
    needs: str = ""
    errors: str = ""
    warnings: str = ""
    scenarios: str = "sign-in"
    options: tuple[str, ...] = ()
    attended: bool = False

    @property
    def first(self) -> str:
        """The scenario in which nothing is odd."""
        return "attended-sign-in" if self.attended else "sign-in"


# What programs as short as the flawed ones leave out beside their flaw, where a scenario that was drawn shows it: to
# look at the issuer, the scheme of an endpoint, the kind of token, the status of an answer, a redirect, and at what
# they were given; to end a wait; to say what went wrong.
CARELESS = frozenset(
    [
        "007",
        "008",
        "103",
        "104",
        "105",
        "106",
        "204",
        "308",
        "403",
        "408",
        "409",
        "410",
        "412",
        "415",
        "501",
        "801",
        "804",
        "806",
    ]
)

_OVER_TLS = Over(
    scenarios="tls-untrusted tls-self-signed tls-wrong-name tls-expired tls-future tls-old", options=("--intercept",)
)
_REDIRECTED = Over(scenarios="redirects", options=("--intercept",))

GOOD = (
    Client(file="good/httpx_sync.py"),
    Client(file="good/httpx_async.py"),
    Client(file="good/requests_session.py", needs="requests"),
    Client(file="good/requests_oauthlib_in_body.py", needs="requests_oauthlib"),
    Client(file="good/authlib_requests.py", needs="authlib requests"),
    Client(file="good/aiohttp_form.py", needs="aiohttp"),
    Client(file="good/urllib3_pool.py", needs="urllib3"),
    Client(file="good/urllib_stdlib.py"),
    Client(file="good/jobs_by_process.py"),
    Client(file="good/jobs_given_up.py"),
    Client(file="good/callers_three.py"),
    Client(file="good/workers_four.py"),
    Client(file="good/workers_two.py"),
    # Each of its runs meets an error, and BIQ701 looks at those alone that meet none.
    Client(file="good/challenged_first.py", options=("--allow-untested",)),
    Client(file="good/attended_loopback.py", attended=True),
    Client(file="good/attended_authlib.py", needs="authlib requests", attended=True),
    Client(file="good/attended_requests_oauthlib.py", needs="requests_oauthlib", attended=True),
    Client(file="good/attended_msal.py", needs="msal requests", options=("--tls",), attended=True),
    Client(file="good/attended_msal_node.mjs", options=("--tls",), attended=True),
    Client(file="good/attended_openid_client.mjs", attended=True),
    Client(file="good/attended_oidc_client_ts.mjs", needs="chromium", attended=True),
    Client(file="good/node_fetch.mjs"),
    Client(file="good/node_axios.mjs"),
    Client(file="good/node_got.mjs"),
    Client(file="good/node_superagent.mjs"),
    Client(file="good/node_openid_client.mjs"),
    # The library gives no access to token_type.
    Client(file="good/node_badgateway.mjs", warnings="403"),
    Client(file="good/curl.sh", needs="curl jq"),
    Client(file="good/c_libcurl.c", needs="curl cjson"),
    Client(file="good/JavaHttpClient.java"),
    Client(file="good/JavaUrlConnection.java"),
    Client(file="good/go_net_http.go"),
    Client(file="good/go_oauth2.go", needs="golang.org/x/oauth2"),
    Client(file="good/perl_http_tiny.pl", needs="JSON::XS"),
    Client(file="good/perl_lwp.pl", needs="LWP::UserAgent JSON::XS"),
    Client(file="good/php_curl.php", needs="curl"),
    Client(file="good/php_streams.php"),
    Client(file="good/ruby_net_http.rb"),
    Client(file="good/CsharpHttpClient.cs", needs="System.Net.Http System.Runtime.Serialization"),
)

FLAWED = (
    Client(file="flawed/auth0_sample.py", errors="209 211 212"),
    Client(
        file="flawed/authlib_httpx.py",
        needs="authlib python<3.13",
        errors="301",
        scenarios="sign-in special-characters",
    ),
    Client(file="flawed/authlib_secret_post.py", needs="authlib requests", errors="210"),
    Client(file="flawed/httpx_none.py", errors="210"),
    Client(
        file="flawed/requests_oauthlib_default.py",
        needs="requests_oauthlib",
        errors="206",
        warnings="216",
    ),
    Client(
        file="flawed/requests_oauthlib_refresh.py",
        needs="requests_oauthlib",
        errors="503",
        warnings="501",
        scenarios="sign-in token-dies",
    ),
    Client(file="flawed/curl_insecure.sh", needs="curl jq", errors="002", **_OVER_TLS),
    Client(file="flawed/requests_verify_false.py", needs="requests", errors="002", **_OVER_TLS),
    # Where the name is wrong, or the date, the file that names whom to trust undoes its switch.
    Client(file="flawed/requests_session_verify_false.py", needs="requests", errors="002", **_OVER_TLS),
    Client(file="flawed/node_reject_unauthorized.mjs", errors="002", **_OVER_TLS),
    Client(file="flawed/go_insecure_skip_verify.go", errors="002", **_OVER_TLS),
    Client(file="flawed/requests_redirects.py", needs="requests", errors="007", warnings="007", **_REDIRECTED),
    Client(file="flawed/requests_params.py", needs="requests", errors="203 704"),
    Client(file="flawed/requests_text.py", needs="requests", errors="202"),
    Client(file="flawed/node_axios_auth.mjs", errors="217"),
    Client(file="flawed/node_axios_object.mjs", errors="202"),
    Client(file="flawed/node_client_oauth2.mjs", errors="206", warnings="216"),
    Client(file="flawed/node_simple_oauth2.mjs", errors="206", warnings="216"),
    Client(file="flawed/node_fetch_form_data.mjs", errors="202"),
    Client(file="flawed/node_fetch_text.mjs", errors="202"),
    Client(file="flawed/node_fetch_undefined.mjs", errors="209 212 221"),
    Client(file="flawed/curl_get.sh", needs="curl jq", errors="201 203 704", warnings="703"),
    Client(file="flawed/curl_multipart.sh", needs="curl jq", errors="202", warnings="703"),
    Client(
        file="flawed/curl_raw.sh",
        needs="curl jq",
        errors="301",
        warnings="214 703",
        scenarios="sign-in special-characters",
    ),
    Client(
        file="flawed/wget_post_data.sh",
        needs="wget jq",
        errors="301",
        warnings="214 703",
        scenarios="sign-in special-characters",
    ),
    Client(file="flawed/go_oauth2_auto.go", needs="golang.org/x/oauth2", errors="206", warnings="216"),
    Client(file="flawed/perl_json_pp.pl", needs="HTTP::Tiny JSON::PP", errors="411", scenarios="sign-in json-variety"),
    Client(file="flawed/ruby_nil.rb", errors="210"),
    Client(file="flawed/ruby_oauth2.rb", needs="oauth2", errors="206", warnings="216"),
)

# Those that are built for the production names: they honour the proxy, and check that an endpoint is https.
SHIPPED = (
    Client(file="good/requests_session.py", needs="requests"),
    Client(file="good/httpx_sync.py"),
    Client(file="good/curl.sh", needs="curl jq"),
    Client(file="good/node_axios.mjs"),
    Client(file="good/go_net_http.go"),
    Client(file="good/JavaHttpClient.java"),
)
