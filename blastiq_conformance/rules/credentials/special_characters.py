"""BIQ301 to BIQ304: username and password arrive as they were given, whatever characters are in them."""

from collections.abc import Sequence
from functools import partial

from blastiq_conformance.catalogue import Level, Problem, Problems, Severity, Symptom, quote, rule
from blastiq_conformance.catalogue.example_messages import USERNAME, sign_in
from blastiq_conformance.evidence import Evidence, TokenRequest
from blastiq_conformance.evidence.credential import SPECIAL_CHARACTERS, Defect, credentials
from blastiq_conformance.rules.credentials.difference import difference


def _special_sign_ins(evidence: Evidence) -> Sequence[TokenRequest]:
    """Select the sign-ins with credentials that break naive encoders; elsewhere BIQ207 and BIQ208 judge."""
    return evidence.password_grants if evidence.facts.scenario == SPECIAL_CHARACTERS else ()


def _special_sign_in(facts: str, password: str, username: str = USERNAME) -> str:
    """Give the example of a sign-in with special characters: what was given, and what stands in the form."""
    return f"facts: scenario = {SPECIAL_CHARACTERS}, {facts}\n###\n{sign_in(password, username)}"


def _altered(request: TokenRequest, fixes: dict[Defect, str], *, lowered: tuple[str, Defect] | None = None) -> Problems:
    """Find the credentials with one of these defects, each with its fix; the `lowered` one is only a warning."""
    for credential in credentials(request):
        if credential.defect in fixes:
            shown = difference(request.facts, credential)
            field = credential.sent._replace(value=shown) if shown and credential.sent is not None else credential.sent
            yield Problem(
                message=f"the {credential.name} did not arrive as it was given: {credential.defect}",
                expected=f"{credential.name}, once decoded, equal to what was given"
                + ("" if shown else f": {quote(credential.given)}"),
                received=request.quote(field) if field is not None else request.received(credential.name),
                parameter=credential.name,
                severity=Severity.WARNING if (credential.name, credential.defect) == lowered else None,
                fix=fixes[credential.defect],
            )


_ENCODE = (
    "Give each value to a form encoder (URLSearchParams, urlencode, curl --data-urlencode password@-); never build the "
    "form by concatenation."
)
_UNMANGLED = {
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
    return _special_sign_ins(evidence) or ((evidence,) if evidence.failed else ())


@rule(
    id="BIQ301",
    level=Level.MUST,
    title="Special characters in username and password arrive as they are",
    why="In a form & = + % # and all that is not ASCII must be percent-encoded as UTF-8 (RFC 6749 appendix B). "
    "Otherwise the server reads another password and answers invalid_grant, for some customers only.",
    instead="Let a form encoder build the body from the values as they are.",
    references=("A31", "A30", "RFC 6749 appendix B"),
    fixes={
        "curl": "printf '%s' \"$PASSWORD\" | curl --data-urlencode password@-, no -d: an argument shows it, BIQ703",
        "wget": "encode the values yourself, and send them by --post-file: --post-data shows them, BIQ703",
        "JavaScript": "URLSearchParams or encodeURIComponent; encodeURI leaves & + = # as they are",
        "requests, httpx": "data= with a dict, not with a string",
        "MSAL for .NET": "it puts the user name into a header as well, and fails beyond ASCII before anything is sent: "
        "it cannot sign in as a Service User, so post the form yourself",
        "authlib (httpx client)": "token_endpoint_auth_method='none' fails on characters beyond ASCII before Python "
        "3.13: use its requests client",
    },
    good=_special_sign_in("password = a+b&c=d%2Be#f", "a%2Bb%26c%3Dd%252Be%23f"),
    bad=_special_sign_in("password = a+bcdefghi", "a+bcdefghi"),
    select=_select,
    seen=True,
)
def special_characters_mangled(subject: TokenRequest | Evidence) -> Problems:
    """Find a credential in which a special character was lost or changed, or a client that failed before sending it."""
    if isinstance(subject, TokenRequest):
        yield from _altered(subject, _UNMANGLED)
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


_UNTIDIED = {
    Defect.TRIMMED: "Take the value whole: no trim or strip, and no reader of configuration that strips for you.",
    Defect.CASE_CHANGED: "Take the value as it is: no toLowerCase or toUpperCase.",
    Defect.NORMALISED: "Take the value as it is: no Unicode normalisation (NFC, NFKC) and no folding of white space.",
}
_GIVEN = "username = Svc.Pit-42@mine.example, password = K7Fq2vN9xW4mZ8tR1pLs"

_intact = partial(rule, level=Level.MUST, select=_special_sign_ins, seen=True)


@_intact(
    id="BIQ302",
    title="Username and password are sent untidied: not trimmed, not lower-cased, not normalised",
    why="A password is a sequence of characters: a trailing space, or an accent written as two characters, belongs to "
    "it. Tidying locks out the customer whose password needs what was removed.",
    instead="Pass both values on as they were entered.",
    references=("A31", "A30"),
    fixes={
        "dotenv files": "put the value in quotes: many readers strip what is bare",
        "INI and properties files": "quote or escape leading and trailing spaces",
        "Java": "no String.trim() or strip() on the password",
    },
    good=_special_sign_in(_GIVEN, "K7Fq2vN9xW4mZ8tR1pLs", "Svc.Pit-42%40mine.example"),
    bad=_special_sign_in(_GIVEN, "K7Fq2vN9xW4mZ8tR1pLs"),
)
def credentials_tidied(request: TokenRequest) -> Problems:
    """Find a credential that was tidied; only a warning for spaces around a user name, which are hardly ever meant."""
    return _altered(request, _UNTIDIED, lowered=("username", Defect.TRIMMED))


_ENCODED_ONCE = {
    Defect.DOUBLE_ENCODED: "Encode once: give the form encoder the value as it is, or encode by yourself without one."
}


@_intact(
    id="BIQ303",
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
    good=_special_sign_in("password = 100%25+k7Fq2vN9x", "100%2525%2Bk7Fq2vN9x"),
    bad=_special_sign_in("password = k7Fq2v+N9x&W4mZ8tR1pLs", "k7Fq2v%252BN9x%2526W4mZ8tR1pLs"),
)
def credentials_encoded_twice(request: TokenRequest) -> Problems:
    """Find a credential whose decoded value is still encoded; compared exactly, so a real %41 is not a mistake."""
    return _altered(request, _ENCODED_ONCE)


# The product itself refuses more than 100 characters (server.md 1.2, row 12), so no scenario asks for more: D17.
_IN_FULL = {
    Defect.SHORTENED: "Make room for 100 characters wherever the value is stored or passed on, and never cut it."
}
_LONG = "Xk4" * 33


@_intact(
    id="BIQ304",
    title="Username and password are sent in full length",
    why="The server accepts up to 100 characters for each. A column, buffer or input field that holds fewer cuts the "
    "value silently, and a customer with a long password cannot sign in.",
    instead="Store and send all characters, up to 100.",
    references=("A31", "A30"),
    good=_special_sign_in(f"password = {_LONG}", _LONG),
    bad=_special_sign_in(f"password = {_LONG}", _LONG[:64]),
)
def credentials_cut(request: TokenRequest) -> Problems:
    """Find a credential of which only the first characters arrived."""
    return _altered(request, _IN_FULL)
