"""BIQ702: no secret in verbose output either."""

from blastiq_conformance.catalogue import Level, Problems, rule
from blastiq_conformance.catalogue.example_messages import called, signed_in, story
from blastiq_conformance.evidence import Evidence, where
from blastiq_conformance.rules.secrets.output import is_verbose, printed, problems


@rule(
    id="BIQ702",
    level=Level.SHOULD,
    title="Debug output shows no secret",
    why="Customers send debug output to the vendor's support, by mail and in tickets. It is the usual way in which "
    "passwords leave a company, and the switch is on just when many people look at the output.",
    instead="Mask fields by name (password, *_token, Authorization) before anything is written, at every level.",
    references=("A10", "RFC 6749 10.7"),
    fixes={"curl": "not --verbose or --trace in scripts: both print the Authorization header"},
    good=story("facts: verbose = yes", signed_in(), called(), "stderr: POST /identity/connect/token 200"),
    bad=story(
        "facts: verbose = yes",
        signed_in(),
        called(),
        "stderr: send: grant_type=password&username=svc.pit-42%40mine.example&password=k7Fq2vN9xW4mZ8tR1pLs",
    ),
    select=where(lambda evidence: evidence.child is not None and is_verbose(evidence)),
)
def secret_in_verbose_output(evidence: Evidence) -> Problems:
    """Search the output of a run with the debug switch on."""
    return problems(
        printed(evidence), "a secret is written out with the debug switch on", "masked values in debug output"
    )
