"""Rules 2xx on form, names and headers, beyond their examples."""

import gzip
from dataclasses import replace

import pytest

from blastiq_conformance.catalogue import Profile
from blastiq_conformance.catalogue.example_messages import REFRESH_1, SIGN_IN, refreshed, story
from fake_idp.wire import Headers
from tests.judge.example import read_example
from tests.judge.rules.verdicts import verdict

REFRESH = refreshed(REFRESH_1, "{}")
FORM = "application/x-www-form-urlencoded"
DOCUMENT = (
    'GET /identity/.well-known/openid-configuration\nHTTP/1.1 200 OK\n\n{"token_endpoint": '
    '"http://127.0.0.1:8080/identity/connect/token?t=1&client_id=x+y"}'
)


def typed(media_type: str, body: str = "") -> str:
    head, _, form = SIGN_IN.partition("\n\n")
    return f"{head.replace(FORM, media_type)}\n\n{body or form}"


def headed(*headers: str, message: str = SIGN_IN) -> str:
    return message.replace("\n\n", "".join(f"\n{header}" for header in headers) + "\n\n", 1)


def targeted(query: str, message: str = SIGN_IN) -> str:
    return message.replace("/token", f"/token?{query}", 1)


def renamed(old: str, new: str, message: str = SIGN_IN) -> str:
    return message.replace(old, new, 1)


PROBE = "GET /identity/connect/token\nAccept: */*\n\n"
BODILESS = SIGN_IN.partition("\n\n")[0] + "\n\n"
MULTIPART = typed("multipart/form-data; boundary=B", '--B\nContent-Disposition: form-data; name="audience"\n\nx\n--B--')

CASES = {
    "BIQ201": [
        ("passed", "preflight", story(renamed("POST", "OPTIONS"), SIGN_IN)),
        ("untested", "a refresh is BIQ502's", renamed("POST", "GET", REFRESH)),
        ("passed", "a look at whether it is there", story(PROBE, SIGN_IN)),
        ("untested", "nothing but that look", PROBE),
        ("error", "credentials in a header", headed("Authorization: Basic eDp5", message=PROBE)),
        ("error", "a PUT of nothing", renamed("GET", "PUT", PROBE)),
        ("error", "GET", renamed("POST", "GET", targeted("grant_type=password"))),
    ],
    "BIQ202": [
        ("passed", "charset, odd case", typed("Application/X-WWW-Form-Urlencoded; Charset=utf-8")),
        ("error", "no body at all", BODILESS),
        ("error", "neither a body nor a type", renamed(f"Content-Type: {FORM}", "Accept: */*", BODILESS)),
        ("passed", "fields in the URL alone are BIQ203's", targeted("grant_type=password", BODILESS)),
        ("passed", "another method without a body is BIQ201's", renamed("POST", "PUT", BODILESS)),
        ("untested", "a refresh is BIQ502's", typed("text/plain", "grant_type=refresh_token")),
        ("error", "plain text", typed("text/plain;charset=UTF-8")),
        ("error", "no type", renamed(f"Content-Type: {FORM}", "Accept: */*")),
        ("error", "multipart", MULTIPART),
        ("error", "two types in two lines", headed("Content-Type: application/json")),
        ("error", "the same twice", headed(f"Content-Type: {FORM}")),
        ("error", "a parameter that is none", typed(f"{FORM}; charset:utf-8")),
        ("passed", "a semicolon at the end", typed(f"{FORM};")),
    ],
    "BIQ203": [
        ("passed", "foreign names are BIQ215's", targeted("tenant=1")),
        ("passed", "advertised", story(DOCUMENT, targeted("t=1&client_id=x+y"))),
        ("untested", "a refresh is BIQ502's", targeted("client_id=x", REFRESH)),
        ("error error", "all of them, in any case", targeted("Grant_Type=password&username=x")),
        ("error", "advertised and another", story(DOCUMENT, targeted("t=1&client_id=x+y&scope="))),
    ],
    "BIQ204": [
        ("passed", "more may follow, encoded alike", story(DOCUMENT, targeted("client_id=x%20y&t=1&u=2"))),
        ("inapplicable", "nothing advertised", SIGN_IN),
        ("inapplicable", "another path is BIQ103's", story(DOCUMENT, renamed("/token", "/elsewhere"))),
        ("warning", "mangled", story(DOCUMENT, targeted("t=1&client_id=x%2By"))),
        ("warning", "on refresh too", story(DOCUMENT, REFRESH)),
    ],
    "BIQ205": [
        ("passed", "found in the query", renamed("grant_type=password&", "", targeted("grant_type=password"))),
        ("passed", "name in other case", renamed("grant_type", "Grant_Type")),
        ("error", "absent", renamed("grant_type=password&", "")),
        ("error", "blank", renamed("grant_type=password", "grant_type=")),
        ("error", "other grant", renamed("=password", "=client_credentials")),
        ("error", "Auth0", renamed("=password", "=http%3A%2F%2Fauth0.com%2Foauth%2Fgrant-type%2Fpassword-realm")),
    ],
    "BIQ213": [
        ("passed", "an extension may", SIGN_IN + "&resource=a&resource=b&audience=a&audience=b"),
        ("passed", "once in body, once in query", targeted("client_id=external.customer")),
        ("error", "empty and not", SIGN_IN + "&scope=&scope=cosmos"),
        ("error", "in another case", SIGN_IN + "&Client_Id=external.customer"),
        ("error", "on refresh", renamed("grant_type", "refresh_token=a&grant_type", REFRESH)),
        ("error error", "two of them, one thrice", SIGN_IN + "&scope=a&scope=a&scope=a&client_id=b"),
    ],
    "BIQ215": [
        ("passed", "all known, in any case", SIGN_IN + "&Scope=cosmos&audience=x&client_assertion=y"),
        ("passed", "advertised", story(DOCUMENT, targeted("t=1&client_id=x+y"))),
        ("info", "not the advertised value", story(DOCUMENT, targeted("t=2&client_id=x+y"))),
        ("info info", "each once", SIGN_IN + "&realm=a&resource=b&resource=c"),
        (" ".join(["info"] * 20), "a flood", SIGN_IN + "".join(f"&x{n}=1" for n in range(99))),
    ],
    "BIQ218": [
        ("passed", "foreign names are BIQ215's", SIGN_IN + "&Realm=x"),
        ("error error", "each", renamed("password=", "PASSWORD=", SIGN_IN.replace("username", "userName"))),
        ("error", "on refresh", renamed("client_id", "Client_ID", REFRESH)),
    ],
    "BIQ219": [
        ("passed", "absent", SIGN_IN),
        ("passed", "anything", headed("Accept: text/html, */*;q=0.1")),
        ("passed", "a range", headed("Accept: application/*")),
        ("passed", "second header", headed("Accept: text/html", "Accept: application/json")),
        ("passed", "empty", headed("Accept:")),
        ("info", "refused", headed("Accept: text/html, application/json;q=0.000")),
        ("info", "XML", headed("Accept: application/xml")),
    ],
    "BIQ220": [
        ("passed", "identity", headed("Content-Encoding: Identity")),
        ("passed", "empty", headed("Content-Encoding:")),
        ("warning", "deflate", headed("Content-Encoding: deflate")),
    ],
    "BIQ221": [
        ("passed", "username and password may be anything", renamed("=svc.pit-42%40mine.example", "=null")),
        ("passed", "our own stand-in", SIGN_IN + "&client_secret=S001Y001N001O001N001Y001M001"),
        ("passed", "a real scope", SIGN_IN + "&scope=nullable"),
        ("passed", "nothing is not a placeholder", SIGN_IN + "&scope="),
        ("error error", "two words", SIGN_IN + "&client_secret=undefined&audience=None"),
        ("error", "template", renamed("external.customer", "%7B%7Bclient_id%7D%7D")),
        (
            "error",
            "the sample's words",
            renamed("external.customer", "Insert+your+Client+ID+provided+by+BlastIQ+Support"),
        ),
        ("error", "YOUR_", renamed("external.customer", "YOUR_CLIENT_ID")),
        ("error", "on refresh", renamed(REFRESH_1, "null", REFRESH)),
        ("error", "in Basic", headed("Authorization: Basic dW5kZWZpbmVkOnVuZGVmaW5lZA==")),
        (
            "passed",
            "a user of that name in Basic",
            renamed(
                "=svc.pit-42%40mine.example",
                "=undefined",
                story("facts: username = undefined", headed("Authorization: Basic dW5kZWZpbmVkOnVuZGVmaW5lZA==")),
            ),
        ),
    ],
}


@pytest.mark.parametrize(
    ("rule", "expected", "example"),
    [
        pytest.param(rule, expected, example, id=f"{rule}-{name}")
        for rule, rows in CASES.items()
        for expected, name, example in rows
    ],
)
def test_form(rule: str, expected: str, example: str) -> None:
    """Each rule of the form finds what it should, and nothing where a client is right in another way."""
    assert verdict(rule, example) == expected


def test_a_compressed_body_is_one_mistake() -> None:
    """A body under gzip is read all the same: its fields are not missing beside BIQ220."""
    plain = read_example(headed("Content-Encoding: gzip"))
    (exchange,) = plain.exchanges
    request = replace(exchange.request, body=gzip.compress(exchange.request.body))
    coded = replace(plain, exchanges=(replace(exchange, request=request),))
    assert verdict("BIQ220", coded) == "warning"
    assert {verdict(rule, coded) for rule in ("BIQ205", "BIQ206", "BIQ207", "BIQ208", "BIQ214")} == {"passed"}


def test_parts_without_a_name_are_no_fields() -> None:
    """A multipart body may hold what is not a field; nothing is made of it, and nothing fails."""
    part = "--B\nContent-Type: multipart/mixed; boundary=C\n\n--C\n\nx\n--C--\n--B\n\nfile\n--B--"
    assert verdict("BIQ215", typed("multipart/form-data; boundary=B", part)) == "passed"
    assert verdict("BIQ215", typed("application/json", '{"realm": ')) == "passed"


def test_json_null_is_empty() -> None:
    """A JSON null is a name without a value (N5): BIQ210, not BIQ209."""
    example = typed("application/json", '{"grant_type": "password", "client_secret": null}')
    assert (verdict("BIQ209", example), verdict("BIQ210", example)) == ("passed", "error")


@pytest.mark.parametrize("place", ["form", "query", "json", "multipart"])
def test_audience_is_found_wherever_it_is(place: str) -> None:
    """A wrong place does not hide a wrong field (N3)."""
    example = {
        "form": SIGN_IN + "&audience=",
        "query": targeted("audience"),
        "json": typed("application/json", '{"audience": "x"}'),
        "multipart": MULTIPART,
    }[place]
    assert verdict("BIQ211", example) == "error"


def test_headers_that_a_recording_lost_are_not_missing() -> None:
    """A Content-Type that was filtered out proves nothing."""
    lost = read_example(renamed(f"Content-Type: {FORM}", "Accept: */*"))
    (exchange,) = lost.exchanges
    edited = replace(
        lost,
        exchanges=(
            replace(exchange, edited="headers were filtered", request=replace(exchange.request, headers=Headers())),
        ),
    )
    assert verdict("BIQ202", edited) == "cant_tell"
    assert verdict("BIQ219", edited, Profile.STRICT) == "cant_tell"
