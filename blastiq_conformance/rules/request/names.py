"""BIQ213, BIQ215, BIQ218 and BIQ221: each parameter once, spelt as OAuth spells it, known, and with a value."""

from collections import Counter
from itertools import islice

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, Severity, quote, rule
from blastiq_conformance.catalogue.example_messages import SIGN_IN
from blastiq_conformance.catalogue.request_form import wanted
from blastiq_conformance.evidence import TokenRequest, token_requests
from blastiq_conformance.evidence.credential import user_in_basic
from blastiq_conformance.evidence.parameters import KNOWN, OAUTH, OF_CODES, is_template
from blastiq_conformance.evidence.token_request import Field
from fake_idp.secrets.secret_names import NOTHING

_OF_SIGN_INS = "client_id, grant_type, password, username, and scope where a library insists on it"
_OF_REFRESHES = "client_id, grant_type, refresh_token"
_OF_EXCHANGES = "client_id, code, code_verifier, grant_type, redirect_uri"
# Many names are one mistake.
_SHOWN = 20


@rule(
    id="BIQ213",
    level=Level.MUST_NOT,
    title="No parameter is sent twice",
    why="OAuth forbids repeating a parameter. Servers differ in how they treat it: IdentityServer4 takes the first "
    "value, its successor Duende joins all of them with a comma, so that the sign-in breaks with an update.",
    instead="Send each parameter once.",
    references=("RFC 6749 3.2", "RFC 6749 5.2"),
    fixes={
        "authlib": "do not pass client_id to fetch_token: it is added from the session",
        "URLSearchParams": "set() instead of append()",
    },
    bad=SIGN_IN + "&client_id=external.customer",
    select=token_requests,
)
def parameter_repeated(request: TokenRequest) -> Problems:
    """Find OAuth parameters that stand twice in the same place, with equal values too (D19)."""
    if len(request.names) == len(request.fields):
        return
    for name in sorted((OAUTH | OF_CODES - {"code_verifier"}) & request.names):
        fields = request.all(name)
        places = Counter(field.place for field in fields)
        repeated = [field for field in fields if places[field.place] > 1]
        if repeated:
            yield Problem(
                message=f"{name} is sent {len(repeated)} times",
                expected=wanted(name, f"{name} once"),
                received=", ".join(map(request.quote, repeated[:_SHOWN])),
                parameter=name,
            )


@rule(
    id="BIQ215",
    level=Level.SHOULD_NOT,
    severity=Severity.INFO,
    title="No parameters that this grant does not know",
    why="The server ignores parameters that it does not know, so they do no harm today; they come from a sample for "
    "another provider or another flow, and the next server version may give them a meaning (resource already has one).",
    instead="Leave out what neither the article nor the password grant names.",
    references=("RFC 6749 3.2", "A25"),
    fixes={"Auth0 SDKs and samples": "remove realm and connection", "Microsoft samples": "remove resource"},
    bad=SIGN_IN + "&realm=Username-Password-Authentication",
    select=token_requests,
)
def foreign_parameter(request: TokenRequest) -> Problems:
    """Find names outside the known set (D33), each once; names in another case are known (D26)."""
    if request.names <= KNOWN:
        return
    foreign = {field.name: field for field in reversed(request.fields) if _is_foreign(request, field)}
    known = _OF_EXCHANGES if request.is_code_exchange else _OF_REFRESHES if request.is_refresh else _OF_SIGN_INS
    for field in islice(reversed(foreign.values()), _SHOWN):
        yield Problem(
            message=f"the token request has a parameter that its grant does not know: {quote(field.name[:80])}",
            expected=f"none but {known}",
            received=request.quote(field),
            parameter=quote(field.name[:80]),
        )


def _is_foreign(request: TokenRequest, field: Field) -> bool:
    name = field.name.lower()
    if name in KNOWN or (name in OF_CODES and request.is_code_exchange):
        return False
    return not request.is_advertised(field)


@rule(
    id="BIQ218",
    level=Level.MUST,
    title="Parameter names are lower case, as OAuth spells them",
    why="Parameter names in OAuth are case-sensitive. IdentityServer ignores the case of names in a form; a proxy or "
    "another server sees an unknown parameter and a missing one.",
    instead="Spell them grant_type, username, password, client_id, scope.",
    references=("RFC 6749 1.9",),
    fixes={"C#": "write the names as literals, not from property names", "Jackson, System.Text.Json": "snake_case"},
    bad=SIGN_IN.replace("client_id", "client_Id"),
    select=token_requests,
)
def parameter_name_in_other_case(request: TokenRequest) -> Problems:
    """Find known names in any other spelling than lower case."""
    for field in request.fields:
        name = field.name
        if name not in KNOWN and name.lower() in KNOWN:
            yield Problem(
                message=f"{quote(name)} is not how OAuth spells {name.lower()}",
                expected=wanted(name.lower(), name.lower()),
                received=request.quote(field),
                parameter=quote(name),
            )


# D27. Username and password are the kit's own, or the customer's: they may be anything.
_JUDGED = frozenset({"client_id", "client_secret", "scope", "audience", "grant_type", "refresh_token"})
_UNFILLED = NOTHING - {"", "true", "false"}


@rule(
    id="BIQ221",
    level=Level.MUST_NOT,
    title="No value is a placeholder or a word for nothing",
    why="A literal undefined, null, None or {{client_id}} is a variable that nobody filled in, or a sample that nobody "
    "finished. The server treats it as a value: it refuses it, or ignores it and hides the mistake.",
    instead="Leave a parameter without a value out of the form; set what is needed, and fail early where it is unset.",
    references=("A32", "A34", "A35"),
    fixes={
        "URLSearchParams": "delete keys whose value is undefined or null before: it writes the words",
        "Python": "{k: v for k, v in fields.items() if v is not None}; str(None) is a value",
        "Postman": "select the environment that defines the variable",
    },
    bad=SIGN_IN + "&scope=null",
    companions=("BIQ212",),
    select=token_requests,
    reads=Part.BODY | Part.HEADERS,
)
def placeholder_value(request: TokenRequest) -> Problems:
    """Find placeholders among the values that the kit did not give, in the body and in Basic."""
    for field in request.fields:
        if field.name.lower() in _JUDGED and _is_unfilled(field.value):
            yield Problem(
                message=f"{field.name} is a placeholder, not a value",
                expected=wanted(field.name, f"{field.name} with its real value, or absent"),
                received=request.quote(field),
                parameter=field.name,
            )
    basic = request.basic
    if basic is not None and not user_in_basic(request) and any(map(_is_unfilled, basic)):
        yield Problem(
            message="the Basic header carries a placeholder, not a value",
            expected="no Authorization header",
            received=basic.quoted,
            parameter="Authorization",
        )


def _is_unfilled(value: str) -> bool:
    return value.lower() in _UNFILLED or is_template(value)
