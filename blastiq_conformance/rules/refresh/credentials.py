"""BIQ512: no username and password beside a refresh token."""

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, rule
from blastiq_conformance.catalogue.example_messages import REFRESH_1, granted, refreshed, renewal, signed_in, story
from blastiq_conformance.evidence import TokenRequest, refreshes


@rule(
    id="BIQ512",
    level=Level.MUST_NOT,
    title="A refresh carries no username and no password",
    why="A refresh token exists so that the password need not be sent again (RFC 6749 sections 4.3.1 and 6). The "
    "server does not read these fields on a refresh, so they only travel once more, into one more log.",
    instead="Send grant_type, refresh_token and client_id, and nothing else; or sign in again by the password grant "
    "alone.",
    references=("RFC 6749 6", "RFC 6749 4.3.1"),
    fixes={"own code": "build the fields of the refresh anew: do not add to the dict of the sign-in"},
    good=story(signed_in(), refreshed(REFRESH_1, granted())),
    bad=story(
        signed_in(),
        renewal(
            f"grant_type=refresh_token&refresh_token={REFRESH_1}&client_id=external.customer"
            "\n&username=svc.pit-42%40mine.example&password=k7Fq2vN9xW4mZ8tR1pLs"
        ),
    ),
    select=refreshes,
    reads=Part.BODY,
)
def refresh_with_password(request: TokenRequest) -> Problems:
    """Find either field, wherever it was put."""
    for name in ("username", "password"):
        for field in request.all(name):
            yield Problem(
                message=f"the refresh carries the {name} of the Service User",
                expected=f"no {name} parameter beside refresh_token",
                received=request.quote(field),
                parameter=name,
            )
