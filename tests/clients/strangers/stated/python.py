"""Python: requests."""

from functools import partial

from tests.clients.strangers.stranger import Stranger

_python = partial(Stranger, file="strangers/core/stranger.py", needs="requests")

PYTHON = (
    # Five posts of a password that was refused; three fail (D9). It waits between them, and no 5xx is retried more.
    _python(
        flaw="RetriesRefused",
        errors="801",
        origin="tenacity: the default retry= of @retry is retry_if_exception_type(), whatever was raised",
    ),
    # Only discovery-extra has a member that it does not know, so nothing else differs from the control.
    _python(
        flaw="StrictMetadata",
        errors="109",
        origin="Model(**response.json()) of dataclasses; spring-security#6463 is the same in Java",
    ),
    # A token on stdout in runs that go well is 701; the same line in a run that fails later has the same cause.
    _python(flaw="PrintsAnswer", errors="701", origin="grafana#55425: token responses in the log"),
    # A cache is not a log, so 705 and not 701; the file is never read, so that no run depends on an earlier one.
    _python(
        flaw="CachesOpenly",
        warnings="705",
        origin="Mangopay/mangopay2-python-sdk#30: the cache of tokens is readable by anyone",
    ),
    # The password in a header of the discovery request; 708 says the same less exactly (D26).
    _python(
        flaw="SignsDiscovery", errors="108", perhaps="301 708", origin="ours: requests' auth= where none is needed"
    ),
    # D27: scope=None is a placeholder and a scope, and invalid_scope at each sign-in (D51); the rest cannot be told.
    _python(flaw="TemplatesNone", errors="212 221", origin="ours: f-string of an unset scope"),
    # 401 is treated as it should be; a 403 brings three renewals.
    _python(
        flaw="RenewsForbidden",
        warnings="608",
        origin="axios-auth-refresh#118: statusCodes: [401, 403]",
    ),
    # Every answer was good and it made no call: 808 (D38). All oddities show the same as the control: can't tell.
    _python(
        flaw="WantsExpiresAt",
        errors="808",
        origin="expires_at is what requests-oauthlib adds to a token itself (oauthlib, parse_token_response)",
    ),
    # Loopback, so 001 is inapplicable; what it sends in plain text is the finding. A reset over TLS may count double.
    _python(
        flaw="FallsBackToHttp",
        errors="006",
        perhaps="805",
        options=("--tls",),
        origin="ours: except SSLError, and once more with http",
    ),
)
