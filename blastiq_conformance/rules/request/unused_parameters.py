"""BIQ209, BIQ210, BIQ211 and BIQ223: no audience, and no client secret in any form: the client is public."""

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, rule
from blastiq_conformance.catalogue.example_messages import SIGN_IN
from blastiq_conformance.evidence import TokenRequest, password_grants
from blastiq_conformance.evidence.credential import user_in_basic


@rule(
    id="BIQ209",
    level=Level.MUST_NOT,
    title="No client secret on the token request",
    why="The article lists client_secret under unused parameters and asks not to send it. The client is public and "
    "has none; IdentityServer ignores what is sent, so only this check tells you that an invented or foreign secret, "
    "perhaps the real one of another system, leaves your network.",
    instead="Leave client_secret out altogether, and send no Basic header: absent, not empty.",
    references=("A35", "A25"),
    fixes={
        "Auth0 SDKs and samples": "remove client_secret",
        "openid-client": "token_endpoint_auth_method: 'none' instead of a made-up secret",
        "openid-client 6": "discovery(server, clientId, undefined, None()): no secret among the metadata",
        "Guzzle": "no client_secret among form_params, and no auth option",
        "IdentityModel": "PasswordTokenRequest without ClientSecret",
        "Postman": "untick the row client_secret in the body",
        "simple-oauth2": "it cannot go without; post the form yourself",
        "authlib": "token_endpoint_auth_method='none', no client_secret",
    },
    bad=SIGN_IN + "&client_secret=s3cr3t-of-another-system",
    select=password_grants,
    reads=Part.BODY | Part.HEADERS,
)
def client_secret_sent(request: TokenRequest) -> Problems:
    """Find every secret with a value, wherever it was put, in Basic too; not the user's own password (D26)."""
    for field in request.all("client_secret"):
        if field.value:
            yield Problem(
                message="the token request carries a client secret",
                expected="no client_secret parameter: absent, not empty",
                received=request.quote(field),
                parameter="client_secret",
            )
    basic = request.basic
    if basic is not None and basic.password and not user_in_basic(request):
        yield Problem(
            message="the Basic header of the token request carries a client secret",
            expected="no Authorization header",
            received=basic.quoted,
            parameter="Authorization",
        )


@rule(
    id="BIQ210",
    level=Level.MUST_NOT,
    title="No empty client_secret either",
    why="The article asks not to send client_secret, and an empty one is sent all the same. IdentityServer treats it "
    "as left out, so it does no harm there today, but OAuth lets a server demand that an unused parameter is absent.",
    instead="Drop the field where it has no value, instead of sending it empty.",
    references=("A35", "RFC 6749 3.2", "RFC 6749 2.3.1"),
    fixes={
        "httpx": "drop None values from the dict: httpx sends them empty (requests leaves them out)",
        "authlib": "token_endpoint_auth_method='none': client_secret_post sends an empty one",
        "Ruby Net::HTTP": "compact the hash: nil becomes a bare name",
        "qs": "skipNulls: true",
    },
    bad=SIGN_IN + "&client_secret=",
    select=password_grants,
    reads=Part.BODY,
)
def empty_client_secret_sent(request: TokenRequest) -> Problems:
    """Find every client_secret without a value, even a bare name (N5)."""
    for field in request.all("client_secret"):
        if not field.value:
            yield Problem(
                message="the token request carries an empty client_secret; the server treats it as left out",
                expected="no client_secret parameter: absent, not empty",
                received=request.quote(field),
                parameter="client_secret",
                tolerated=True,
            )


@rule(
    id="BIQ223",
    level=Level.MUST_NOT,
    title="No client assertion on the token request",
    why="A client assertion is a client secret in another form: a signed token that proves who the client is. The "
    "client external.customer is public, nobody can check such a proof, and the article wants no secret at all.",
    instead="Leave out client_assertion and client_assertion_type.",
    references=("A35",),
    fixes={
        "openid-client": "token_endpoint_auth_method: 'none' instead of private_key_jwt or client_secret_jwt",
        "openid-client 6": "None() instead of PrivateKeyJwt() or ClientSecretJwt()",
    },
    bad=SIGN_IN + "&client_assertion=eyJhbGciOiJSUzI1NiJ9.e30.c2ln",
    select=password_grants,
    reads=Part.BODY,
)
def client_assertion_sent(request: TokenRequest) -> Problems:
    """Find an assertion or the type that announces one."""
    for name in ("client_assertion", "client_assertion_type"):
        for field in request.all(name):
            yield Problem(
                message=f"the token request carries {name}",
                expected=f"no {name} parameter",
                received=request.quote(field),
                parameter=name,
            )


@rule(
    id="BIQ211",
    level=Level.MUST_NOT,
    title="No audience parameter on the token request",
    why="The article lists audience under unused parameters and asks not to send it. It usually comes from samples "
    "written for Auth0, whose servers demand it; IdentityServer ignores it, so only this check tells you.",
    instead="Leave the parameter out altogether: absent, not empty.",
    references=("A33", "A25"),
    fixes={
        "Auth0 SDKs and samples": "remove the audience option",
        "Guzzle": "no audience among form_params",
        "IdentityModel": "no audience among the Parameters of PasswordTokenRequest",
        "Postman": "untick the row audience in the body",
    },
    bad=SIGN_IN + "&audience=https%3A%2F%2Fapi.example",
    select=password_grants,
    reads=Part.BODY,
)
def audience_sent(request: TokenRequest) -> Problems:
    """Find every audience, wherever it was put, even an empty one."""
    for field in request.all("audience"):
        yield Problem(
            message="the token request carries an audience parameter",
            expected="no audience parameter: absent, not empty",
            received=request.quote(field),
            parameter="audience",
        )
