"""BIQ305: the credentials are configuration, not built in."""

from collections.abc import Sequence

from blastiq_conformance.catalogue import Level, Outcome, Part, Problem, Problems, quote, rule
from blastiq_conformance.catalogue.example_messages import sign_in
from blastiq_conformance.evidence import Evidence, TokenRequest
from blastiq_conformance.evidence.credential import Defect
from blastiq_conformance.evidence.parameters import is_template
from blastiq_conformance.rules.credentials.given import Credential, credentials
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
    why="BlastIQ issues Service User credentials per customer and site, and the article wants vendors to let each "
    "customer enter their own. The integration sent credentials that have nothing in common with those it was given, "
    "so they are built in or come from somewhere else.",
    instead="Read username and password from the configuration of the customer, at each start.",
    references=("A10", "A8"),
    fixes={
        "any": "map BLASTIQ_USERNAME and BLASTIQ_PASSWORD to your own names: env or command of a target in blastiq.toml"
    },
    bad=sign_in("Winter-2019!"),
    select=_select,
    absent=Outcome.UNTESTED,
    reads=Part.BODY,
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
            received=credential.received(request),
            parameter=credential.name,
        )
