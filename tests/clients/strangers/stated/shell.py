"""POSIX shell: curl and jq."""

from functools import partial

from tests.clients.strangers.stranger import Stranger

_shell = partial(Stranger, file="strangers/core/stranger.sh", needs="curl jq base64 tee")

SHELL = (
    # The API's redirect to another origin takes Authorization along; the token endpoint's is not followed.
    _shell(flaw="location-trusted", errors="008", origin="curl --location-trusted, as its manual warns"),
    # 604 explains what follows (D44).
    _shell(flaw="quoted-token", errors="604", origin="jq without --raw-output"),
    # Only the answer that is written with blanks, or escaped, is not understood.
    _shell(flaw="sed-for-json", errors="411", origin="sed and grep for JSON"),
    # Only blanks and tabs at the ends of a password are lost.
    _shell(flaw="read-trims", errors="302", origin="read without IFS="),
    # A line feed more, in every sign-in: 208, which explains 301 and 302.
    _shell(flaw="echo-to-file", errors="208", perhaps="307", origin="ours: echo where printf %s was meant"),
    # Nine tries in eight seconds of a 5xx and of a lost connection: one bound (D41), two rules. A 429 waits a second.
    _shell(
        flaw="curl-retry",
        warnings="802 805",
        perhaps="803 827",
        origin="curl --retry 8 --retry-all-errors --retry-delay 1",
    ),
    # One cause, the status; D34 reads as if 106, 409 and their like fail with it.
    _shell(
        flaw="tee-hides-status",
        errors="806",
        perhaps="106 408 409 410 412 805",
        origin="a pipe to tee without pipefail",
    ),
    # Password and token stand on stderr in every run.
    _shell(flaw="traces", errors="701", origin="set -x: glsec/glsec#315, openucx/ucc#1338"),
    # 602 for the method, 704 for the address that logs keep (M61); that the header is missing has the same cause.
    _shell(flaw="token-in-query", errors="602 704", perhaps="601", origin="odoo#63963"),
    # 127 and no call: its own text, and nothing is judged.
    _shell(flaw="not-installed", ends="3", origin="ours"),
    # It asks before anything is sent: 3, whose text says that it asked on standard input.
    _shell(flaw="asks-first", ends="3", origin="ours: a licence question"),
    # D34 and the false alarms of 106: a guess of the usual path is a warning; the issuer is still checked.
    _shell(
        flaw="usual-path", warnings="106", perhaps="103", origin="anthropic-auth#40: a fixed endpoint to fall back on"
    ),
    # Another scheme: refused by the API, renewed once, status 1.
    _shell(flaw="jwt-scheme", errors="601", origin="django-rest-framework-jwt: JWT_AUTH_HEADER_PREFIX is JWT"),
    # Compared by the byte; invalid_client at each sign-in.
    _shell(flaw="id-in-capitals", errors="206", origin="ours"),
    # The value is there under another name, which is 215, an info.
    _shell(flaw="login", errors="207", origin="ours: the fields of another API"),
    _shell(flaw="passwd", errors="208", origin="ours: the fields of another API"),
    # 209 on the password grant, 504 on refresh (D24); the product ignores it.
    _shell(flaw="id-as-secret", errors="209 504", origin="samples that want a secret; simple-oauth2 in body mode"),
    # 0.7 s after the end of a call, 0.95 s are the least; 14 calls in 10 s are under 20.
    _shell(flaw="hurried", warnings="825", origin="ours"),
    # Granted, so a warning (D51); on refresh it is what was granted.
    _shell(flaw="offline-access", warnings="212", origin="V of the requirements and OIDC samples"),
    # Nothing in common with what was given: 305 instead of 207 and 208 (D25).
    _shell(flaw="built-in", errors="305", origin="ours"),
    # The name that is given has capitals, so each sign-in shows 207 too, which 302 explains (D26).
    _shell(flaw="lower-name", errors="302", origin="ours: lower() on an e-mail address"),
    # The advertised query is lost with the advertised endpoint: one cause (D26).
    _shell(flaw="own-endpoint", warnings="103", origin="ours: authority plus /connect/token"),
    # D38; what the API adds is not to blame for a status that follows good work everywhere (D36).
    _shell(flaw="ends-with-three", errors="808", origin="ours: a status that means something to the scheduler"),
    # In a header of each call, in base64; the bearer header is right.
    _shell(flaw="gateway", errors="708", origin="ours: a gateway of old"),
)
