"""BIQ302: no trimming, no change of case, no normalisation."""

from collections.abc import Iterator

from blastiq_conformance.catalogue import Level, Part, Problem, Severity, rule
from blastiq_conformance.evidence.credential import Defect
from blastiq_conformance.evidence.token_request import TokenRequest
from blastiq_conformance.rules.credentials.given import altered, special_sign_ins

_FIXES = {
    Defect.TRIMMED: "Take the value whole: no trim or strip, and no reader of configuration that strips for you.",
    Defect.CASE_CHANGED: "Take the value as it is: no toLowerCase or toUpperCase.",
    Defect.NORMALISED: "Take the value as it is: no Unicode normalisation (NFC, NFKC) and no folding of white space.",
}


@rule(
    id="BIQ302",
    level=Level.MUST,
    severity=Severity.ERROR,
    title="Username and password are sent untidied: not trimmed, not lower-cased, not normalised",
    why="A password is a row of characters, and a space at its end or an accent written in two characters belongs to "
    "it. The article asks for the values as obtained from BlastIQ Support; whoever tidies them locks out the customer "
    "whose password needs what was taken away.",
    instead="Pass both values on as they were entered.",
    references=("A31", "A30"),
    fixes={
        "dotenv files": "put the value in quotes: many readers strip what is bare",
        "INI and properties files": "quote or escape leading and trailing spaces",
        "Java": "no String.trim() or strip() on the password",
    },
    good="""
facts: scenario = special-characters, username = Svc.Pit-42@mine.example, password = K7Fq2vN9xW4mZ8tR1pLs
###
POST /identity/connect/token
Content-Type: application/x-www-form-urlencoded

grant_type=password&username=Svc.Pit-42%40mine.example&password=K7Fq2vN9xW4mZ8tR1pLs
&client_id=external.customer
""",
    bad="""
facts: scenario = special-characters, username = Svc.Pit-42@mine.example, password = K7Fq2vN9xW4mZ8tR1pLs
###
POST /identity/connect/token
Content-Type: application/x-www-form-urlencoded

grant_type=password&username=svc.pit-42%40mine.example&password=K7Fq2vN9xW4mZ8tR1pLs
&client_id=external.customer
""",
    select=special_sign_ins,
    reads=Part.BODY,
    seen=True,
)
def credentials_tidied(request: TokenRequest) -> Iterator[Problem]:
    """Find a credential that was tidied; spaces around a user name are hardly ever meant: a warning."""
    return altered(request, _FIXES, lowered=("username", Defect.TRIMMED))
