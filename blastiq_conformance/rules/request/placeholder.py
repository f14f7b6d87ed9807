"""BIQ221: no placeholder in place of a value that was never filled in."""

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, rule
from blastiq_conformance.catalogue.example_messages import SIGN_IN
from blastiq_conformance.catalogue.request_form import wanted
from blastiq_conformance.evidence import TokenRequest, token_requests
from blastiq_conformance.evidence.credential import user_in_basic
from blastiq_conformance.evidence.parameters import is_template
from fake_idp.secrets.secret_names import NOTHING

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
