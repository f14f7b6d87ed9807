"""BIQ307: a changed password is picked up."""

from collections.abc import Iterator, Sequence

from blastiq_conformance.catalogue import Level, Outcome, Part, Problem, Severity, quote, rule
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.token_request import TokenRequest


def _select(evidence: Evidence) -> Sequence[TokenRequest]:
    return evidence.password_grants if evidence.facts.previous_password is not None else ()


@rule(
    id="BIQ307",
    name="old-password-sent",
    level=Level.SHOULD,
    severity=Severity.INFO,
    title="After the password was changed and the integration started again, the new one is sent",
    why="A Service User's password may be replaced at any time. An integration that stored the first one in a "
    "place of its own goes on with it until somebody finds out where.",
    instead="Read the password from the configuration at each start, and keep no second copy.",
    references=("A8", "A10"),
    good="""
facts: previous_password = Old8Rw3Yq6Mz1Kd5
###
POST /identity/connect/token
Content-Type: application/x-www-form-urlencoded

grant_type=password&username=svc.pit-42%40mine.example&password=k7Fq2vN9xW4mZ8tR1pLs
&client_id=external.customer
""",
    bad="""
facts: previous_password = Old8Rw3Yq6Mz1Kd5
###
POST /identity/connect/token
Content-Type: application/x-www-form-urlencoded

grant_type=password&username=svc.pit-42%40mine.example&password=Old8Rw3Yq6Mz1Kd5
&client_id=external.customer
""",
    select=_select,
    absent=Outcome.INAPPLICABLE,
    reads=Part.BODY,
    seen=True,
)
def old_password_sent(request: TokenRequest) -> Iterator[Problem]:
    """Find the password of the run before."""
    sent = request.first("password")
    if sent is not None and sent.value == request.facts.previous_password != request.facts.password:
        yield Problem(
            message="the token request carries the password from before the change",
            expected=f"password={quote(request.facts.password)}",
            received=request.quote(sent),
            parameter="password",
            exchange=request.exchange.number,
        )
