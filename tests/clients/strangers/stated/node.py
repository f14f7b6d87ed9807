"""Node: fetch, and axios once."""

from functools import partial

from tests.clients.strangers.stranger import Stranger

_node = partial(Stranger, file="strangers/core/stranger.mjs")

NODE = (
    # 202 explains 205 to 208 and 301 for JSON under a form's label.
    _node(flaw="json-as-form", errors="202", origin="node-oidc-provider#589, django-oauth-toolkit#1624"),
    # %E9 and %u20AC are not UTF-8: 214 instead of 207, 208 and 301 (D25).
    _node(flaw="escape", errors="214", origin="escape() of JavaScript, Annex B"),
    # 506 for the old one that was lost; D27 has 221 for the word undefined as well, one cause or two.
    _node(
        flaw="forgets-refresh",
        errors="506",
        perhaps="221",
        origin="Kong/insomnia#1492, DuendeArchive/IdentityModel#91; URLSearchParams writes undefined",
    ),
    # {} and a 200 with an error go on to the API; a type that is wrong is still refused.
    _node(flaw="bearer-undefined", errors="410", origin="ours: `Bearer ${undefined}`"),
    # The form is on stderr only where a token request fails: 706. axios' stack beside it may be D34's warning.
    _node(
        flaw="logs-axios-error",
        errors="706",
        perhaps="409 701",
        origin="axios/axios#2602: the error holds config.data",
    ),
    # A date is NaN, and setTimeout(NaN) at once: three tries in a row, no more than the bound.
    _node(flaw="retry-after-nan", warnings="803", perhaps="827", origin="elizaOS/eliza#22162, Truxify#13770"),
    # Twenty-five at once break 20 in 10 s and overlap; whether 825 counts what overlaps is open. Of tokens that die
    # after one call all but one caller fails again.
    _node(
        flaw="all-at-once",
        errors="821",
        warnings="824",
        perhaps="501 505 507 607 825",
        origin="Promise.all over what is to be fetched",
    ),
    # No token that anybody issued, though one had come: 604, and what follows is its effect.
    _node(flaw="prints-object", errors="604", origin="ours: `Bearer ${answer}` where answer.access_token was meant"),
    # 502 for the refresh token that is not there under its name; each is refused, and followed by a sign-in.
    _node(flaw="camel-case", errors="502", origin="ours: { refreshToken } of an object literal"),
    # The refresh token is another than the one that was issued: refused, and followed by a sign-in.
    _node(flaw="kept-in-base64", errors="502", origin="ours: a Kubernetes secret taken as it stands"),
    # Without a lifetime the timer fires at once, and again after each renewal (404); so it does for odd ones (405).
    _node(
        flaw="renewal-timer",
        errors="404",
        warnings="405",
        perhaps="501 505 605 809",
        origin="setTimeout's documentation: a delay that is too long, below 1 or NaN is 1 ms",
    ),
    # Ten documents for ten calls; the token is kept.
    _node(flaw="discovers-each-time", warnings="107", origin="fastmcp#4837, jellyfin-plugin-sso#247"),
    # Set on the client for good, it reaches the token endpoint with the refresh: 610; 216 is its lesser name.
    _node(
        flaw="keeps-header",
        errors="610",
        perhaps="216",
        origin="axios.defaults.headers.common.Authorization; generator-jhipster#6359",
    ),
    # Refused as invalid_request, then it signs in again: 502, the twin of 202 (D24).
    _node(flaw="json-refresh", errors="502", origin="requests-oauthlib#244; axios posts an object as JSON"),
    # D23: a warning where the credentials stay, an error where they leave the authority's origin.
    _node(flaw="any-issuer", errors="104", warnings="104", origin="IdentityServer4#2332"),
    # A field in a wrong place is not also missing (D31): 203, and not 206. No secret is in the address: not 704.
    _node(flaw="client-in-query", errors="203", origin="axios `params`, got `searchParams`"),
    # Nine tries in nine seconds: over five, not over ten in ten seconds.
    _node(flaw="steady-retries", warnings="802", origin="ours: a fixed second, six times more"),
    # invalid_scope at each sign-in (D51).
    _node(
        flaw="reserved-scopes",
        errors="212",
        origin="MSAL adds openid profile offline_access: AzureAD/microsoft-authentication-library-for-dotnet#2465",
    ),
    # Only calls are caught: 0 where the API refuses, forbids, redirects or is lost; sign-in and discovery still show.
    _node(flaw="catches-calls", errors="806", perhaps="805", origin="ours: .catch(console.error) at the end"),
    # A SyntaxError with its stack, status 1: D34's warning, for the token answer alone.
    _node(flaw="parses-first", warnings="409", origin="n8n-io/n8n#27089: uncaught SyntaxError for HTML"),
    # D47: a warning to whatever origin, for the whole run is plain http. A GET without body after 302 is not a leak.
    _node(
        flaw="follows-redirects", warnings="007", origin="fetch follows by default and keeps the body on 307 and 308"
    ),
)
