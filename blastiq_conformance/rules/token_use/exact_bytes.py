"""BIQ604: the token arrives as it was issued, byte for byte."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from blastiq_conformance.catalogue import Level, Outcome, Part, Problem, Problems, Severity, ShownBy, rule
from blastiq_conformance.catalogue.example_messages import TOKEN_1, signed_in, story
from blastiq_conformance.evidence import ApiCall, calls_where
from blastiq_conformance.evidence.quotation import quote, quote_authorization
from fake_idp.secrets.patterns import SHORTEST_PREFIX
from fake_idp.secrets.secret_names import NOTHING

# Where a longer token was cut, that is BIQ407.
_LONGEST = 4096
# RFC 6750 2.1 has none of these in a bearer token: [object Object], <Response [200]>, a whole answer.
_PRINTED = re.compile(r"[\s\[\]{}()<>\"']")
_UNFILLED = re.compile(r"\{\{? *\w+ *\}?\}|\$\{?\w+\}?|%\w+%")
_OBJECTS = {
    "[object ": "[object …], what JavaScript prints of an object",
    "<": "<…>, what Python prints of an object",
    "#<": "#<…>, what Ruby prints of an object",
    "{": "{…}, a whole answer or what a language prints of it",
    "map[": "map[…], what Go prints of a map",
}


@rule(
    id="BIQ604",
    level=Level.MUST,
    title="Bearer, one space, and the token exactly as it was issued",
    why="The token is an opaque string: quotes, a second Bearer, a tab, a line feed or an encoder make it another one. "
    "The API answers 401, and the client often renews a token that was valid. HTTP allows several blanks between "
    "scheme and token: most APIs accept them, but not all.",
    instead="Take access_token from the parsed JSON answer and put it after `Bearer ` unchanged.",
    references=("RFC 6750 2.1", "RFC 9110 11.4", "A23", "D13", "D44"),
    fixes={
        "shell": "jq -r gives the value without the quotes of JSON",
        "axios interceptors": "write the header once: one that adds Bearer to what has it already sends it twice",
    },
    bad=story(signed_in(), f'GET /api\nAuthorization: Bearer "{TOKEN_1}"\nHTTP/1.1 401 Unauthorized\n\n', "exit: 1"),
    select=calls_where(lambda call: (call.authorization or "").lower().startswith("bearer")),
    absent=Outcome.UNTESTED,
    reads=Part.HEADERS,
    shown_by=ShownBy.ANY_SIGN_IN,
)
def token_altered(call: ApiCall) -> Problems:
    """Find how the token that was sent differs from the issued one; another server's token is not judged."""
    header = call.authorization or ""
    scheme, _, token = header.partition(" ")
    message, severity = _defect(scheme, token, call)
    received = f"Authorization: {quote_authorization(header)}"
    if not message and token not in call.issued:
        message = _inside(header, call)
        if not message and (printed := _printed(scheme, token.strip(), call)):
            message, received = "something else stands where the token belongs", f"Authorization: Bearer, and {printed}"
    if message:
        yield Problem(
            message=message,
            expected="Authorization: Bearer <access_token>, the token as it was issued",
            received=received,
            parameter="Authorization",
            severity=severity,
        )


def _defect(scheme: str, token: str, call: ApiCall) -> tuple[str, Severity | None]:
    if token in call.issued:
        # Another scheme that only begins like Bearer is BIQ601's.
        if scheme.lower() != "bearer" or scheme == "Bearer":
            return "", None
        # RFC 9110 11.1: the scheme is case-insensitive; some APIs forget that.
        return f"the scheme is written {quote(scheme)}", Severity.INFO
    if token.strip(" ") in call.issued:
        # RFC 9110 11.4 allows one or more blanks and nothing else: D44.
        return "there is more than one blank around the token, which is legal and unusual", Severity.WARNING
    scheme, _, token = re.sub(r"\s+", " ", call.authorization or "").partition(" ")
    bare = token.strip()
    if bare in call.issued:
        return "a tab or a line break stands where a blank belongs", None
    for defect, original in _repairs(bare):
        if original in call.issued:
            return defect, None
    if bare.lower() in map(str.lower, call.issued):
        return "the letters of the token are in another case", None
    whole = call.canaries.token_beginning_with(token) if len(token) >= SHORTEST_PREFIX else None
    return ("the token was cut", None) if whole is not None and len(whole) <= _LONGEST else ("", None)


def _printed(scheme: str, token: str, call: ApiCall) -> str:
    """Describe a text that cannot be a bearer token (RFC 6750 2.1), where a token had been issued.

    Reports mask whatever follows Bearer, so it is described in words.
    """
    had_one = min(call.issued.values(), default=call.exchange.number) < call.exchange.number
    if not had_one or scheme.lower() != "bearer":
        return ""
    if _UNFILLED.fullmatch(token):
        return "a template that nobody filled in"
    if printed := next((words for begin, words in _OBJECTS.items() if token.startswith(begin)), ""):
        return printed
    if token.lower() in NOTHING or token.lower() == "(null)":
        return f"the word {quote(token)} after it" if token else "nothing after it"
    return "a text that is not a token" if _PRINTED.search(token) else ""


def _inside(header: str, call: ApiCall) -> str:
    for leak in call.canaries.token_search.find(header):
        if leak.whole and leak.secret.value in call.issued:
            encoding = leak.form.removeprefix("raw, ")
            return (
                "the token stands amid other characters" if leak.form == "raw" else f"the token was encoded: {encoding}"
            )
    return ""


def _repairs(token: str) -> Iterator[tuple[str, str]]:
    yield "the token stands in quotes", token.strip("\"'")
    yield "the token stands in brackets", token.strip("<>{}[]")
    # Letters around it make it another token.
    if not (token[:1].isalnum() or token[-1:].isalnum()):
        yield "the token stands in brackets", token[1:-1]
    if token.lower().startswith("bearer"):
        yield "Bearer is written twice", token[6:].strip()
    if "%" in token:
        yield "the token was percent-encoded", unquote(token)
