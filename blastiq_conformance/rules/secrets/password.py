"""BIQ708: the password goes to the token endpoint only."""

from collections.abc import Sequence

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, ShownBy, quote, rule
from blastiq_conformance.catalogue.example_messages import TOKEN_1, called, signed_in, story
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.sent import Sent, sent
from fake_idp.classify import Kind

# Discovery has a rule of its own: BIQ108.
_KINDS = (Kind.API, Kind.IDENTITY, Kind.JWKS, Kind.OTHER)


def _select(evidence: Evidence) -> Sequence[Sent]:
    if not evidence.canaries.passwords:
        return ()
    # A person enters the password on the identity server's own page, which does not concern the integration.
    attended = evidence.facts.flow == "attended"
    return sent(evidence, *(kind for kind in _KINDS if not attended or kind is not Kind.IDENTITY))


@rule(
    id="BIQ708",
    level=Level.MUST,
    title="The password is sent to the token endpoint only",
    why="The password of a Service User is exchanged for a token so that nobody else ever needs it. In a call of the "
    "API, a User-Agent or a telemetry record it reaches machines and logs that must not have it.",
    instead="Send the access token to the API, and the credentials to the token endpoint only.",
    references=("RFC 6749 10.7", "A12"),
    good=story(signed_in(), called()),
    bad=story(
        signed_in(),
        f"POST /api/login\nAuthorization: Bearer {TOKEN_1}\nContent-Type: application/json\n\n"
        '{"user": "svc.pit-42@mine.example", "password": "k7Fq2vN9xW4mZ8tR1pLs"}\nHTTP/1.1 200 OK\n\n',
    ),
    select=_select,
    reads=Part.HEADERS | Part.BODY,
    shown_by=ShownBy.ANY_SIGN_IN,
)
def password_sent_elsewhere(request: Sent) -> Problems:
    """Search every other request for the passwords, in every encoding; in a URL it is BIQ704's."""
    found = [
        place
        for place, _ in request.leaks(request.canaries.password_search)
        if place not in {"target", "header Referer"}
    ]
    form = request.request.form if request.request.body else ()
    found += [f"form field {pair.name}" for pair in form if pair.value in request.canaries.passwords]
    if found:
        yield Problem(
            message="the password is sent to another address than the token endpoint",
            expected="the password in the form of the token request alone",
            received=f"{quote(request.request.method, request.request.url)}: in {quote(found[0])}",
        )
