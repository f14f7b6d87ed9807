"""BIQ308: without credentials there is nothing to send."""

from blastiq_conformance.catalogue import Level, Problem, Problems, rule
from blastiq_conformance.catalogue.example_messages import DISCOVERED, REFUSED, answered, renewal, story
from blastiq_conformance.evidence import Evidence, where

_FACTS = "facts: username = , password ="
_EMPTY = renewal("grant_type=password&username=&password=&client_id=external.customer")


@rule(
    id="BIQ308",
    level=Level.SHOULD_NOT,
    title="Where username or password is not configured, nothing is sent",
    why="The server answers an empty username or password with invalid_grant, as it answers a wrong one. The customer "
    "then looks for a typing error in a password that was never entered.",
    instead="Check at the start that both are set; if not, say which is missing and end with an exit status other than "
    "0.",
    references=("A10", "A12"),
    good=story(_FACTS, DISCOVERED, "exit: 1"),
    bad=story(_FACTS, f"{_EMPTY}\n{answered(REFUSED, '400 Bad Request')}", "exit: 1"),
    select=where(lambda evidence: "" in {evidence.facts.username, evidence.facts.password} and evidence.judged),
)
def empty_credentials_sent(evidence: Evidence) -> Problems:
    """Find the sign-ins with an empty credential; a value from elsewhere is not empty."""
    for request in evidence.password_grants:
        empty = [name for name in ("username", "password") if not request.value(name)]
        if empty:
            yield Problem(
                message=f"the token request was sent without a value for {' and '.join(empty)}",
                expected="no token request until both are configured",
                received=" & ".join(str(request.first(name) or f"no {name} parameter") for name in empty),
                parameter=empty[0],
                exchange=request.exchange.number,
            )
