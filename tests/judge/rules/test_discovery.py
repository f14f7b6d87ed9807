"""Rules 1xx beyond their examples: what looks wrong and is not, and what is wrong in other ways."""

from dataclasses import replace

import pytest

from blastiq_conformance.catalogue import Profile
from blastiq_conformance.catalogue.example_messages import SIGN_IN, story
from blastiq_conformance.evidence import Child
from tests.judge.example import read_example
from tests.judge.rules.verdicts import result, verdict

HOST = "Host: 127.0.0.1:8080"
ISSUER = "http://127.0.0.1:8080/identity"
GET = "GET /identity/.well-known/openid-configuration"
NOT_FOUND = "HTTP/1.1 404 Not Found\n\n"
KNOWN = f"facts: authority = {ISSUER}"


def document(issuer: str = ISSUER, endpoint: str = ISSUER + "/connect/token", *, asked: str = GET) -> str:
    return f'{asked}\n{HOST}\n\nHTTP/1.1 200 OK\n\n{{"issuer": "{issuer}", "token_endpoint": "{endpoint}"}}'


def discovery(path: str, answer: str = NOT_FOUND) -> str:
    return f"GET {path}\n{HOST}\n\n{answer}"


def sign_in(path: str = "/identity/connect/token", host: str = "127.0.0.1:8080") -> str:
    return SIGN_IN.replace("/identity/connect/token\n", f"{path}\nHost: {host}\n", 1)


WELL_KNOWN = "/.well-known/openid-configuration"
OPEN = discovery(f"{{{{authority}}}}{WELL_KNOWN}")
INSERTED = discovery(f"{WELL_KNOWN}/identity")
OAUTH_PATH = "/.well-known/oauth-authorization-server/identity"
OAUTH = discovery(OAUTH_PATH)


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(document(), "passed", id="the address"),
        pytest.param(f"{GET.upper()}\n\n", "passed", id="the product takes any case"),
        pytest.param(story(INSERTED, OAUTH, document()), "passed", id="RFC 8414 first"),
        pytest.param(story(document(), INSERTED), "passed", id="RFC 8414 afterwards"),
        pytest.param(story("facts: authority = http://127.0.0.1:8080/identity/", document()), "passed", id="slash"),
        pytest.param(
            story("facts: authority = https://idp.example/t1", discovery(f"/t1{WELL_KNOWN}")), "passed", id="other base"
        ),
        pytest.param(sign_in(), "inapplicable", id="no discovery"),
        pytest.param("OPTIONS /identity//.well-known/openid-configuration\n\n", "inapplicable", id="preflight"),
        pytest.param(OPEN, "inapplicable", id="a script leaves the authority open"),
        pytest.param(story(OPEN, discovery(WELL_KNOWN)), "error", id="open, then another"),
        pytest.param(story(INSERTED, INSERTED), "error", id="inserted only, told once"),
        pytest.param(discovery(WELL_KNOWN), "error", id="/identity lost"),
        pytest.param(discovery(f"/identity{WELL_KNOWN}/"), "error", id="slash at the end"),
        pytest.param(story(discovery(f"/identity/{WELL_KNOWN}"), document()), "error", id="doubled slash, then right"),
        pytest.param(story(INSERTED, OAUTH), "error error", id="two other addresses"),
        pytest.param(discovery(WELL_KNOWN, ""), "passed", id="no answer: it may have gone on"),
        pytest.param(discovery(WELL_KNOWN, "HTTP/1.1 499 Odd\n\n"), "error", id="refused"),
        pytest.param(discovery(WELL_KNOWN, "HTTP/1.1 500 Oops\n\n"), "passed", id="an outage: it rightly stops"),
        pytest.param(story(discovery(OAUTH_PATH, "HTTP/1.1 200 OK\n\n<p>"), "exit: 1"), "passed", id="no document"),
        pytest.param(discovery(f"/identity/{WELL_KNOWN}", ""), "error", id="no answer, and malformed"),
    ],
)
def test_101_address(example: str, expected: str) -> None:
    """Malformed addresses are wrong always, other well-formed ones only where the right one is never tried."""
    assert verdict("BIQ101", example) == expected


def test_102_method() -> None:
    """Everything but GET is wrong, and a HEAD probe is not judged."""
    assert verdict("BIQ102", story(GET.replace("GET", "HEAD"), document())) == "passed"
    assert verdict("BIQ102", story(document(), GET.replace("GET", "PUT"))) == "error"
    assert verdict("BIQ102", sign_in()) == "inapplicable"


MOVED = document(endpoint=ISSUER + "/connect/x7f3")


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(story(MOVED, sign_in("/identity/connect/x7f3")), "passed", id="as named"),
        pytest.param(story(MOVED, SIGN_IN.replace("/token", "/x7f3", 1)), "passed", id="host unknown"),
        pytest.param(
            story(document(endpoint=ISSUER + "/connect/token?t=1"), sign_in("/identity/connect/token?t=1")),
            "passed",
            id="with query",
        ),
        pytest.param(story(document(endpoint="/identity/connect/token"), sign_in()), "passed", id="relative"),
        pytest.param(
            story(document(endpoint="https://h.example:443/identity/connect/token"), sign_in(host="H.example")),
            "passed",
            id="default port",
        ),
        pytest.param(sign_in(), "untested", id="a recording may lack discovery"),
        pytest.param(story(KNOWN + ", username = unknown", sign_in()), "untested", id="a recording with authority"),
        pytest.param(story(KNOWN, sign_in(), sign_in()), "warning", id="no discovery, told once"),
        pytest.param(story(KNOWN, sign_in(), document(), sign_in()), "warning", id="discovery too late"),
        pytest.param(story(KNOWN, discovery(f"/identity{WELL_KNOWN}"), sign_in()), "passed", id="failed: BIQ106"),
        pytest.param(story(MOVED, sign_in(), sign_in()), "warning", id="fixed, told once"),
        pytest.param(story(document(), sign_in(host="127.0.0.1:9")), "warning", id="other port"),
        pytest.param(story(document(endpoint="http://[bad/"), sign_in()), "warning", id="no URL at all"),
        pytest.param(story(MOVED, sign_in("/identity/connect/token"), sign_in("/connect/token")), "warning warning"),
        pytest.param(document(), "untested", id="no token request"),
    ],
)
def test_103_token_endpoint(example: str, expected: str) -> None:
    """The address must be the one named; a client without discovery is told once."""
    assert verdict("BIQ103", example) == expected


def test_103_is_an_error_in_strict() -> None:
    """The profile strict wants discovery (D5)."""
    assert verdict("BIQ103", story(KNOWN, sign_in()), Profile.STRICT) == "error"


FOREIGN = document("https://elsewhere.example/identity")


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(story(document(ISSUER + "/"), sign_in()), "inapplicable", id="one slash is forgiven (D6)"),
        pytest.param(story(document(ISSUER.upper()), sign_in()), "inapplicable", id="case is not the test"),
        pytest.param(story(document(ISSUER, asked=GET), sign_in()), "inapplicable", id="right"),
        pytest.param(story(FOREIGN.replace(HOST, "X: y"), sign_in()), "inapplicable", id="called address unknown"),
        pytest.param(
            story(document("x", asked=f"GET {WELL_KNOWN}/identity"), sign_in()), "inapplicable", id="inserted"
        ),
        pytest.param(FOREIGN, "passed", id="stopped"),
        pytest.param(story(FOREIGN, document(), sign_in()), "passed", id="asked again, got the right one"),
        pytest.param(story(FOREIGN, sign_in(), sign_in()), "warning", id="went on, told once"),
        pytest.param(story(document(ISSUER + "//"), sign_in()), "warning", id="two slashes are another string"),
        pytest.param(story(document(ISSUER + "/other"), sign_in()), "warning", id="other path"),
        pytest.param(story(FOREIGN, sign_in(host="127.0.0.1:9")), "error", id="to another origin (D23)"),
        pytest.param(story(FOREIGN, sign_in(), FOREIGN, sign_in()), "warning warning", id="twice"),
    ],
)
def test_104_issuer(example: str, expected: str) -> None:
    """Credentials after a foreign issuer are a warning, an error where they leave the authority's origin."""
    assert verdict("BIQ104", example) == expected


FAILED = discovery(f"/identity{WELL_KNOWN}", "HTTP/1.1 500 Oops\n\n")
HTML = discovery(f"/identity{WELL_KNOWN}", "HTTP/1.1 200 OK\n\n<html>")
LIST = discovery(f"/identity{WELL_KNOWN}", "HTTP/1.1 200 OK\n\n[]")
USELESS = discovery(f"/identity{WELL_KNOWN}", 'HTTP/1.1 200 OK\n\n{"token_endpoint": 5}')
SILENT = f"{GET}\n{HOST}\n\n"
TRACE = "stderr: Traceback (most recent call last):\\n  File x, line 1\\nKeyError: 'token_endpoint'"


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(story(FAILED, "exit: 1"), "passed", id="stopped"),
        pytest.param(story(SILENT, "exit: 1"), "passed", id="no answer"),
        pytest.param(story(FAILED, document(), sign_in()), "passed", id="second try"),
        pytest.param(story(document(), FAILED, sign_in()), "passed", id="the one in hand is still good"),
        pytest.param(story(FAILED, "exit: stopped"), "passed", id="a service that stays up"),
        pytest.param(story(FAILED, "exit: 0"), "passed", id="exit 0 is BIQ806"),
        pytest.param(story(document(), sign_in(), "exit: 1", TRACE), "inapplicable", id="discovery was good"),
        pytest.param(sign_in(), "inapplicable", id="no discovery"),
        pytest.param(story(HTML, sign_in(), sign_in(), "exit: 1"), "warning", id="guessed, told once"),
        pytest.param(story(LIST, sign_in()), "warning", id="a list is not a document"),
        pytest.param(story(USELESS, sign_in()), "warning", id="no token endpoint"),
        pytest.param(story(FAILED, "exit: 1", TRACE), "warning", id="stack trace (D34)"),
        pytest.param(story(FAILED, "exit: timeout"), "error", id="hangs"),
        pytest.param(story(FAILED, "exit: -11"), "error", id="crashes"),
        pytest.param(story(FAILED, sign_in(), "exit: timeout"), "warning error", id="guesses and hangs"),
    ],
)
def test_106_failure(example: str, expected: str) -> None:
    """A failure must end the sign-in; a guess and a stack trace are warnings, a hang and a crash errors."""
    assert verdict("BIQ106", example) == expected


def test_106_needs_no_child() -> None:
    """A recording shows what was sent; how the program ended is not known there."""
    assert verdict("BIQ106", replace(read_example(FAILED), child=None)) == "passed"
    assert verdict("BIQ106", replace(read_example(FAILED), child=Child(exit_status=-9, stopped=True))) == "passed"


CALLS = ["GET /api"] * 4


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        pytest.param([document(), sign_in(), *CALLS], "passed", id="once"),
        pytest.param([document(), document(), *CALLS], "passed", id="two components"),
        pytest.param([document(), sign_in(), *CALLS] * 3, "passed", id="with each token"),
        pytest.param([FAILED] * 5 + CALLS, "passed", id="failures are BIQ802's"),
        pytest.param([document()] * 3 + CALLS[:3], "inapplicable", id="too few calls to tell"),
        pytest.param(CALLS, "inapplicable", id="no discovery"),
        pytest.param([sign_in(), *[document(), "GET /api"] * 4], "warning", id="each call"),
    ],
)
def test_107_repetition(blocks: list[str], expected: str) -> None:
    """Two fetches and one more for each token are fine; one for each call is not."""
    assert verdict("BIQ107", story(*blocks)) == expected


@pytest.mark.parametrize(
    ("request_text", "expected"),
    [
        pytest.param(GET, "passed", id="plain"),
        pytest.param(GET + "?client_id=external.customer", "passed", id="the client id is not secret"),
        pytest.param(GET + "\nAuthorization: Basic ZXh0ZXJuYWwuY3VzdG9tZXI6", "passed", id="nor is it in Basic"),
        pytest.param(GET + "?username=", "passed", id="nothing in it"),
        pytest.param(GET + "?v=svc.pit-42@mine.example", "passed", id="a name is not a secret"),
        pytest.param(GET + "?username=x&password=y", "error", id="credentials by name, told once"),
        pytest.param(GET + "\nAuthorization: Basic ZXh0ZXJuYWwuY3VzdG9tZXI6eA==", "error", id="with a secret"),
        pytest.param(GET + "\nX-Debug: k7Fq2vN9xW4mZ8tR1pLs", "error", id="the password in a header"),
        pytest.param(GET + "?v=azdGcTJ2Tjl4VzRtWjh0UjFwTHM=", "error", id="the password in base64"),
        pytest.param(GET + '\n\n{"p": "k7Fq2vN9xW4mZ8tR1pLs"}', "error", id="the password in a body"),
    ],
)
def test_108_secrecy(request_text: str, expected: str) -> None:
    """Whatever is secret must not go along, by name or by value in any encoding; the client id may."""
    assert verdict("BIQ108", request_text) == expected


def test_108_cannot_tell_from_an_edited_recording() -> None:
    """Where headers were filtered out, that there is no secret proves nothing."""
    recorded = read_example(GET)
    edited = replace(recorded.exchanges[0], edited="headers were filtered")
    assert verdict("BIQ108", replace(recorded, exchanges=(edited,))) == "cant_tell"


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        pytest.param([document(ISSUER + "/"), sign_in()], "passed", id="went on"),
        pytest.param([document(ISSUER + "/"), "exit: 1"], "info", id="took 4.3 to the letter"),
    ],
)
def test_109_a_slash_behind_the_issuer(blocks: list[str], expected: str) -> None:
    """One slash is forgiven (D6), for the article spells the authority both ways; not to forgive it is worth a word."""
    assert verdict("BIQ109", story(*blocks)) == expected


def test_a_finding_names_what_was_received() -> None:
    """The address that was called stands in the finding, with the exchange."""
    (finding,) = result("BIQ103", story(MOVED, sign_in())).findings
    assert finding.received == "POST http://127.0.0.1:8080/identity/connect/token"
    assert finding.exchange == 2
