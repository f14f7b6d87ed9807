"""Java: java.net.http."""

from functools import partial

from tests.clients.strangers.stranger import Stranger

_java = partial(Stranger, file="strangers/core/Stranger.java")

JAVA = (
    # Six renewals for one call where one is the bound; each call follows a token request, so 825 is silent.
    _java(flaw="always-authenticates", errors="607", origin="okhttp#960: an Authenticator that never gives up"),
    # Bearer null, though a token had come.
    _java(flaw="accessToken", errors="604", origin="ours: the JSON names of Java properties"),
    # %E9 and ? are not UTF-8: 214 instead of 207, 208 and 301 (D25).
    _java(flaw="latin-1", errors="214", origin="gitlab4j-api#343; URLEncoder with ISO-8859-1"),
    # Refuses the opaque token and the one with - or _; whether the one of 8 KiB is a JWT is not said.
    _java(flaw="decodes-token", errors="406", perhaps="407", origin="ydb-java-sdk#692: Base64.getDecoder for a JWT"),
    # The only play with an id_token ends it.
    _java(
        flaw="wants-nonce",
        warnings="414",
        origin="manfredsteyer/angular-oauth2-oidc#1324: the nonce of a password grant's id_token",
    ),
    # Wherever sign-in gives none; the 501 that it looks like has the same cause (issue 11, section 1).
    _java(flaw="wants-refresh-token", errors="415", perhaps="501", origin="ours: Objects.requireNonNull"),
    # D5. That the query of endpoint-query is lost with the rest has the same cause.
    _java(
        flaw="configured-endpoint",
        warnings="103",
        perhaps="204",
        origin="spring.security.oauth2.client.provider.*.token-uri",
    ),
    # bearer and BEARER are refused.
    _java(flaw="exact-bearer", errors="402", origin="connect2id's SDK, issue 78; an enum of one name"),
    # Cannot sign in, and R41 names 220 alone, a warning: every MUST after it is untested.
    _java(
        flaw="gzip-body",
        warnings="220",
        ends="4",
        origin="okhttp#350, okhttp#1537: the recipe GzipRequestInterceptor",
    ),
    # The password only in the message of a failure.
    _java(flaw="form-in-message", errors="706", perhaps="701", origin="oxAuth#1910"),
    # All calls are made and it stays up: advice, no finding (issue 11, section 1). Failures still end with 1.
    _java(
        flaw="pool-stays-up",
        perhaps="309 808",
        ends="0 4",
        options=("--timeout", "40"),
        origin="prometheus/client_java#303: threads of an ExecutorService keep the JVM alive",
    ),
    # Ten minutes ahead is more than its minute; it asks nothing of a token that is not a JWT.
    _java(flaw="not-yet-valid", warnings="609", origin="V of the requirements: nbf against the local clock"),
    # unsupported_grant_type at each sign-in.
    _java(flaw="grant-in-capitals", errors="205", origin="ours: GrantType.PASSWORD.name()"),
    # D39: goes on with the dead token. It never renews, so that no refresh token is not news to it.
    _java(flaw="keeps-dead-token", errors="501", perhaps="405 415", origin="All-NBA#87, console-client#51"),
)
