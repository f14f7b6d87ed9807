"""BIQ706: no secret in the text of an error."""

from blastiq_conformance.catalogue import Level, Problems, ShownBy, rule
from blastiq_conformance.catalogue.example_messages import REFUSED, signed_in, story
from blastiq_conformance.evidence import Evidence, where
from blastiq_conformance.rules.secrets.output import by_an_error, is_verbose, printed, problems


@rule(
    id="BIQ706",
    level=Level.MUST,
    title="Error messages quote no password and no token",
    why="An exception that prints its request prints the form, and the form holds the password. Error texts travel "
    "further than logs: to the screen, to crash reporters, into the customer's mail to support.",
    instead="Report status, error code and address; never the body or the headers of the request.",
    references=("RFC 6749 10.7", "A22"),
    fixes={
        "axios": "print error.message and error.response.status: error.config.data is the form",
        "Guzzle": "do not print the request of a RequestException",
    },
    good=story(
        signed_in(REFUSED, "400 Bad Request"),
        "stderr: sign-in refused: 400 invalid_grant for svc.pit-42@mine.example",
        "exit: 1",
    ),
    bad=story(
        signed_in(REFUSED, "400 Bad Request"),
        "stderr: Error: 400 for {'grant_type': 'password', 'password': 'k7Fq2vN9xW4mZ8tR1pLs'}",
        "exit: 1",
    ),
    select=where(lambda evidence: evidence.child and evidence.troubled and not is_verbose(evidence)),
    shown_by=ShownBy.ANY_SIGN_IN,
)
def secret_in_error_text(evidence: Evidence) -> Problems:
    """Search the output of a run that met an error; what it writes anyway is BIQ701's."""
    found = by_an_error(evidence, printed(evidence))
    return problems(found, "a secret is written out after an error", "an error text without any secret")
