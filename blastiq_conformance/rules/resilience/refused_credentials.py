"""BIQ801: credentials that were refused are not tried again."""

from collections.abc import Sequence

from blastiq_conformance.catalogue import Level, Problem, Problems, Severity, quote, rule
from blastiq_conformance.catalogue.example_messages import REFUSED, signed_in, story
from blastiq_conformance.evidence import TokenRequest
from blastiq_conformance.rules.resilience.series import NEXT_RUN

# D9: with two attempts a client may probe the style of client authentication; a third one is a retry.
_TOLERATED = 2
_REFUSALS = frozenset({400, 401})


@rule(
    id="BIQ801",
    level=Level.MUST_NOT,
    title="Refused credentials are not sent again",
    why="The server must guard against guessing (RFC 6749 section 4.3.2), and most servers lock an account after some "
    "failed sign-ins. No repetition makes the password right.",
    instead="Treat 400 with an OAuth error as final: report it, end, and wait for other credentials.",
    references=("RFC 6749 5.2", "RFC 6749 4.3.2", "D9", "D21", "D30"),
    fixes={
        "golang.org/x/oauth2": "set Endpoint.AuthStyle to AuthStyleInParams: the default tries both styles",
        "urllib3 Retry": "status_forcelist with 5xx and 429 only, never with 400 or 401",
        "tenacity, Polly": "retry on 5xx and lost connections only, never on 400 or 401",
    },
    good=story(signed_in(REFUSED, "400 Bad Request"), "exit: 1"),
    bad=story(*[signed_in(REFUSED, "400 Bad Request")] * 3, "exit: 1"),
    select=lambda evidence: [row for row in evidence.attempts if any(map(_refused, row))],
)
def refused_credentials_retried(attempt: Sequence[TokenRequest]) -> Problems:
    """Count the sign-ins with the same credentials after a refusal, whatever its error code.

    A second one is a warning, even with another style of client authentication (D9): it locks nobody out yet.
    """
    rows: dict[tuple[str | None, str | None], list[TokenRequest]] = {}
    for request in attempt:
        credentials = request.value("username"), request.value("password")
        row = rows.setdefault(credentials, [])
        # The next scheduled run may have credentials that were corrected.
        if row and request.exchange.started - row[-1].exchange.ended > NEXT_RUN:
            yield from _judged(row)
            row.clear()
        # A refused refresh token is BIQ508's; what comes after it is the first attempt with the password. A request
        # that was under way before the refusal came is not a repetition.
        heard = not row or request.exchange.started >= row[0].exchange.ended
        if not request.is_refresh and heard and (row or _refused(request)):
            row.append(request)
    for row in rows.values():
        yield from _judged(row)


def _judged(row: Sequence[TokenRequest]) -> Problems:
    told = row[: _TOLERATED + 1]
    if len(told) < _TOLERATED:
        return
    first, last = told[0], told[-1]
    changed = (first.basic is None) is not (last.basic is None)
    style = ", with another style of client authentication" if changed else ", unchanged"
    error = f" {quote(first.error)}" if first.error else ""
    yield Problem(
        message="credentials that the server had refused were sent again",
        expected="one token request, then an error",
        received=f"attempt {len(told)} after {first.status}{error}{style}",
        exchange=last.exchange.number,
        severity=Severity.ERROR if len(told) > _TOLERATED else Severity.WARNING,
    )


def _refused(request: TokenRequest) -> bool:
    # The client may not have seen all of an answer that was cut off.
    return (
        request.exchange.came_whole
        and not request.is_refresh
        and request.status in _REFUSALS
        and request.access_token is None
    )
