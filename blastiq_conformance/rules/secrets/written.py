"""BIQ701, BIQ702 and BIQ706: no secret in what a run writes, on its outputs or in a log."""

from collections.abc import Sequence

from blastiq_conformance.catalogue import Level, Outcome, Problems, ShownBy, rule
from blastiq_conformance.catalogue.example_messages import REFUSED, TOKEN_1, called, signed_in, story
from blastiq_conformance.evidence import Evidence, where
from blastiq_conformance.rules.secrets.output import by_an_error, is_verbose, printed, problems


def _select(evidence: Evidence) -> Sequence[Evidence]:
    if evidence.child is None or is_verbose(evidence):
        return ()
    # A run that met an error proves as much, unless the error exposed a secret, which is BIQ706's.
    return () if evidence.troubled and by_an_error(evidence, printed(evidence)) else (evidence,)


@rule(
    id="BIQ701",
    level=Level.MUST,
    title="No password and no token on stdout, on stderr or in a log",
    why="Logs are copied to collectors, tickets and chats, and read by people who must not sign in as the customer. "
    "The article asks to keep the credentials secure; a token in a log is as good as the password until it expires.",
    instead="Log that a sign-in worked and when its token expires; of a secret at most its length or a hash.",
    references=("A10", "RFC 6749 10.3", "RFC 6749 10.7"),
    fixes={
        "Python logging of requests-oauthlib, oauthlib": "raise the level of oauthlib and requests_oauthlib to INFO",
        "Spring": "logging.level.org.springframework.web.client.RestTemplate=INFO: DEBUG writes the form",
        "axios": "do not log error.config or response.data of the token request",
    },
    good=story(signed_in(), called(), "stdout: signed in as svc.pit-42@mine.example, token good for 3600 s"),
    bad=story(signed_in(), called(), f"stdout: token: {TOKEN_1}"),
    select=_select,
    absent=Outcome.UNTESTED,
    shown_by=ShownBy.ANY_SIGN_IN,
)
def secret_logged(evidence: Evidence) -> Problems:
    """Search stdout, stderr and logs for canaries in every encoding; user name and client id are not secrets."""
    return problems(printed(evidence), "a secret is written out", "no secret in any output")


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
