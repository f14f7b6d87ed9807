"""BIQ303: encoded once."""

from collections.abc import Iterator

from blastiq_conformance.catalogue import Level, Part, Problem, Severity, rule
from blastiq_conformance.evidence.credential import Defect
from blastiq_conformance.evidence.token_request import TokenRequest
from blastiq_conformance.rules.credentials.given import altered, special_sign_in, special_sign_ins

_FIXES = {
    Defect.DOUBLE_ENCODED: "Encode once: give the form encoder the value as it is, or encode by yourself without one."
}


@rule(
    id="BIQ303",
    level=Level.MUST,
    severity=Severity.ERROR,
    title="Username and password are percent-encoded once",
    why="A value that is encoded before it goes to a library that encodes again arrives with %25 where a % should be. "
    "The server decodes once (RFC 6749 appendix B) and reads another password; letters and digits hide the mistake.",
    instead="Leave the encoding to one place.",
    references=("A31", "RFC 6749 appendix B"),
    fixes={
        "axios, fetch with URLSearchParams": "no encodeURIComponent on the values",
        "requests, httpx": "no urllib.parse.quote on what goes into data=",
        "PHP http_build_query": "no urlencode() on the values",
    },
    good=special_sign_in("password = 100%25+k7Fq2vN9x", "100%2525%2Bk7Fq2vN9x"),
    bad=special_sign_in("password = k7Fq2v+N9x&W4mZ8tR1pLs", "k7Fq2v%252BN9x%2526W4mZ8tR1pLs"),
    select=special_sign_ins,
    reads=Part.BODY,
    seen=True,
)
def credentials_encoded_twice(request: TokenRequest) -> Iterator[Problem]:
    """Find a credential whose decoded value is still encoded; compared exactly, so a real %41 is not a mistake."""
    return altered(request, _FIXES)
