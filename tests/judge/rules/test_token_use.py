"""Rules 6xx beyond their examples: what looks wrong and is not, and what is wrong in other ways."""

from base64 import b64encode

import pytest

from blastiq_conformance.catalogue.example_messages import (
    TOKEN_1,
    called,
    signed_in,
    story,
)
from tests.judge.rules.verdicts import result, verdict

FORM = "Content-Type: application/x-www-form-urlencoded"
JSON = "Content-Type: application/json"


def api(*headers: str, target: str = "/api", body: str = "") -> str:
    """A sign-in, then a call of the API with these headers."""
    return story(signed_in(), "\n".join((f"GET {target}", *headers, "", body, "HTTP/1.1 200 OK", "", "")))


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(api(f"authorization: bearer {TOKEN_1}"), "passed", id="lower case"),
        pytest.param(api(f"Authorization: Token {TOKEN_1}"), "error", id="other scheme"),
        pytest.param(api(f"Authorization: {TOKEN_1}"), "error", id="no scheme"),
        pytest.param(api(f"Authorization: Bearer: {TOKEN_1}"), "error", id="a colon behind the scheme"),
        pytest.param(api(f'Authorization: Token token="{TOKEN_1}"'), "error", id="a scheme with names"),
        pytest.param(api(f"Authorization: Basic {b64encode(TOKEN_1.encode()).decode()}"), "error", id="in Basic"),
        pytest.param(api(f"Authorization: Bearer={TOKEN_1}"), "passed", id="no blank: BIQ604"),
        pytest.param(api(JSON, body=f'{{"token": "{TOKEN_1}"}}'), "error", id="JSON"),
        pytest.param(api(f"Cookie: a=b; token={TOKEN_1}"), "error", id="cookie"),
        pytest.param(api("Authorization: Basic eDp5", f"X-Token: {TOKEN_1}"), "error", id="beside Basic"),
        pytest.param(api(FORM, body=f"access_token={TOKEN_1}"), "error", id="form"),
        pytest.param(api(target=f"/api?access_token={TOKEN_1}"), "passed", id="query: BIQ602"),
        pytest.param(api(), "error", id="nowhere"),
        pytest.param(story("GET /api", signed_in(), called()), "passed", id="a try without, then with"),
        pytest.param(story("GET /api", signed_in()), "untested", id="never asked for"),
        pytest.param("GET /api", "untested", id="no token to send"),
        pytest.param(api("Authorization: Bearer undefined"), "passed", id="no token: BIQ410"),
        pytest.param(api("Authorization: (removed)"), "passed", id="edited"),
        pytest.param(api("Authorization: "), "passed", id="empty: BIQ604"),
        pytest.param(
            api("Authorization: Basic eDp5", target=f"/api?access_token={TOKEN_1}"),
            "passed",
            id="query beside Basic: BIQ602",
        ),
        pytest.param(
            api("Authorization: Basic eDp5", f"Authorization: Bearer {TOKEN_1}"), "passed", id="two headers: BIQ603"
        ),
    ],
)
def test_the_token_is_in_the_authorization_header(example: str, expected: str) -> None:
    """BIQ601: scheme and place; what is in the header is BIQ604's."""
    assert verdict("BIQ601", example) == expected


@pytest.mark.parametrize(
    ("example", "received"),
    [
        pytest.param(api(), "Authorization: absent", id="none"),
        pytest.param(api("Authorization: Negotiate YQ=="), "Authorization: Negotiate", id="another scheme"),
        pytest.param(api("Authorization: Basic eDp5"), "Authorization: Basic", id="Basic, as of a library's login"),
    ],
)
def test_a_call_without_a_token_is_told_by_its_header(example: str, received: str) -> None:
    """The request line stands above it already: what the reader lacks is what came in place of the token."""
    (finding,) = result("BIQ601", example).findings
    assert finding.received.startswith(received)


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(api(target="/api?x=1"), "passed", id="another parameter"),
        pytest.param(api(f"Authorization: Bearer {TOKEN_1}", target="/api?x=1"), "passed", id="beside the header"),
        pytest.param(api(target=f"/api?t={TOKEN_1}"), "error", id="another name"),
        pytest.param(api(target="/api?access_token=unknown"), "error", id="another token"),
        pytest.param(api(target="/api?access_token="), "passed", id="empty"),
        pytest.param(api(FORM, body=f"access_token={TOKEN_1}"), "passed", id="form"),
    ],
)
def test_the_token_is_not_in_the_query(example: str, expected: str) -> None:
    """BIQ602: by name or by value."""
    assert verdict("BIQ602", example) == expected


BEARER = f"Authorization: Bearer {TOKEN_1}"


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(api(BEARER, "Cookie: session=1"), "passed", id="another cookie"),
        pytest.param(api(BEARER, f"X-Token: {TOKEN_1}"), "error", id="header"),
        pytest.param(api(BEARER, FORM, body=f"access_token={TOKEN_1}"), "error", id="form"),
        pytest.param(api(BEARER, JSON, body=f'{{"token": "{TOKEN_1}"}}'), "error", id="JSON"),
        pytest.param(api(BEARER, JSON, body='{"access_token": "of-another-service"}'), "passed", id="another token"),
        pytest.param(api(BEARER, BEARER), "error", id="header twice"),
        pytest.param(api(BEARER, target=f"/api?access_token={TOKEN_1}"), "passed", id="query: BIQ602"),
        pytest.param(api(BEARER, f"Referer: https://app.example/?t={TOKEN_1}"), "passed", id="Referer: BIQ704"),
    ],
)
def test_the_token_is_sent_once(example: str, expected: str) -> None:
    """BIQ603: a cookie or a custom header beside the Authorization header is a second method (D35)."""
    assert verdict("BIQ603", example) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(f"Bearer {TOKEN_1}", "passed", id="right"),
        pytest.param(f"bearer {TOKEN_1}", "info", id="lower case: D13"),
        pytest.param(f"Bearer  {TOKEN_1}", "warning", id="two blanks"),
        pytest.param(f"Bearer   {TOKEN_1}", "warning", id="three"),
        pytest.param(f"bearer  {TOKEN_1}", "warning", id="two blanks, lower case"),
        pytest.param(f"Bearer\t{TOKEN_1}", "error", id="a tab"),
        pytest.param(f"Bearer \t{TOKEN_1}", "error", id="a tab behind the blank"),
        pytest.param(f'Bearer\t"{TOKEN_1}"', "error", id="a tab and quotes"),
        pytest.param(f'Bearer "{TOKEN_1}"', "error", id="quotes"),
        pytest.param(f"Bearer <{TOKEN_1}>", "error", id="brackets"),
        pytest.param(f"Bearer Bearer {TOKEN_1}", "error", id="twice"),
        pytest.param(f"Bearer {TOKEN_1.replace('.', '%2E')}", "error", id="encoded"),
        pytest.param(f"Bearer {TOKEN_1[:30]}", "error", id="cut"),
        pytest.param(f"Bearer{TOKEN_1}", "error", id="no blank"),
        pytest.param(f"Bearer={TOKEN_1}", "error", id="an equals sign in place of the blank"),
        pytest.param(f"Bearer {TOKEN_1},", "error", id="a comma behind it"),
        pytest.param(f"bearer {TOKEN_1.lower()}", "error", id="the whole header in lower case"),
        pytest.param(f'Bearer {{"access_token":"{TOKEN_1}"}}', "error", id="the whole answer"),
        pytest.param(f"Bearer {b64encode(TOKEN_1.encode()).decode()}", "error", id="encoded once more"),
        pytest.param(f"Bearer: {TOKEN_1}", "passed", id="a colon makes another scheme: BIQ601"),
        pytest.param(f"Bearer {TOKEN_1[:5]}", "passed", id="nothing like it"),
        pytest.param("Bearer 100%25", "passed", id="of another session"),
        pytest.param("Bearer undefined", "error", id="a member that the answer does not have"),
        pytest.param("Bearer None", "error", id="Python's word for nothing"),
        pytest.param("Bearer [object Object]", "error", id="an object that JavaScript printed"),
        pytest.param("Bearer <Response [200]>", "error", id="an object that Python printed"),
    ],
)
def test_the_token_arrives_as_it_was_issued(value: str, expected: str) -> None:
    """BIQ604: byte for byte; blanks are legal, nothing else is (D44), and the scheme's case is worth a word."""
    assert verdict("BIQ604", api(f"Authorization: {value}")) == expected


def test_604_before_there_was_a_token() -> None:
    """What stands behind Bearer then did not take the place of one: BIQ601."""
    assert verdict("BIQ604", story(called("undefined", "401 Unauthorized"), signed_in())) == "passed"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (f"'{TOKEN_1}'", "the token stands in quotes"),
        (f"[{TOKEN_1}]", "the token stands in brackets"),
        (f"|{TOKEN_1}|", "the token stands in brackets"),
        (f"|{TOKEN_1}x", "the token stands amid other characters"),
        (f"x{TOKEN_1}|", "the token stands amid other characters"),
        (f"Bearer {TOKEN_1}", "Bearer is written twice"),
        (TOKEN_1.replace(".", "%2E"), "the token was percent-encoded"),
    ],
)
def test_604_says_what_was_done_to_the_token(sent: str, said: str) -> None:
    """BIQ604: a pair of other characters around it counts as brackets; a letter at either end does not."""
    (finding,) = result("BIQ604", api(f"Authorization: Bearer {sent}")).findings
    assert finding.message == said


def to(target: str, *lines: str) -> str:
    """A sign-in and a call, then a request to another address."""
    return story(signed_in(), called(), "\n".join((f"POST {target}", *lines, "", "", "HTTP/1.1 200 OK", "", "")))


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(to("/v1/telemetry", "Host: x.example"), "passed", id="nothing of it"),
        pytest.param(to("/v1/telemetry?t=" + TOKEN_1.replace(".", "%2E")), "error", id="encoded in a query"),
        pytest.param(to("/identity/connect/userinfo", BEARER), "passed", id="userinfo"),
        pytest.param(to("/identity/.well-known/openid-configuration", BEARER), "passed", id="discovery: BIQ108"),
        pytest.param(to("/identity/.well-known/openid-configuration/jwks", BEARER), "error", id="keys"),
        pytest.param(to("/identity/connect/token", "Host: idp.example", BEARER), "error", id="token endpoint"),
        pytest.param(to("/identity/connect/token", f"X-Long-Enough: {TOKEN_1}{TOKEN_1}"), "error", id="own header"),
        pytest.param(
            story(
                signed_in(),
                *(f"GET {path}\nHost: a.example\n{BEARER}\nHTTP/1.1 200 OK\n" for path in ("/api", "/files/7")),
            ),
            "passed",
            id="beside the API",
        ),
        pytest.param("POST /v1/telemetry", "inapplicable", id="no token yet"),
    ],
)
def test_the_token_goes_to_the_api_alone(example: str, expected: str) -> None:
    """BIQ610: nobody else, but the identity server's endpoints that take it."""
    assert verdict("BIQ610", example) == expected
