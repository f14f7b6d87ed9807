"""Perl: libwww-perl."""

from functools import partial

from tests.clients.strangers.stranger import Stranger

_perl = partial(Stranger, file="strangers/core/stranger.pl", needs="LWP::UserAgent LWP::Protocol::https JSON::XS")

PERL = (
    # The password is an argument of the process for its whole life, a second and more.
    _perl(flaw="password-option", warnings="703", origin="ours: exec of a worker with --password="),
    # D44: legal, and a warning; the API takes it.
    _perl(flaw="two-blanks", warnings="604", origin="ours: a template with a blank too many"),
    # Only the token of 8 KiB is longer than 4,000: 407, a warning (D43), and not 604 for the bytes that are missing.
    _perl(flaw="short-column", warnings="407", perhaps="604", origin="ours: VARCHAR(4000)"),
    # 202 for the missing type; the fields are read all the same (D31). Refused at each sign-in.
    _perl(
        flaw="no-content-type",
        errors="202",
        origin="HTTP::Request->new(POST => …) with content: LWP adds no Content-Type; requests' data=str is the like",
    ),
    # 202 for parts under a form's label; the fields are read all the same (D31).
    _perl(flaw="parts-as-form", errors="202", origin="ours: curl -F with the header of a form"),
    # mac, DPoP and no type at all are used as if they were bearer.
    _perl(flaw="any-kind", warnings="403", origin="node_badgateway.mjs of the suite: its library hides token_type"),
    # A fifth of a second is less than its own pace of a second (D42); three tries are no storm, Retry-After is heeded.
    # What it waits for after a 429 alone, it does not wait for after a 503.
    _perl(flaw="impatient", warnings="827", perhaps="803", origin="ours: a backoff in tenths"),
    # invalid_client, then it signs in again: the twin of 206 alone.
    _perl(flaw="refresh-alone", errors="503", origin="requests-oauthlib#566, scalar#8891"),
    # D35: a cookie beside the header is a second method.
    _perl(flaw="cookie-too", errors="603", origin="ours: a gateway of old"),
    # Two token requests before the first call, and one token for all calls after that.
    _perl(flaw="signs-in-twice", warnings="605", origin="ours: a sign-in to check the credentials first"),
    # A log file in HOME with the form: 701 names logs; it is 0600, so 705 has nothing to say.
    _perl(flaw="logs-forms", errors="701", perhaps="705", origin="spring-security-oauth#1218, oauthlib#256"),
    # As Debian ships it the chain still holds, only the name is not looked at.
    _perl(
        flaw="verify-hostname-off",
        errors="003",
        options=("--tls",),
        origin="LWP::Protocol::https: verify_hostname => 0 sets SSL_verifycn_scheme none and no mode",
    ),
)
