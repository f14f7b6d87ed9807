"""BIQ211: no audience parameter."""

from collections.abc import Iterator

from blastiq_conformance.catalogue import Level, Outcome, Part, Problem, Severity, ShownBy, rule
from blastiq_conformance.catalogue.example_messages import SIGN_IN
from blastiq_conformance.evidence import password_grants
from blastiq_conformance.evidence.token_request import TokenRequest


@rule(
    id="BIQ211",
    level=Level.MUST_NOT,
    severity=Severity.ERROR,
    title="No audience parameter on the token request",
    why="The article lists audience under unused parameters and asks not to send it. It usually comes from samples "
    "written for Auth0, whose servers demand it; IdentityServer ignores it, so only this check tells you.",
    instead="Leave the parameter out altogether: absent, not empty.",
    references=("A33", "A25"),
    fixes={
        "Auth0 SDKs and samples": "remove the audience option",
        "Guzzle": "no audience among form_params",
        "IdentityModel": "no audience among the Parameters of PasswordTokenRequest",
        "Postman": "untick the row audience in the body",
    },
    good=SIGN_IN,
    bad=SIGN_IN + "&audience=https%3A%2F%2Fapi.example",
    select=password_grants,
    absent=Outcome.UNTESTED,
    reads=Part.BODY,
    shown_by=ShownBy.ANY_SIGN_IN,
)
def audience_sent(request: TokenRequest) -> Iterator[Problem]:
    """Find every audience, wherever it was put, even an empty one."""
    for field in request.all("audience"):
        yield Problem(
            message="the token request carries an audience parameter",
            expected="no audience parameter: absent, not empty",
            received=request.quote(field),
            parameter="audience",
        )
