"""PHP: the curl extension, and streams once."""

from functools import partial

from tests.clients.strangers.stranger import Stranger

_php = partial(Stranger, file="strangers/core/stranger.php", needs="curl")

PHP = (
    # Only authority-slash ends in a slash; there // is 404, and it stops as it should.
    _php(flaw="slash-kept", errors="101", origin="modelcontextprotocol/php-sdk#506, alarik#14"),
    # amp;username is not a name of a field: 202, and not four fields that are missing.
    _php(flaw="separator-of-pages", errors="202", origin="http_build_query's manual: arg_separator.output is &amp;"),
    # Seen wherever it refreshes; the refresh works all the same.
    _php(flaw="password-on-refresh", errors="512", origin="ours: one array for both forms"),
    # Unknown names end it in extra-members; it knows id_token, and a lifetime of any type.
    _php(
        flaw="named-arguments",
        errors="401",
        origin="new Token(...$json): named arguments since PHP 8; php-openid-connect-client#7 is the like",
    ),
    # The chain still holds for untrusted, expired and future ones: 003 alone.
    _php(flaw="any-host-name", errors="003", options=("--tls",), origin="CURLOPT_SSL_VERIFYHOST => 0"),
    # %25 for %: 303 is the rule for it, 301 would be the general one (D26).
    _php(
        flaw="encoded-twice", errors="303", perhaps="301", origin="urlencode before http_build_query; golang/oauth2#783"
    ),
    # Slow: it waits until the kit ends it. `slow` of discovery-broken may show it too.
    _php(
        flaw="no-timeout", warnings="804", perhaps="106", origin="PHP's curl: CURLOPT_TIMEOUT is 0, never, by default"
    ),
    # Empty on the password grant 210, on refresh 504 (D24); never refused.
    _php(
        flaw="empty-secret",
        errors="210 504",
        origin="league/oauth2-client: AbstractProvider::getAccessToken always sends client_secret",
    ),
    # Fifteen characters of the password on stderr, only where sign-in fails: 706. The trace itself is D34's warning.
    _php(
        flaw="arguments-in-trace",
        errors="706",
        perhaps="106 409 701",
        origin="php.ini-development: zend.exception_ignore_args = Off, exception_string_param_max_len = 15",
    ),
    # One cause, the status; D34 reads as if 106, 409 and their like fail with it.
    _php(flaw="always-zero", errors="806", perhaps="106 408 409 410 412 805", origin="ours: catch, log, exit(0)"),
    # 405 at each start: it stops as A19 wants, and nothing after discovery can be told.
    _php(flaw="posted-discovery", errors="102", origin="one stream_context_create for all requests, method POST"),
    # A Basic header with the id and an empty secret beside the id in the body: 216 alone, on refresh too (D24).
    _php(flaw="client-in-basic", warnings="216", origin="postman-app-support#4488, stoplightio/desktop#367"),
    # & < > " ' become entities: wrong for another reason than encoding (D25).
    _php(flaw="sanitized", errors="301", origin="filter_var with FILTER_SANITIZE_FULL_SPECIAL_CHARS"),
)
