"""BIQ305 and BIQ307 to BIQ309: the credentials come from the configuration, at each start, and not from a person."""

from collections.abc import Sequence

from blastiq_conformance.catalogue import Level, Outcome, Part, Problem, Problems, Severity, quote, rule
from blastiq_conformance.catalogue.example_messages import (
    DISCOVERED,
    REFUSED,
    SIGN_IN,
    answered,
    called,
    renewal,
    sign_in,
    signed_in,
    story,
)
from blastiq_conformance.evidence import Evidence, Kind, TokenRequest, where
from blastiq_conformance.evidence.credential import Credential, Defect, credentials
from blastiq_conformance.evidence.parameters import is_template
from fake_idp.secrets.secret_names import NOTHING


def _select(evidence: Evidence) -> Sequence[TokenRequest]:
    facts = evidence.facts
    grants = () if facts.username is None and facts.password is None else evidence.password_grants
    # Where somebody typed them, a typing error looks like a built-in value.
    return [request for request in grants if not (facts.typed and _strange(request))]


def _strange(request: TokenRequest) -> list[Credential]:
    return [
        credential
        for credential in credentials(request)
        if credential.defect is Defect.UNRELATED and (credential.given or not _stands_for_nothing(credential))
    ]


def _stands_for_nothing(credential: Credential) -> bool:
    # Where nothing was given, a language's word for nothing is BIQ221's.
    value = "" if credential.sent is None else credential.sent.value
    return value.lower() in NOTHING or is_template(value)


@rule(
    id="BIQ305",
    level=Level.MUST,
    title="The integration signs in with the credentials that it was given",
    why="BlastIQ issues Service User credentials per customer and site. What was sent has nothing in common with what "
    "the integration was given, so it is built in or comes from somewhere else.",
    instead="Read username and password from the configuration of the customer, at each start.",
    references=("A10", "A8"),
    fixes={
        "any": "map BLASTIQ_USERNAME and BLASTIQ_PASSWORD to your own names: env or command of a target in blastiq.toml"
    },
    good=SIGN_IN,
    bad=sign_in("Winter-2019!"),
    select=_select,
    absent=Outcome.UNTESTED,
    seen=True,
)
def credentials_built_in(request: TokenRequest) -> Problems:
    """Find a value that has nothing in common with the one that was given; a changed one is another rule's."""
    for credential in _strange(request):
        if credential.name == "password" and request.value("password") == request.facts.previous_password:
            continue  # The password of the run before: BIQ307.
        yield Problem(
            message=f"the token request carries another {credential.name} than the one that the integration was given",
            expected=f"{credential.name}={quote(credential.given)}"
            if credential.given
            else "no sign-in: none was given",
            received=request.received(credential.name),
            parameter=credential.name,
        )


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
    reads=Part.NOTHING,
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


_ORDINARY = "facts: benign = yes"
_AUTHORIZE = ("/connect/authorize", "/connect/deviceauthorization")


@rule(
    id="BIQ309",
    level=Level.MUST,
    title="The integration runs without a person: no prompt, no browser",
    why="Unattended integration means server to BlastIQ, with nobody there to answer. The kit gives the integration an "
    "empty line as standard input; one that waits for a password, a code or a click never gets to work.",
    instead="Take everything from the configuration and sign in by the password grant; fail with a message if "
    "something is missing.",
    references=("A4", "A11"),
    fixes={"OpenID Connect login libraries": "their token endpoint call (resource owner password) instead of login"},
    good=story(_ORDINARY, signed_in(), called()),
    bad=story(_ORDINARY, DISCOVERED, "exit: asked"),
    # Under odd conditions a client that asks a person may have had no choice.
    select=where(lambda evidence: evidence.child and evidence.facts.benign and evidence.facts.flow == "unattended"),
    absent=Outcome.UNTESTED,
    reads=Part.NOTHING,
)
def person_needed(evidence: Evidence) -> Problems:
    """Find an authorization page that was opened, or a process that failed once it had asked on standard input."""
    for exchange in evidence.of_kind(Kind.IDENTITY):
        if exchange.request.path.lower().endswith(_AUTHORIZE):
            yield Problem(
                message="the integration opened a page on which a person is to sign in",
                expected="a sign-in by the password grant, with nobody there",
                received=quote(exchange.request.method, exchange.request.path),
                exchange=exchange.number,
            )
    # Many programs read what nobody wrote (ssh, docker -i): a request that was refused is the nearer cause.
    refused = any(status >= 400 for status in evidence.statuses)
    if evidence.process.asked and not refused and (evidence.failed or not evidence.worked):
        yield Problem(
            message="the integration read from its standard input, and failed without an answer",
            expected="an end, or the calls of the API that were asked for, unattended",
            received=f"{len(evidence.token_requests)} token requests and {len(evidence.api_calls)} calls of the API; "
            "the empty line on its standard input is gone",
        )
