"""BIQ207 and BIQ208: username and password are those that the integration was given, byte for byte."""

from functools import partial

from blastiq_conformance.catalogue import Level, Problem, Problems, ShownBy, quote, rule
from blastiq_conformance.catalogue.example_messages import SIGN_IN
from blastiq_conformance.evidence import TokenRequest, password_grants
from blastiq_conformance.evidence.credential import CHANGED, SPECIAL_CHARACTERS, TIDIED, Credential, Defect, credentials

_FAULTY = CHANGED | {Defect.MISSING, Defect.EMPTY}
_FIXES = {
    "curl": "printf '%s' \"$PASSWORD\" | curl --data-urlencode password@- instead of -d: an argument shows it, BIQ703",
    "requests, httpx": "data= with a dict; it encodes each value",
    "axios, fetch": "URLSearchParams instead of a string put together",
    "PHP": "http_build_query",
}

_AS_ENTERED = "Send the value as it was entered: neither trimmed, nor in other case, nor normalised."
_BETTER_FIXES = dict.fromkeys(TIDIED, _AS_ENTERED) | {
    Defect.PADDED: "Remove the line feed that echo, or a file, appends to the value: printf '%s'.",
    Defect.CODED: "Decode the value where it is read, such as a Kubernetes secret: the form holds the text itself.",
    Defect.HASHED: "Send the password itself, form-encoded: TLS protects it, and the server keeps the hash.",
    Defect.SWAPPED: "Put the user name into username, and the password into password.",
}

_credential = partial(
    rule, level=Level.MUST, fixes=_FIXES, select=password_grants, seen=True, shown_by=ShownBy.SCENARIO
)


@_credential(
    id="BIQ207",
    title="username is the Service User's name as obtained from BlastIQ Support",
    why="The article lists username among the variables of the body. A name that is missing, cut or changed on its way "
    "gets invalid_grant, with the same text as a wrong password: the server does not say which of the two is wrong.",
    instead="Send the configured name as it is, form-encoded.",
    references=("A12", "A21", "A30", "RFC 6749 4.3.2"),
    bad=SIGN_IN.replace("username=svc.pit-42%40mine.example&", ""),
)
def wrong_username(request: TokenRequest) -> Problems:
    """Find a username that is absent, empty or changed (D25)."""
    return _faults(request, credentials(request)[0])


@_credential(
    id="BIQ208",
    title="password is the Service User's password as obtained from BlastIQ Support, byte for byte",
    why="The article lists password among the variables of the body. It may hold any character, and each must arrive: "
    "a password that is missing, cut or changed gets invalid_grant, and repeated attempts may lock the account.",
    instead="Send the configured password as it is, form-encoded as UTF-8.",
    references=("A12", "A21", "A31", "RFC 6749 4.3.2"),
    bad=SIGN_IN.replace("tR1pLs", "tR1p"),
)
def wrong_password(request: TokenRequest) -> Problems:
    """Find a password that is absent, empty or changed (D25)."""
    return _faults(request, credentials(request)[1])


def _faults(request: TokenRequest, credential: Credential) -> Problems:
    name, given, _, defect = credential
    if defect not in _FAULTY or (defect in CHANGED and request.facts.scenario == SPECIAL_CHARACTERS):
        return
    changed = defect in CHANGED
    missing = "is empty" if defect is Defect.EMPTY else "is missing"
    yield Problem(
        message=f"{name} {f'is not what the integration was given: {defect}' if changed else missing}",
        expected=f"{name} as it was given to the integration" + (f": {quote(given)}" if given else ""),
        # Values are masked, so that only the defect tells how the two differ.
        received=request.received(name) + (f", {defect}" if changed else ""),
        parameter=name,
        missing=not changed,
        fix=_BETTER_FIXES.get(defect, ""),
    )
