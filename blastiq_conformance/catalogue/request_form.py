"""What may be wrong with the form of any token request, be it a sign-in, a refresh or a code exchange."""

from collections.abc import Iterable

from blastiq_conformance.catalogue import Problem, Problems, quote
from blastiq_conformance.evidence import TokenRequest
from blastiq_conformance.evidence.credential import user_in_basic
from blastiq_conformance.evidence.disguise import IN_UTF_16, WITHOUT_FIELDS, decoded
from blastiq_conformance.evidence.parameters import KNOWN, OF_CODES, UNWANTED
from blastiq_conformance.evidence.token_request import Field, Place
from fake_idp.oidc.media_type import content_type, is_media_type
from fake_idp.wire import FORM, Request

_FIELDS = "grant_type=…&client_id=… and what else the grant needs, each value form-encoded"
_IN_BODY = (
    "Put client_id into the form. requests-oauthlib: include_client_id=True for fetch_token, client_id=… for "
    "refresh_token. IdentityModel: ClientCredentialStyle.PostBody. golang.org/x/oauth2: AuthStyleInParams. "
    "openid-client: token_endpoint_auth_method none."
)


def not_posted(request: TokenRequest) -> Problems:
    """Find every other method than POST."""
    return other_method(request.request, "POST", "the token")


def other_method(request: Request, expected: str, what: str) -> Problems:
    """Find every other method than the expected one; OPTIONS and HEAD never come here (N1)."""
    if request.method != expected:
        yield Problem(
            message=f"{what} was requested with another method than {expected}",
            expected=expected,
            received=quote(request.method, request.path),
        )


def not_a_form(request: TokenRequest) -> Problems:
    """Find a POST without any field, another media type, one that is none, and a body only labelled a form (D26)."""
    media_type, body = request.request.media_type, request.request.body
    if request.disguise and request.disguise != IN_UTF_16:
        yield Problem(
            message="the body of the token request is labelled as a form, and is not one",
            expected=_FIELDS,
            received=f"Content-Type: {FORM}, and {request.disguise}",
            parameter="Content-Type",
            # So does what a tool puts in the place of a body.
            missing=request.disguise == WITHOUT_FIELDS,
        )
    if request.request.method == "POST" and not decoded(request.request).body and not request.names:
        yield Problem(
            message="the token request has no body",
            expected=f"{_FIELDS}, with every try",
            received="no byte of a body, and no field in the URL",
            missing=True,
            fix="Make the body anew for a retry or a redirect: a stream that was read once is empty.",
        )
    # What the product cannot read as a media type is no form to it, whatever it begins with.
    if media_type == FORM and not is_media_type(content_type(request.request)):
        media_type = content_type(request.request)
    if body and media_type != FORM:
        yield Problem(
            message="the body of the token request is not sent as a form",
            expected=f"Content-Type: {FORM}",
            received="no Content-Type" if media_type is None else f"Content-Type: {quote(media_type)}",
            parameter="Content-Type",
            missing=media_type is None,
        )


def in_query(request: TokenRequest) -> Problems:
    """Find OAuth parameters in the query, but for those that came with the endpoint (D29)."""
    if "?" not in request.request.target:
        return
    known = KNOWN | OF_CODES if request.is_code_exchange else KNOWN
    for field in request.fields:
        if field.place is Place.QUERY and field.name.lower() in known and not request.is_advertised(field):
            yield Problem(
                message=f"{field.name} stands in the URL of the token request",
                expected=wanted(field.name, f"{field.name} in the form body, if it is to be sent at all"),
                received=request.quote(field),
                parameter=field.name,
            )


def malformed(request: TokenRequest) -> Problems:
    """Find whatever makes it anything but a POST of a form with all parameters in its body."""
    for find in (not_posted, not_a_form, in_query):
        yield from find(request)


def wrong_grant(request: TokenRequest, expected: str) -> Problems:
    """Find a grant_type that is absent or anything else."""
    grant = request.value("grant_type")
    if grant != expected:
        yield Problem(
            message="the token request names no grant_type" if grant is None else f"grant_type is not {expected}",
            expected=f"grant_type={expected}",
            received=request.received("grant_type"),
            parameter="grant_type",
            missing=not grant,
        )


def wrong_client_id(request: TokenRequest) -> Problems:
    """Find an absent, empty or wrong client id; in a wrong place it is not also missing (D31)."""
    expected, field, basic = request.facts.client_id, request.first("client_id"), request.basic
    if field is not None and field.value == expected:
        return
    in_basic = field is None and basic is not None and basic.names(expected)
    if field is None:
        message = "client_id stands in the Basic header, not in the body" if in_basic else "client_id is missing"
    else:
        message = "client_id is not the one that BlastIQ gave" if field.value else "client_id is empty"
    yield Problem(
        message=message,
        expected=f"client_id={expected} as a form field",
        received="the client id in Authorization: Basic alone" if in_basic else request.received("client_id"),
        parameter="client_id",
        # D1, D22: IdentityServer4 2.3 and later take it from there.
        tolerated=in_basic,
        missing=field is None or not field.value,
        fix=_IN_BODY if in_basic else "",
    )


def unwanted(request: TokenRequest, *names: str) -> Problems:
    """Find parameters that the request must not carry, wherever they were put, even empty."""
    return carried(request, (field for name in names for field in request.all(name)))


def carried(request: TokenRequest, fields: Iterable[Field]) -> Problems:
    """Find fault with each of these fields; the profile lenient forgives an empty secret (D2, D32)."""
    for field in fields:
        name = field.name.lower()
        what = name if field.value else f"empty {name}"
        yield Problem(
            message=f"the token request carries {'an' if what[0] in 'ae' else 'a'} {what} parameter",
            expected=f"no {name} parameter: absent, not empty",
            received=request.quote(field),
            parameter=name,
            tolerated=name == "client_secret" and not field.value,
        )


def secret_in_basic(request: TokenRequest) -> Problems:
    """Find a client secret in a Basic header; an empty one is BIQ216's, the user's own password BIQ217's (D26)."""
    basic = request.basic
    if basic is not None and basic.password and not user_in_basic(request):
        yield Problem(
            message="the Basic header of the token request carries a client secret",
            expected="no Authorization header",
            received=basic.quoted,
            parameter="Authorization",
        )


def wanted(name: str, otherwise: str) -> str:
    """Say what is expected of a parameter: its absence, where the article does not want it (A33, A35)."""
    return f"no {name} parameter" if name.lower() in UNWANTED else otherwise
