"""The shapes of credentials and tokens: what is found, and what only looks like it."""

import base64
import json
from pathlib import Path

import pytest

from blastiq_conformance.scan.known import Known
from blastiq_conformance.scan.literals import CLIENT_ID, NEARBY, find
from fake_idp.secrets.search import Secret

pytestmark = pytest.mark.slow

NOTHING = Known()
CLIENT = 'client_id: "external.customer", '
REFRESH_TOKEN = "5C0E1F7A9B3D48E2A6F4017B8D2C9E53-1"


def jwt(claims: object, header: object = None) -> str:
    parts = (json.dumps(part).encode() for part in (header or {"alg": "RS256"}, claims))
    return ".".join([*(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts), "c2lnbmVk"])


TOKEN = jwt({"iss": "https://www.blastiq.com/identity", "client_id": "external.customer", "exp": 1735689600})


def kinds(text: str, name: str = "app.js") -> list[str]:
    return [one.kind for one in find(text.encode(), name, NOTHING)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('password: "Tr0ub4dor&3"', id="JavaScript"),
        pytest.param("password='Tr0ub4dor&3'", id="Python"),
        pytest.param('"Password" : "Tr0ub4dor&3"', id="JSON"),
        pytest.param('{\\"password\\":\\"Tr0ub4dor&3\\"}', id="JSON in a string"),
        pytest.param("'password' => 'Tr0ub4dor&3'", id="PHP"),
        pytest.param('map.put("password", "Tr0ub4dor&3")', id="Java"),
        pytest.param('new() { { "password", "Tr0ub4dor&3" } }', id="C# dictionary"),
        pytest.param("[['password', 'Tr0ub4dor&3']]", id="pairs"),
        pytest.param('form["password"] = "Tr0ub4dor&3"', id="C#"),
        pytest.param('var blastiqPwd := "Tr0ub4dor&3"', id="Go"),
        pytest.param("<Password>Tr0ub4dor</Password>", id="XML"),
        pytest.param('<add key="ServicePassword" value="Tr0ub4dor"/>', id="app.config"),
        pytest.param('"grant_type=password&password=Tr0ub4dor%263&x=1"', id="form"),
        pytest.param("curl -d 'password=Tr0ub4dor'", id="curl"),
        pytest.param('password: "correct horse battery 9"', id="phrase with a digit"),
        pytest.param('password: "$ecret123"', id="begins like a variable"),
        pytest.param('password: "hunter"', id="a word"),
    ],
)
def test_a_password_beside_the_client_id_is_found(text: str) -> None:
    """Before it and behind it, in the ways in which programs write it."""
    assert kinds(CLIENT + text) == ["password"]
    assert kinds(text + ", " + CLIENT) == ["password"]
    assert kinds(text) == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('password: ""', id="empty"),
        pytest.param("password: config.password", id="variable"),
        pytest.param("password=pw, timeout=3", id="keyword"),
        pytest.param('password: "${BLASTIQ_PASSWORD}"', id="template"),
        pytest.param("password: `{{ password }}`", id="braces"),
        pytest.param('f"&password={quote(password)}&"', id="f-string"),
        pytest.param('"&password={password}&"', id="format"),
        pytest.param('"password=%s&x"', id="printf"),
        pytest.param("'password': '%(password)s'", id="printf by name"),
        pytest.param('password = "$BLASTIQ_VALUE"', id="shell"),
        pytest.param('password="%BLASTIQ_VALUE%"', id="Windows"),
        pytest.param('password: "********"', id="masked"),
        pytest.param('password: "<your value>"', id="the article's sample"),
        pytest.param('password: "your_password"', id="names itself"),
        pytest.param('"password": "MY_PASSWORD"', id="name of a variable"),
        pytest.param('"password": "Enter your own here"', id="label"),
        pytest.param('"password": "Must not be empty!"', id="message"),
        pytest.param('grant_type: "password"', id="grant"),
        pytest.param("'grant_type' => 'password', 'verify' => false", id="grant in PHP or Ruby"),
        pytest.param('Map.of("grant_type", "password", "retries", 2)', id="grant in Java"),
        pytest.param('"grant_type": "password", "username": user', id="grant in Python"),
        pytest.param('os.environ["BLASTIQ_PASSWORD"], "timeout": 9', id="from the environment"),
        pytest.param("need(['password', 'username'])", id="names of fields"),
        pytest.param('{ "password": "refresh_token" }', id="the name of a field"),
        pytest.param('"&password=\x01\x00\x0bBLASTIQ_URL', id="a compiled text, and the next"),
        pytest.param("<password></password>", id="empty element"),
        pytest.param('"&password=" + password + "&"', id="put together"),
    ],
)
def test_what_stands_for_a_password_is_none(text: str) -> None:
    """Templates, names, labels."""
    assert kinds(CLIENT + text) == []


@pytest.mark.parametrize("name", ["x/.env", "app.properties", "a.zip!/conf.INI", "values.yaml", ".env.production"])
@pytest.mark.parametrize("line", ["BLASTIQ_PASSWORD=Tr0ub4dor&3", "  password: Tr0ub4dor&3", "export PWD = hunter2"])
def test_in_settings_a_bare_word_is_a_password(name: str, line: str) -> None:
    """There is no variable that it could name."""
    text = f"client_id=external.customer\r\n{line}\r\n"
    assert kinds(text, name) == ["password"]
    assert kinds(text, "app.py") == []


@pytest.mark.parametrize("line", ["PASSWORD=", "PASSWORD=${PASSWORD}", "# set PASSWORD to yours", "password: <secret>"])
def test_in_settings_too_a_template_is_none(line: str) -> None:
    """And an empty value is none."""
    assert kinds(f"client_id=external.customer\n{line}\nnext=1\n", ".env") == []


def test_beside_is_near() -> None:
    """What stands further away belongs to something else."""
    password = 'password: "Tr0ub4dor&3"'
    assert kinds(CLIENT + " " * (NEARBY - 50) + password) == ["password"]
    assert kinds(CLIENT + " " * NEARBY + password) == []
    assert kinds((CLIENT + password) * 3) == ["password"] * 3
    between = CLIENT + " " * (NEARBY - 60) + CLIENT + " " * 20
    assert kinds(between + password) == kinds(" " * 5000 + between + password + " " * 5000 + CLIENT) == ["password"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Each length that base64 leaves unpadded, in the header and in the claims.
        *(pytest.param(jwt({"iss": "x" * n}, {"alg": "R" * n}), ["jwt"], id=f"with {n} letters") for n in range(6, 12)),
        pytest.param(TOKEN, ["jwt"], id="of an identity server"),
        pytest.param(f"Authorization: Bearer {TOKEN}", ["jwt"], id="in a header"),
        pytest.param(f'{{"access_token":"{TOKEN}"}}', ["jwt"], id="in an answer"),
        pytest.param(jwt({"exp": 1e300}), ["jwt"], id="until no date"),
        pytest.param(jwt({"client_id": "x", "exp": "soon"}), ["jwt"], id="until whenever"),
        pytest.param("eyJabc" + TOKEN, [], id="behind what is not a header"),
        pytest.param("abc" + TOKEN, ["jwt"], id="behind other text"),
        pytest.param("." + TOKEN.partition(".")[2], [], id="without header"),
        pytest.param(jwt({"some": "payload"}), [], id="of documentation"),
        pytest.param(f"Bearer {jwt({'some': 'payload'})}", [], id="of documentation, in a header"),
        pytest.param(jwt({"iss": "x"}, {"typ": "JWT"}), [], id="without alg"),
        pytest.param(jwt([1, 2, 3, 4]), [], id="no claims"),
        pytest.param("eyJhbGciOiJ9fQ.eyJpc3MiOiI0MiJ9.eyJhbGciOiJ9fQ", [], id="not decodable"),
        pytest.param(f"curl -H 'authorization: bearer {REFRESH_TOKEN}'", ["token"], id="bearer"),
        pytest.param("Bearer mF_9.B5f-4.1JqM", [], id="of RFC 6750"),
        pytest.param("the bearer of-this-document-has-to-sign", [], id="prose"),
        pytest.param("Bearer AuthenticationSchemeHandler2Factory", [], id="a class"),
        pytest.param(f'"refresh_token": "{REFRESH_TOKEN}"', ["token"], id="refresh token"),
        pytest.param(f"RefreshToken = '{REFRESH_TOKEN}'", ["token"], id="constant"),
        pytest.param(f'{{\\"refresh_token\\":\\"{REFRESH_TOKEN}\\"}}', ["token"], id="JSON in a string"),
        pytest.param(f"'grant_type=refresh_token&refresh_token={REFRESH_TOKEN}'", ["token"], id="form"),
        pytest.param('"refresh_token":"tGzv3JOkF0XG5Qx2TlKWIA"', [], id="of RFC 6749"),
        pytest.param('refresh_token = "oauth2_refresh_token_of_the_session"', [], id="a key"),
        pytest.param("refresh_token = session_2.oauth2.refresh_token_value", [], id="a variable"),
        pytest.param('"access_token": "NEW_ACCESS_TOKEN_OF_TEST"', [], id="a word"),
    ],
)
def test_tokens_are_told_from_what_looks_like_them(text: str, expected: list[str]) -> None:
    """A JWT says who issued it or until when it holds, a refresh token is one run of letters and digits."""
    assert kinds(text) == expected


def test_a_jwt_is_described_without_its_signature() -> None:
    """Whose it is, for whom, and until when: enough to find out who put it there."""
    (found,) = find(f"x = '{TOKEN}'".encode(), "a.py", NOTHING)
    assert (
        found.shown
        == "a JWT, iss https://www.blastiq.com/identity, client_id external.customer, valid until 2025-01-01"
    )
    assert (found.start, found.end) == (5, 5 + len(TOKEN))
    (odd,) = find(jwt({"exp": 1e300}).encode(), "a.py", NOTHING)
    assert odd.shown == "a JWT, valid until no date"


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("before", [b"\1\2\3\4", b"\1\2\3"])
def test_text_in_utf_16_is_read(charset: str, before: bytes) -> None:
    """As .NET and Windows programs keep it, at even and odd places."""
    text = CLIENT + 'password: "Tr0ub4dor&3"'
    (found,) = find(before + text.encode(charset) + b"\xff", "app.dll", NOTHING)
    assert (found.kind, found.shown) == ("password", "password <password>, in UTF-16")
    start = len(before) + 2 * text.index("Tr0") + (charset == "utf-16-be")
    assert (found.start, found.end) == (start, start + 2 * len("Tr0ub4dor&3") - 1)


def test_every_second_letter_is_no_text() -> None:
    """Only where the bytes between are zero is it UTF-16."""
    letters = "".join(f"{letter}." for letter in CLIENT + 'password: "Tr0ub4dor&3"')
    assert find(b"\0" + letters.encode(), "a", NOTHING) == []


def test_one_place_is_one_finding() -> None:
    """A known password in a literal is known, and not found once more by its shape."""
    known = Known((Secret("known", "Tr0ub4dor&3"),))
    (found,) = find((CLIENT + 'password: "Tr0ub4dor&3"').encode(), "a.py", known)
    assert (found.kind, found.shown) == ("known-value", "<known:1>")


@pytest.mark.parametrize("package", ["requests", "authlib", "oauthlib", "requests_oauthlib", "jwt", "joserfc", "httpx"])
def test_real_packages_give_no_false_alarm(package: str) -> None:
    """Libraries of the field are full of the words, and hold no credentials."""
    folder = Path(str(__import__(package).__file__)).parent
    told = [*folder.rglob("*.py"), *folder.parent.glob(f"*{package}*.dist-info/METADATA")]
    assert len(told) > 5
    assert [(file.name, one) for file in told for one in find(file.read_bytes(), file.name, NOTHING)] == []


@pytest.mark.parametrize(
    "text",
    [
        b"eyJ" * 150_000,
        b".eyJ12345678." * 30_000,
        b"eyJ" * 1300 + b"!" + b".eyJ12345678." * 30_000,
        (b"Bearer " + b"a" * 8000 + b" ") * 250,
        (CLIENT_ID + b"<password>" + b" " * 150) * 3_000,
        (CLIENT_ID + b"password" * 30) * 2_000,
        b"external.customer" * 30_000,
    ],
    ids=["headers", "claims", "header and claims", "bearer", "element", "keys", "client ids"],
)
@pytest.mark.timeout(15)
@pytest.mark.unmeasured
def test_no_text_takes_long(text: bytes) -> None:
    """Half a megabyte made to make a pattern try again and again."""
    assert find(text, ".env", NOTHING) == []


@pytest.mark.parametrize(("more", "found"), [(0, ["password"]), (1, [])])
def test_a_password_between_two_places_that_touch(more: int, found: list[str]) -> None:
    """What lies on the border of both is near enough; a byte further apart nobody looks at what is between."""
    text, name = 'password: "Tr0ub4dor&3"', CLIENT_ID.decode()
    before = " " * (NEARBY - 12)
    assert kinds(name + before + text + " " * (2 * NEARBY + more - len(before) - len(text)) + name) == found
