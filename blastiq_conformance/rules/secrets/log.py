"""BIQ701: no secret in what a run writes, on its outputs or in a log."""

from collections.abc import Sequence

from blastiq_conformance.catalogue import Level, Outcome, Problems, ShownBy, rule
from blastiq_conformance.catalogue.example_messages import TOKEN_1, called, signed_in, story
from blastiq_conformance.evidence import Evidence
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
