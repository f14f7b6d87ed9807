"""BIQ304: the whole length, up to a hundred characters."""

from collections.abc import Iterator

from blastiq_conformance.catalogue import Level, Part, Problem, Severity, rule
from blastiq_conformance.evidence.credential import Defect
from blastiq_conformance.evidence.token_request import TokenRequest
from blastiq_conformance.rules.credentials.given import altered, special_sign_ins

# The product itself refuses more than 100 characters (server.md 1.2, row 12), so no scenario asks for more: D17.
_FIXES = {Defect.SHORTENED: "Make room for 100 characters wherever the value is stored or passed on, and never cut it."}
_LONG = "Xk4" * 33


@rule(
    id="BIQ304",
    level=Level.MUST,
    severity=Severity.ERROR,
    title="Username and password are sent in full length",
    why="The server accepts up to 100 characters for each. A column, buffer or input field that holds fewer cuts the "
    "value silently, and a customer with a long password cannot sign in.",
    instead="Store and send all characters, up to 100.",
    references=("A31", "A30"),
    good=f"""
facts: scenario = special-characters, password = {_LONG}
###
POST /identity/connect/token
Content-Type: application/x-www-form-urlencoded

grant_type=password&username=svc.pit-42%40mine.example&client_id=external.customer
&password={_LONG}
""",
    bad=f"""
facts: scenario = special-characters, password = {_LONG}
###
POST /identity/connect/token
Content-Type: application/x-www-form-urlencoded

grant_type=password&username=svc.pit-42%40mine.example&client_id=external.customer
&password={_LONG[:64]}
""",
    select=special_sign_ins,
    reads=Part.BODY,
    seen=True,
)
def credentials_cut(request: TokenRequest) -> Iterator[Problem]:
    """Find a credential of which only the first characters arrived."""
    return altered(request, _FIXES)
