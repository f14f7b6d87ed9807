"""BIQ307: a changed password is picked up."""

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, Severity, quote, rule
from blastiq_conformance.catalogue.example_messages import SIGN_IN, sign_in
from blastiq_conformance.evidence import TokenRequest

_OLD = "Old8Rw3Yq6Mz1Kd5"


@rule(
    id="BIQ307",
    level=Level.SHOULD,
    severity=Severity.INFO,
    title="After the password was changed and the integration restarted, the new password is sent",
    why="A Service User's password may be replaced at any time. An integration that stored the first one in a "
    "place of its own goes on using it until somebody finds out where.",
    instead="Read the password from the configuration at each start, and keep no second copy.",
    references=("A8", "A10"),
    good=f"facts: previous_password = {_OLD}\n###\n{SIGN_IN}",
    bad=f"facts: previous_password = {_OLD}\n###\n{sign_in(_OLD)}",
    select=lambda evidence: evidence.password_grants if evidence.facts.previous_password is not None else (),
    reads=Part.BODY,
    seen=True,
)
def old_password_sent(request: TokenRequest) -> Problems:
    """Find the password of the run before."""
    sent = request.first("password")
    if sent is not None and sent.value == request.facts.previous_password != request.facts.password:
        yield Problem(
            message="the token request carries the password from before the change",
            expected=f"password={quote(request.facts.password)}",
            received=request.quote(sent),
            parameter="password",
        )
