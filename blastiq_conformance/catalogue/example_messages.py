"""The messages that examples are made of: a sign-in, a renewal, a call of the API, each with its answer."""

# Shaped like the server's: a JWT of three parts, and refresh tokens of hexadecimal digits; short enough to read.
TOKEN_1 = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmVkLTE"  # noqa: S105 - the tokens of the examples
TOKEN_2 = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmVkLTI"  # noqa: S105 - as above
TOKEN_3 = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmVkLTM"  # noqa: S105 - as above
REFRESH_1 = "5C0E1F7A9B3D48E2A6F4017B8D2C9E53"
REFRESH_2 = "D81B60A4E97C4F35B2088C6E1A7F93D0"
REFRESH_3 = "09F3A7D25E8B41C6973D6AE0C4B1582F"

USERNAME, PASSWORD = "svc.pit-42%40mine.example", "k7Fq2vN9xW4mZ8tR1pLs"


def renewal(fields: str) -> str:
    """Send these fields to the token endpoint."""
    return f"POST /identity/connect/token\nContent-Type: application/x-www-form-urlencoded\n\n{fields}"


def sign_in(password: str = PASSWORD, username: str = USERNAME) -> str:
    """Sign in with credentials that are encoded as they stand here."""
    return renewal(f"grant_type=password&username={username}&password={password}\n&client_id=external.customer")


SIGN_IN = sign_in()

DISCOVERED = """GET /identity/.well-known/openid-configuration
HTTP/1.1 200 OK
Content-Type: application/json

{"issuer":"https://www.blastiq.com/identity","token_endpoint":"https://www.blastiq.com/identity/connect/token"}"""


def story(*blocks: str) -> str:
    """Give messages and facts in order, a second and a half apart: the pace that the API asks for."""
    return "\n### +1.5\n".join(blocks)


def granted(token: str = TOKEN_1, refresh_token: str = REFRESH_1) -> str:
    """Answer as the server does; without a refresh token as for `scope=cosmos`."""
    refresh, scope = (
        (f'"refresh_token":"{refresh_token}",', "cosmos offline_access") if refresh_token else ("", "cosmos")
    )
    return f'{{"access_token":"{token}","expires_in":3600,"token_type":"Bearer",{refresh}"scope":"{scope}"}}'


def answered(body: str, status: str = "200 OK", media_type: str = "application/json; charset=UTF-8") -> str:
    """Write an answer of the token endpoint."""
    return f"HTTP/1.1 {status}\nContent-Type: {media_type}\n\n{body}"


def signed_in(
    body: str = granted(), status: str = "200 OK", media_type: str = "application/json; charset=UTF-8"
) -> str:
    """Sign in, and get this answer."""
    return f"{SIGN_IN}\n{answered(body, status, media_type)}"


def refreshed(refresh_token: str, body: str, status: str = "200 OK") -> str:
    """Renew by a refresh token, and get this answer."""
    fields = f"grant_type=refresh_token&refresh_token={refresh_token}&client_id=external.customer"
    return f"{renewal(fields)}\n{answered(body, status)}"


def called(token: str = TOKEN_1, status: str = "200 OK") -> str:
    """Call the API with this token."""
    return f"GET /api\nAuthorization: Bearer {token}\nHTTP/1.1 {status}\n\n"


def died(token: str = TOKEN_1) -> str:
    """Call the API with a token that it no longer accepts."""
    return called(token, '401 Unauthorized\nWWW-Authenticate: Bearer error="invalid_token"')


REFUSED = '{"error":"invalid_grant","error_description":"invalid_username_or_password"}'
RENEWED = refreshed(REFRESH_1, granted(TOKEN_2, REFRESH_2))
REFUSED_RENEWAL = refreshed(REFRESH_1, '{"error":"invalid_grant"}', "400 Bad Request")
AT_WORK = story(signed_in(), called())
