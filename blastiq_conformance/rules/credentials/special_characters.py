"""BIQ301: special characters arrive as they are."""

from collections.abc import Iterator, Sequence

from blastiq_conformance.catalogue import Level, Part, Problem, Severity, quote, rule
from blastiq_conformance.catalogue.symptoms import Symptom
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.credential import SPECIAL_CHARACTERS, Defect
from blastiq_conformance.evidence.token_request import TokenRequest
from blastiq_conformance.rules.credentials.given import altered, special_sign_in, special_sign_ins

_ENCODE = (
    "Give each value to a form encoder (URLSearchParams, urlencode, curl --data-urlencode password@-); never build the "
    "form by concatenation."
)
_FIXES = {
    Defect.MISSING: _ENCODE,
    Defect.EMPTY: _ENCODE,
    Defect.TRUNCATED: "Percent-encode the value: an & ends a field and a # ends a URL, so what follows was lost. "
    + _ENCODE,
    Defect.PLUS_AS_SPACE: "Percent-encode the plus sign as %2B: in a form a bare + means a space. " + _ENCODE,
    Defect.PERCENT_DECODED: "Percent-encode the percent sign as %25: bare, it starts an escape. " + _ENCODE,
    Defect.SHELL_EXPANDED: "Keep the value away from a shell: use single quotes, or no shell at all.",
    Defect.OTHER_CHANGE: _ENCODE,
}


def _select(evidence: Evidence) -> Sequence[TokenRequest | Evidence]:
    if evidence.facts.scenario != SPECIAL_CHARACTERS:
        return ()
    # A client that fails on the characters sends nothing; how it ended shows that.
    return special_sign_ins(evidence) or ((evidence,) if evidence.failed else ())


@rule(
    id="BIQ301",
    level=Level.MUST,
    severity=Severity.ERROR,
    title="Special characters in username and password arrive as they are",
    why="The article asks for username and password as obtained from BlastIQ Support. In a form & = + % # and all "
    "that is not ASCII must be percent-encoded as UTF-8 (RFC 6749 appendix B); where they are not, the server reads "
    "another password and answers invalid_grant, for some customers only.",
    instead="Let a form encoder build the body from the values as they are.",
    references=("A31", "A30", "RFC 6749 appendix B"),
    fixes={
        "curl": "printf '%s' \"$PASSWORD\" | curl --data-urlencode password@-, no -d: an argument shows it, BIQ703",
        "wget": "encode the values yourself, and send them by --post-file: --post-data shows them, BIQ703",
        "JavaScript": "URLSearchParams or encodeURIComponent; encodeURI leaves & + = # as they are",
        "requests, httpx": "data= with a dict, not with a string",
        "MSAL for .NET": "it puts the user name into a header as well, and fails beyond ASCII before anything is sent: "
        "it cannot sign in as a Service User, so post the form yourself",
        "authlib (httpx client)": "token_endpoint_auth_method='none' fails on characters beyond ASCII: "
        "use its requests client",
    },
    good=special_sign_in("password = a+b&c=d%2Be#f", "a%2Bb%26c%3Dd%252Be%23f"),
    bad=special_sign_in("password = a+bcdefghi", "a+bcdefghi"),
    select=_select,
    reads=Part.BODY,
    seen=True,
)
def special_characters_mangled(subject: TokenRequest | Evidence) -> Iterator[Problem]:
    """Find a credential in which a special character was lost or changed, or a client that failed before sending it."""
    if isinstance(subject, TokenRequest):
        yield from altered(subject, _FIXES)
        return
    yield Problem(
        message="the integration failed before it sent these credentials",
        expected=f"a token request with the password as it was given: {quote(subject.facts.password)}",
        received="no token request",
        parameter="password",
        symptom=Symptom.NO_TOKEN_REQUEST,
        fix="Find what fails on the characters: often an encoding to ASCII or Latin-1 where UTF-8 is meant, or a "
        "library that puts the user name into a header, as MSAL does.",
    )
