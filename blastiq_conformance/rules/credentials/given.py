"""The credentials of a sign-in: what the integration was given beside what it sent."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from blastiq_conformance.catalogue import Problem, Problems, Severity, quote
from blastiq_conformance.catalogue.example_messages import USERNAME, sign_in
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.credential import SPECIAL_CHARACTERS, Defect, diagnose, given_for
from blastiq_conformance.evidence.token_request import Field, TokenRequest
from blastiq_conformance.rules.credentials.difference import difference


class Credential(NamedTuple):
    """A parameter, what the integration was given for it (None: unknown), what it sent, and what became of it."""

    name: str
    given: str | None
    sent: Field | None
    defect: Defect

    def __repr__(self) -> str:
        return f"Credential(name={self.name!r}, defect={self.defect})"

    def difference(self, request: TokenRequest) -> str:
        """Say where what arrived differs; empty where that must not be shown."""
        if self.sent is None or self.given is None:
            return ""
        text = difference(self.name, request.facts, self.given, self.sent.value, self.defect)
        return request.quote(self.sent._replace(value=text)) if text else ""


def credentials(request: TokenRequest) -> Iterator[Credential]:
    """Compare username and password with those of the Service User that the request names."""
    username, password = given_for(request)
    for name, given, other in (("username", username, password), ("password", password, username)):
        sent = request.first(name)
        yield Credential(name, given, sent, diagnose(sent, given, other))


def special_sign_ins(evidence: Evidence) -> Sequence[TokenRequest]:
    """Select the sign-ins with credentials that break naive encoders; elsewhere BIQ207 and BIQ208 judge."""
    return evidence.password_grants if evidence.facts.scenario == SPECIAL_CHARACTERS else ()


def special_sign_in(facts: str, password: str, username: str = USERNAME) -> str:
    """Give the example of a sign-in with special characters: what was given, and what stands in the form."""
    return f"facts: scenario = {SPECIAL_CHARACTERS}, {facts}\n###\n{sign_in(password, username)}"


def altered(request: TokenRequest, fixes: dict[Defect, str], *, lowered: tuple[str, Defect] | None = None) -> Problems:
    """Find the credentials with one of these defects, each with its fix; the `lowered` one is only a warning."""
    for credential in credentials(request):
        if credential.defect in fixes:
            shown = credential.difference(request)
            yield Problem(
                message=f"the {credential.name} did not arrive as it was given: {credential.defect}",
                expected=f"{credential.name}, once decoded, equal to what was given"
                + ("" if shown else f": {quote(credential.given)}"),
                received=shown or request.received(credential.name),
                parameter=credential.name,
                severity=Severity.WARNING if (credential.name, credential.defect) == lowered else None,
                fix=fixes[credential.defect],
            )
