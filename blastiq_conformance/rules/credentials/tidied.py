"""BIQ302: no trimming, no change of case, no normalisation."""

from collections.abc import Iterator

from blastiq_conformance.catalogue import Level, Part, Problem, Severity, rule
from blastiq_conformance.evidence.credential import Defect
from blastiq_conformance.evidence.token_request import TokenRequest
from blastiq_conformance.rules.credentials.given import altered, special_sign_in, special_sign_ins

_FIXES = {
    Defect.TRIMMED: "Take the value whole: no trim or strip, and no reader of configuration that strips for you.",
    Defect.CASE_CHANGED: "Take the value as it is: no toLowerCase or toUpperCase.",
    Defect.NORMALISED: "Take the value as it is: no Unicode normalisation (NFC, NFKC) and no folding of white space.",
}
_GIVEN = "username = Svc.Pit-42@mine.example, password = K7Fq2vN9xW4mZ8tR1pLs"


@rule(
    id="BIQ302",
    level=Level.MUST,
    severity=Severity.ERROR,
    title="Username and password are sent untidied: not trimmed, not lower-cased, not normalised",
    why="A password is a sequence of characters, and a trailing space or an accent written as two characters belongs "
    "to it. The article asks for the values as obtained from BlastIQ Support; tidying them locks out the customer "
    "whose password needs what was removed.",
    instead="Pass both values on as they were entered.",
    references=("A31", "A30"),
    fixes={
        "dotenv files": "put the value in quotes: many readers strip what is bare",
        "INI and properties files": "quote or escape leading and trailing spaces",
        "Java": "no String.trim() or strip() on the password",
    },
    good=special_sign_in(_GIVEN, "K7Fq2vN9xW4mZ8tR1pLs", "Svc.Pit-42%40mine.example"),
    bad=special_sign_in(_GIVEN, "K7Fq2vN9xW4mZ8tR1pLs"),
    select=special_sign_ins,
    reads=Part.BODY,
    seen=True,
)
def credentials_tidied(request: TokenRequest) -> Iterator[Problem]:
    """Find a credential that was tidied; only a warning for spaces around a user name, which are hardly ever meant."""
    return altered(request, _FIXES, lowered=("username", Defect.TRIMMED))
