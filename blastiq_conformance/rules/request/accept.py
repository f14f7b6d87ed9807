"""BIQ219: the client accepts a JSON answer."""

from collections.abc import Iterator

from blastiq_conformance.catalogue import Level, Outcome, Part, Problem, Severity, ShownBy, quote, rule
from blastiq_conformance.catalogue.example_messages import SIGN_IN
from blastiq_conformance.evidence import token_requests
from blastiq_conformance.evidence.token_request import TokenRequest

_USUAL = frozenset({None, "*/*", "application/json"})
_FITTING = frozenset({"*/*", "application/*", "application/json"})


@rule(
    id="BIQ219",
    level=Level.SHOULD,
    severity=Severity.INFO,
    title="An Accept header, where there is one, allows JSON",
    why="The article says that the token comes as application/json. IdentityServer does not look at Accept, but a "
    "gateway before it may answer 406 to a client that asks for XML alone.",
    instead="Send Accept: application/json, or no Accept header.",
    references=("A36",),
    good=SIGN_IN.replace("\n\n", "\nAccept: application/json, text/plain, */*\n\n", 1),
    bad=SIGN_IN.replace("\n\n", "\nAccept: text/xml\n\n", 1),
    select=token_requests,
    absent=Outcome.UNTESTED,
    reads=Part.HEADERS,
    shown_by=ShownBy.ANY_SIGN_IN,
)
def json_not_accepted(request: TokenRequest) -> Iterator[Problem]:
    """Find Accept headers with no range that includes JSON (RFC 9110 12.5.1)."""
    headers = request.request.headers
    if headers.get("accept") in _USUAL:
        return
    accepted = ", ".join(headers.get_all("accept"))
    if accepted.strip() and not any(_takes_json(part) for part in accepted.split(",")):
        yield Problem(
            message="the Accept header of the token request does not allow JSON",
            expected="application/json, or no Accept header",
            received=f"Accept: {quote(accepted)}",
            parameter="Accept",
        )


def _takes_json(media_range: str) -> bool:
    media_type, *parameters = (part.strip().lower() for part in media_range.split(";"))
    refused = any(parameter.replace(" ", "").rstrip("0").rstrip(".") in {"q=", "q=0"} for parameter in parameters)
    return media_type in _FITTING and not refused
