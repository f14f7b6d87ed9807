"""BIQ205, 206, 209 to 212 and 223: what a sign-in must name, and what it must not: the client is public."""

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, Severity, rule
from blastiq_conformance.catalogue.example_messages import SIGN_IN
from blastiq_conformance.catalogue.request_form import carried, secret_in_basic, unwanted, wrong_client_id, wrong_grant
from blastiq_conformance.evidence import TokenRequest, password_grants


@rule(
    id="BIQ205",
    level=Level.MUST,
    title="grant_type is password, in lower case",
    why="Unattended integration uses the resource owner password grant. Today's security advice (RFC 9700) is against "
    "it, but BlastIQ asks for it, and IdentityServer refuses every other spelling or grant.",
    instead="Send grant_type=password.",
    references=("A11", "A29", "RFC 6749 4.3.2"),
    fixes={
        "Auth0 SDKs": "their login sends a grant type of Auth0's own: auth0-python takes grant_type='password', "
        "the Node one sends password where no realm is given",
        "simple-oauth2": "ResourceOwnerPassword instead of ClientCredentials",
        "requests-oauthlib": "LegacyApplicationClient instead of BackendApplicationClient",
        "C#": "FormUrlEncodedContent: a StreamWriter with Encoding.UTF8 puts a byte order mark before the first name",
    },
    bad=SIGN_IN.replace("=password", "=Password"),
    select=password_grants,
    seen=True,
)
def wrong_grant_type(request: TokenRequest) -> Problems:
    """Find a sign-in whose grant_type is absent or anything but `password`."""
    return wrong_grant(request, "password")


@rule(
    id="BIQ206",
    level=Level.MUST,
    title="client_id=external.customer is a variable in the body",
    why="The article lists client_id among the variables of the body. Many libraries put it into a Basic header "
    "instead, which IdentityServer4 up to 2.2 refuses with invalid_client; which version BlastIQ runs is not known.",
    instead="Send client_id=external.customer, or the id that BlastIQ Support gave you, as a form field.",
    references=("A32", "A20", "RFC 6749 3.2.1"),
    fixes={
        # A refresh of it carries no client id of its own, which BIQ503 can show only once this is mended.
        "requests-oauthlib": "fetch_token(…, include_client_id=True), and refresh_token(…, client_id=…)",
        "IdentityModel 6 and later": "ClientCredentialStyle = ClientCredentialStyle.PostBody",
        "golang.org/x/oauth2": "Endpoint{AuthStyle: oauth2.AuthStyleInParams}",
        "openid-client": "token_endpoint_auth_method: 'none'",
        "openid-client 6": "None() instead of ClientSecretBasic()",
        "simple-oauth2, client-oauth2": "they always send Basic, or a secret in the body: post the form yourself",
    },
    bad=SIGN_IN.partition("\n&client_id")[0],
    select=password_grants,
    seen=True,
)
def client_id_not_in_body(request: TokenRequest) -> Problems:
    """Find an absent, empty or wrong client id."""
    return wrong_client_id(request)


@rule(
    id="BIQ209",
    level=Level.MUST_NOT,
    title="No client secret on the token request",
    why="The article asks not to send client_secret: the client is public and has none. IdentityServer ignores what is "
    "sent, so only this check tells you that a secret, perhaps of another system, leaves your network.",
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
    yield from carried(request, (field for field in request.all("client_secret") if field.value))
    yield from secret_in_basic(request)


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
)
def empty_client_secret_sent(request: TokenRequest) -> Problems:
    """Find every client_secret without a value, even a bare name (N5)."""
    return carried(request, (field for field in request.all("client_secret") if not field.value))


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
)
def audience_sent(request: TokenRequest) -> Problems:
    """Find every audience, wherever it was put, even an empty one."""
    return unwanted(request, "audience")


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
)
def client_assertion_sent(request: TokenRequest) -> Problems:
    """Find an assertion or the type that announces one."""
    return unwanted(request, "client_assertion", "client_assertion_type")


_SCOPE = "cosmos"
# What clients add by themselves, and the server knows: too much, but by itself not a reason for a refusal.
_USUAL = frozenset({_SCOPE, "openid", "offline_access"})
# What every product grants to this client, unless it issues no refresh tokens at all.
_GRANTED = frozenset({_SCOPE, "offline_access"})


@rule(
    id="BIQ212",
    level=Level.SHOULD_NOT,
    severity=Severity.ERROR,
    title="scope is left out, or cosmos where a library insists on one",
    why="The article says that scope is not needed, and names cosmos for libraries that demand one. The server refuses "
    "a scope that it does not know with invalid_scope. Without scope it grants all that the client may have, including "
    "a refresh token; with cosmos alone it gives no refresh token.",
    instead="Leave scope out altogether; or send scope=cosmos and sign in again when the token expires.",
    references=("A34", "A21", "RFC 6749 3.3"),
    fixes={
        "Auth0 SDKs and samples": "remove scope: 'openid profile email'",
        "openid-client": "grant({…}) without scope; its authorizationUrl() alone adds openid",
        "PHP": "null instead of an empty string: http_build_query leaves it out",
        "axios with qs": "leave null out instead of sending scope= empty",
        "IdentityModel": "PasswordTokenRequest with Scope = null",
        "Guzzle": "no scope among form_params",
        "Postman": "untick the row scope in the body",
        "MSAL": "it adds openid, offline_access and profile to every request and cannot be told not to, so that it "
        "cannot sign in as a Service User: post the form yourself",
    },
    good=SIGN_IN + "&scope=cosmos",
    bad=SIGN_IN + "&scope=openid+profile",
    select=password_grants,
)
def unexpected_scope(request: TokenRequest) -> Problems:
    """Find every scope but `cosmos`: an empty one or usual additions that are granted warn, all others are errors."""
    for field in request.all("scope"):
        words = field.value.split()
        # D51: a client that does not get what it asks for cannot sign in at all.
        refused = bool(words) and request.error == "invalid_scope" and set(words) != _GRANTED
        harmless = not words or (_SCOPE in words and _USUAL.issuperset(words))
        if field.value != _SCOPE:
            yield Problem(
                message=_message(words, harmless=harmless, refused=refused),
                expected="no scope parameter, or scope=cosmos",
                received=request.quote(field),
                parameter="scope",
                severity=Severity.WARNING if harmless and not refused else None,
            )


def _message(words: list[str], *, harmless: bool, refused: bool) -> str:
    if harmless and refused:
        return "scope asks for what this client does not get: the answer is invalid_scope"
    if not words:
        return "scope is sent without a value"
    if harmless and set(words) == {_SCOPE}:
        return "scope is cosmos with more around it: white space, or the word again"
    return "scope asks for more than cosmos" if harmless else "scope is one that BlastIQ does not offer"
