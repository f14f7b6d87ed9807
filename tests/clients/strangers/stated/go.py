"""Go: net/http."""

from functools import partial

from tests.clients.strangers.stranger import Stranger

_go = partial(Stranger, file="strangers/core/stranger.go")

GO = (
    # Identical repeats fail all the same (D19), on both grants under one number.
    _go(flaw="client-twice", errors="213", origin="url.Values.Add; authlib#645"),
    # A refresh by its fields, with a wrong grant: 502, and not 205, 207 and 208 (D24).
    _go(flaw="grant-refresh", errors="502", origin="ours: grant_type=refresh"),
    # Only api-extra has a field that it does not know.
    _go(
        flaw="strict-api",
        warnings="828",
        origin="OpenAPITools/openapi-generator#21446: DisallowUnknownFields in what is generated",
    ),
    # The control shows the same, so that 404 and 406 cannot be told: 4 by the letter of the exit codes.
    _go(
        flaw="token-for-each-call",
        warnings="605",
        ends="0 4",
        origin="golang.org/x/oauth2: Config.PasswordCredentialsToken gives a token and no TokenSource",
    ),
    # Slow: it waits until the kit ends it. `slow` of discovery-broken may show it too.
    _go(
        flaw="no-timeout",
        warnings="804",
        perhaps="106",
        origin="http.DefaultClient: google/safebrowsing#35, influxdata/telegraf#15899",
    ),
    # Thirty tries in three seconds, of discovery alone; a lost connection and a 429 are not tried again.
    _go(flaw="hammers-discovery", errors="802", origin="ours: for until it answers"),
    # The password goes to http: 105 explains what 001 would say of it.
    _go(flaw="any-scheme", errors="105", perhaps="001", options=("--intercept",), origin="ours: no look at the scheme"),
    # email is wider than what was granted (D28); the product ignores it.
    _go(flaw="wider-refresh", errors="507", origin="simple-oauth2: refresh({ scope }) of its README"),
    # The second refresh uses a handle that is spent, is refused, and it signs in again: it keeps working.
    _go(flaw="first-refresh-token", errors="505", origin="r-lib/httr2#186"),
    # A goroutine's stack and status 2: a failure that shows, with D34's warning. Issuer and TLS are not a 106.
    _go(flaw="panics", warnings="106", origin="ours: panic(err)"),
    # 211 on the password grant, 504 on refresh (D24).
    _go(flaw="audience", errors="211 504", origin="Auth0's samples of the password grant"),
    # Only the password grant has it; the product ignores it.
    _go(flaw="assertion", errors="223", origin="private_key_jwt, as Microsoft's and Okta's clients sign in"),
    # In a header of each call; 603 is about the access token.
    _go(flaw="refresh-token-to-api", errors="509", origin="ours: middleware that renews at the API"),
    # Three renewals for three callers. What overlaps is what was declared; a spent handle is the same cause.
    _go(
        flaw="renews-in-each",
        warnings="510",
        perhaps="501 505 508 605 607 821 822 824 825",
        concurrency=3,
        origin="owncloud/oauth2#70, IdentityServer4#3015",
    ),
)
