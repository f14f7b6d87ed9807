"""The token endpoint: a readable list of checks in the product's order (server.md 1.2), then the grant, then JSON."""

from collections.abc import Callable
from dataclasses import replace

from fake_idp.oidc.attempt import MAX_LENGTH, Attempt
from fake_idp.oidc.authority import Authority
from fake_idp.oidc.form import BrokenForm, units
from fake_idp.oidc.grants import CIBA, DEVICE_CODE, GRANTS, NOT_ALLOWED
from fake_idp.oidc.proof import check_proof, read_proof
from fake_idp.oidc.refusals import REFUSALS
from fake_idp.oidc.replies import TOKEN_HEADERS, OAuthError, dumps
from fake_idp.oidc.resources import malformed, named_resources
from fake_idp.oidc.tokens import Grant, identity_token
from fake_idp.server_config import Flavour, Mode
from fake_idp.wire import Json, Request, Response

Step = Callable[[Attempt], None]


def must_be_a_posted_form(attempt: Attempt) -> None:
    """Row 1: POST, and a form; a content coding is not undone (R41), so what is packed has no fields."""
    if attempt.request.method.upper() != "POST" or not attempt.is_form:
        raise OAuthError("invalid_request")


def client_must_be_known(attempt: Attempt) -> None:
    """Rows 2 to 4: a client id, in Basic or body, neither it nor the secret too long, and the client is known."""
    if attempt.client_problem is not None:
        raise OAuthError(attempt.client_problem)


def grant_must_be_named(attempt: Attempt) -> None:
    """Row 5: a grant type that is not too long; once the form is read, Duende looks for proofs of possession first."""
    attempt.grant_type = attempt.get("grant_type")
    if attempt.looks_further:
        attempt.proof = read_proof(attempt.request, "Too many DPoP headers provided.")
    if not attempt.grant_type or units(attempt.grant_type) > MAX_LENGTH:
        raise OAuthError("unsupported_grant_type")


def grant_must_be_known(attempt: Attempt) -> None:
    """Row 6: a grant type that the product knows."""
    known = attempt.grant_type in GRANTS or attempt.grant_type in NOT_ALLOWED
    if not known and not (attempt.grant_type == CIBA and attempt.flavour is Flavour.DUENDE):
        raise OAuthError("unsupported_grant_type")


def grant_must_be_allowed(attempt: Attempt) -> None:
    """Row 7: a grant type that this client may use."""
    attended = attempt.grant_type == "authorization_code"
    if attempt.grant_type not in GRANTS or (attended and not attempt.config.attended):
        raise OAuthError("unauthorized_client")


def resource_must_be_well_formed(attempt: Attempt) -> None:
    """Row 8: Duende looks at the form of `resource` and of a proof of possession before it looks at the grant."""
    if not attempt.looks_further:
        return
    resources = named_resources(attempt.values)
    problem = malformed(resources)
    if not problem and len(resources) > 1:
        problem = "Multiple resource indicators not supported on token endpoint."
    if problem:
        raise OAuthError("invalid_target", problem)
    check_proof(attempt.proof, "")
    if attempt.grant_type == DEVICE_CODE and resources:
        raise OAuthError("invalid_target")


# Rows 9 to 15 belong to the grants.
STEPS: tuple[Step, ...] = (
    must_be_a_posted_form,
    client_must_be_known,
    grant_must_be_named,
    resource_must_be_well_formed,
    grant_must_be_known,
    grant_must_be_allowed,
)
REJECTING_STEPS: tuple[Step, ...] = (*REFUSALS, *STEPS)


def answer(request: Request, authority: Authority) -> Response:
    """Answer a request to the token endpoint."""
    attempt = Attempt(request, authority)
    mimics = authority.config.mode is Mode.MIMIC
    try:
        for step in STEPS if mimics else REJECTING_STEPS:
            step(attempt)
        grant = GRANTS[attempt.grant_type](attempt)
    except OAuthError as error:
        return _refusal(attempt, error)
    except BrokenForm:
        # server.md 1.1: Duende alone catches it.
        if attempt.flavour is not Flavour.DUENDE:
            raise
        return _refusal(attempt, OAuthError("invalid_request"))
    return Response(status=200, headers=TOKEN_HEADERS, body=dumps(_success(attempt, grant), attempt.flavour))


def _refusal(attempt: Attempt, error: OAuthError) -> Response:
    answer = error.response(attempt.flavour)
    other = attempt.config.customs.reworded(error.code, error.description)
    if other is None:
        return answer
    return replace(answer, status=other.status, body=dumps(dict(other.body), attempt.flavour))


def _success(attempt: Attempt, grant: Grant) -> dict[str, Json]:
    # The order of server.md 1.4; a member without a value is left out.
    authority, config = attempt.authority, attempt.config
    token = authority.sign(grant)
    members: dict[str, Json] = {}
    if attempt.identifies or config.identity_tokens:
        members["id_token"] = identity_token(grant, config, authority.keys.current, token)
    members |= {"access_token": token, "expires_in": config.access_token_lifetime, "token_type": "Bearer"}
    if attempt.refresh_token is not None:
        members["refresh_token"] = attempt.refresh_token
    if attempt.flavour is not Flavour.IS4_V2:
        members["scope"] = " ".join(grant.scopes)
    return config.customs.answer.of(members)
