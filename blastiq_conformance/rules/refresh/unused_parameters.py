"""BIQ504: no audience and no client secret on a refresh."""

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, rule
from blastiq_conformance.catalogue.example_messages import REFRESH_1, granted, refreshed, renewal, signed_in, story
from blastiq_conformance.evidence import TokenRequest, refreshes
from blastiq_conformance.evidence.credential import user_in_basic

_UNUSED = ("audience", "client_secret", "client_assertion", "client_assertion_type")


@rule(
    id="BIQ504",
    level=Level.MUST_NOT,
    title="No audience, no client_secret and no client assertion on a refresh",
    why="The article asks not to send audience and client_secret. That holds for every token request, and a refresh is "
    "often built in another place, by a library that adds what it was once configured with.",
    instead="Leave these parameters out: absent, not empty; and send no Basic credentials.",
    references=("A33", "A35"),
    fixes={
        "authlib": "token_endpoint_auth_method='none'",
        "httpx": "leave client_secret out of the dict: None becomes an empty field",
        "openid-client (Node, v5)": "token_endpoint_auth_method: 'none'",
    },
    good=story(signed_in(), refreshed(REFRESH_1, granted())),
    bad=story(
        signed_in(),
        renewal(f"grant_type=refresh_token&refresh_token={REFRESH_1}&client_id=external.customer&client_secret=s3cr3t"),
    ),
    select=refreshes,
    reads=Part.BODY | Part.HEADERS,
)
def refresh_with_unused_parameter(request: TokenRequest) -> Problems:
    """Find each of them wherever it was put; the profile lenient forgives an empty secret (D2, D32)."""
    for name in _UNUSED:
        for field in request.all(name):
            yield Problem(
                message=f"the refresh carries {name}",
                expected=f"no {name} parameter: absent, not empty",
                received=request.quote(field),
                parameter=name,
                tolerated=name == "client_secret" and not field.value,
            )
    # An empty password in Basic is BIQ216, the user's own is BIQ217: D26.
    basic = request.basic
    if basic is not None and basic.password and not user_in_basic(request):
        yield Problem(
            message="the refresh carries a client secret in its Authorization header",
            expected="no Authorization header",
            received=basic.quoted,
            parameter="client_secret",
        )
