"""Rules of the attended flow: what each finds, and what it must leave alone."""

from urllib.parse import quote

import pytest

from blastiq_conformance.catalogue import Profile
from blastiq_conformance.catalogue.example_messages import refreshed, renewal, signed_in, story
from blastiq_conformance.redaction.whole import redact
from blastiq_conformance.rules.attended.messages import (
    ANSWERED,
    ASKED,
    EXCHANGE,
    EXCHANGED,
    FLOW,
    REDIRECT_URI,
    VERIFIER,
    attended,
)
from blastiq_conformance.sources.recording import write
from tests.judge.example import read_example
from tests.judge.rules.verdicts import result, verdict

CHALLENGE = "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"
STATE = "&state=af0ifjsldkj"
OTHER = ANSWERED.replace("=af0ifjsldkj", "=other")
BASIC = "Authorization: Basic ZXh0ZXJuYWwuY3VzdG9tZXI6"  # external.customer with an empty password
SECRET = "Authorization: Basic ZXh0ZXJuYWwuY3VzdG9tZXI6czNjcjN0"  # and with s3cr3t


def asking(redirect_uri: str) -> str:
    return attended(ASKED.replace(REDIRECT_URI, redirect_uri))


def exchanging(*changes: tuple[str, str]) -> str:
    """Tell a right sign-in, but for some text of the exchange."""
    changed = EXCHANGED
    for old, new in changes:
        assert old in changed
        changed = changed.replace(old, new)
    return attended(ASKED, ANSWERED, changed)


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(attended(), "passed", id="code"),
        pytest.param(attended(ASKED, ANSWERED, EXCHANGED, refreshed("5C0E", "{}")), "passed", id="refresh"),
        pytest.param(story(FLOW, signed_in()), "error", id="password"),
        pytest.param(story(FLOW, renewal("grant_type=client_credentials&client_id=x")), "error", id="without-anybody"),
        pytest.param(story(FLOW, renewal("client_id=x")), "error", id="nothing"),
        pytest.param(signed_in(), "inapplicable", id="unattended"),
        pytest.param(FLOW, "inapplicable", id="nobody-came"),
    ],
)
def test_901(example: str, expected: str) -> None:
    """Where a person is there, the code is the only way to a first token."""
    assert verdict("BIQ901", example) == expected


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(attended(), "passed", id="s256"),
        pytest.param(attended(ASKED.replace("&code_challenge_method=S256", "")), "error", id="no-method"),
        pytest.param(attended(ASKED.replace("=S256", "=plain")), "error", id="plain"),
        pytest.param(attended(ASKED.replace(CHALLENGE, "")), "error", id="none"),
        pytest.param(attended(ASKED.replace("stw-cM", "stw")), "error", id="no-hash"),
        pytest.param(attended(ASKED.replace("response_type=code", "response_type=token")), "passed", id="no-code"),
        pytest.param(ASKED, "inapplicable", id="unattended"),
    ],
)
def test_902(example: str, expected: str) -> None:
    """A challenge that is a hash, by the method that says so, wherever a code is asked for."""
    assert verdict("BIQ902", example) == expected


@pytest.mark.parametrize(("taken", "expected"), [("", "passed"), (CHALLENGE, "error")])
def test_a_pushed_request_is_what_was_asked(taken: str, expected: str) -> None:
    """RFC 9126: the browser brings a name alone, and what it stands for was posted before."""
    name = "urn:ietf:params:oauth:request_uri:AF06"
    asked = ASKED.partition("?")[2].replace(taken or "\n", "")
    push = (
        f"POST /identity/connect/par\nContent-Type: application/x-www-form-urlencoded\n\n{asked}\n"
        f'HTTP/1.1 201 Created\nContent-Type: application/json\n\n{{"request_uri":"{name}","expires_in":600}}'
    )
    brought = f"GET /identity/connect/authorize?client_id=external.customer&request_uri={quote(name)}\n{ANSWERED}"
    assert verdict("BIQ902", story(FLOW, push, brought, EXCHANGED)) == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("code", "passed"),
        ("token", "warning"),
        ("id_token+token", "warning"),
        ("code+token", "warning"),
        ("code+id_token", "passed"),
        ("", "passed"),
    ],
)
def test_903(wanted: str, expected: str) -> None:
    """No access token comes through the browser; an id_token beside the code may (RFC 9700 2.1.2)."""
    assert verdict("BIQ903", attended(ASKED.replace("response_type=code", f"response_type={wanted}"))) == expected


@pytest.mark.parametrize(
    ("redirect_uri", "expected"),
    [
        ("http%3A%2F%2F127.0.0.1%2F", "passed"),
        ("http%3A%2F%2F127.0.0.1%3A1234%2Fx", "passed"),
        ("http%3A%2F%2F%5B%3A%3A1%5D%3A1234", "passed"),
        ("https%3A%2F%2Fapp.mine.example%2Fcallback", "passed"),
        ("com.example.app%3A%2Fcallback", "passed"),
        ("http%3A%2F%2Flocalhost%3A1234", "info"),
        ("http%3A%2F%2Fapp.mine.example%2Fcallback", "warning"),
        ("http%3A%2F%2F10.0.0.1%2F", "warning"),
        ("myapp%3A%2F%2Fcallback", "warning"),
        ("urn%3Aietf%3Awg%3Aoauth%3A2.0%3Aoob", "warning"),
        ("http%3A%2F%2F%5B", "warning"),
        ("", "passed"),
    ],
)
def test_904(redirect_uri: str, expected: str) -> None:
    """Addresses that nobody else can read, claim or resolve."""
    assert verdict("BIQ904", asking(redirect_uri)) == expected


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(attended(), "passed", id="right"),
        pytest.param(attended(ASKED, OTHER), "error", id="other"),
        pytest.param(attended(ASKED, ANSWERED.replace(STATE, "")), "error", id="missing"),
        pytest.param(attended(ASKED.replace(CHALLENGE, ""), OTHER), "error", id="unguarded"),
        pytest.param(attended(ASKED, OTHER, "exit: 1"), "passed", id="other-refused"),
        pytest.param(attended(ASKED + "&nonce=n-0S6", OTHER), "warning", id="guarded"),
        pytest.param(attended(ASKED.replace(STATE, ""), ANSWERED.replace(STATE, "")), "passed", id="pkce-alone"),
        pytest.param(
            attended(ASKED.replace(STATE, "").replace(CHALLENGE, ""), ANSWERED.replace(STATE, "")),
            "error",
            id="unbound",
        ),
        pytest.param(
            attended(ASKED, ANSWERED.replace("code=5C0E1F7A9B3D48E2", "error=access_denied")), "passed", id="no"
        ),
        pytest.param(story(FLOW, EXCHANGED), "inapplicable", id="nothing-asked"),
    ],
)
def test_905(example: str, expected: str) -> None:
    """A state that was sent is compared; without one something else must bind the answer to the request."""
    assert verdict("BIQ905", example) == expected


@pytest.mark.parametrize(
    ("issuer", "expected"),
    [("https://www.blastiq.com/identity", "passed"), ("https://impostor.example/identity", "info")],
)
def test_905_issuer(issuer: str, expected: str) -> None:
    """Another issuer in the answer is worth a word: a client of one server need not look."""
    given = f"{FLOW}, authority = https://www.blastiq.com/identity/"
    example = attended(ASKED, f"{ANSWERED}&iss={issuer}").replace(FLOW, given)
    assert verdict("BIQ905", example) == expected
    assert verdict("BIQ905", example.replace(given, FLOW)) == "passed"


def test_905_after_a_page() -> None:
    """The answer comes from where the browser returns to after the login page, and counts all the same."""
    back = ASKED.replace("/authorize?", "/authorize/callback?")
    login = "HTTP/1.1 302 Found\nLocation: /identity/account/login?ReturnUrl=x"
    example = story(FLOW, f"{ASKED}\n{login}", f"{back}\n{OTHER}", EXCHANGED)
    assert verdict("BIQ905", example) == "error"


@pytest.mark.parametrize("quote", ['"', "'"])
@pytest.mark.parametrize(("state", "expected"), [("af0ifjsldkj", "passed"), ("somebody-elses", "error")])
def test_905_in_a_form(state: str, expected: str, quote: str) -> None:
    """With response_mode=form_post, as MSAL asks for, the answer stands in a page; redacted, it is judged alike."""
    code = "0D5F3A6C81B24E97"
    page = (
        "HTTP/1.1 200 OK\nContent-Type: text/html\n\n<form action=http://127.0.0.1:49152/callback method=post>"
        f'<input type="hidden" name="code" value="{code}"><input type="hidden" name="state" value="{state}"></form>'
    ).replace('"', quote)
    evidence = read_example(attended(ASKED, page, EXCHANGED.replace("code=5C0E1F7A9B3D48E2", f"code={code}")))
    assert verdict("BIQ905", evidence) == verdict("BIQ905", redact(evidence)) == expected
    assert code not in write(redact(evidence))


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(exchanging(), "passed", id="right"),
        pytest.param(exchanging(("POST", "GET")), "error", id="get"),
        pytest.param(exchanging(("x-www-form-urlencoded", "x-other")), "error", id="media-type"),
        pytest.param(exchanging(("application/x-www-form-urlencoded", "text/plain")), "error", id="plain-text"),
        pytest.param(exchanging(("connect/token", "connect/token?code_verifier=x")), "error", id="query"),
        pytest.param(exchanging(("connect/token", "connect/token?client-request-id=x")), "passed", id="other-query"),
        pytest.param(exchanging((f"&redirect_uri={REDIRECT_URI}", "")), "error", id="no-address"),
        pytest.param(exchanging((f"{REDIRECT_URI}\n", f"{REDIRECT_URI}%2F\n")), "error", id="other-address"),
        pytest.param(exchanging((f"&code_verifier={VERIFIER}", "")), "error", id="no-verifier"),
        pytest.param(exchanging((VERIFIER, "x" * 43)), "error", id="other-verifier"),
        pytest.param(exchanging((VERIFIER, "short")), "error", id="short-verifier"),
        pytest.param(exchanging(("&client_id=external.customer", "")), "error", id="no-client"),
        pytest.param(exchanging(("=external.customer", "=other")), "error", id="other-client"),
        pytest.param(
            exchanging(("\n\ngrant", f"\n{BASIC}\n\ngrant"), ("&client_id=external.customer", "")), "error", id="basic"
        ),
        pytest.param(exchanging(("\n\ngrant", f"\n{SECRET}\n\ngrant")), "error", id="basic-secret"),
        pytest.param(exchanging(("&client_id", "&client_secret=s3cr3t&client_id")), "error", id="secret"),
        pytest.param(exchanging(("&client_id", "&client_secret=&client_id")), "error", id="empty-secret"),
        pytest.param(exchanging(("&client_id", "&client_assertion=x&client_id")), "error", id="assertion"),
        pytest.param(attended(ASKED, ANSWERED, EXCHANGED, EXCHANGED), "error", id="twice"),
        pytest.param(story(FLOW, EXCHANGED), "passed", id="request-unknown"),
        pytest.param(story(EXCHANGE), "inapplicable", id="unattended"),
    ],
)
def test_906(example: str, expected: str) -> None:
    """Each mistake of the exchange is found once; what is not known is not held against anybody."""
    assert verdict("BIQ906", example) == expected


def test_906_plain_verifiers_fit_plain_challenges() -> None:
    """The method is BIQ902's business."""
    plain = ASKED.replace("code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", f"code_challenge={VERIFIER}")
    assert verdict("BIQ906", attended(plain.replace("S256", "plain"))) == "passed"


def test_906_a_request_without_challenge_needs_no_verifier() -> None:
    """That there is none is BIQ902's business."""
    loose = attended(ASKED.replace(CHALLENGE, ""), ANSWERED, EXCHANGED.replace(f"&code_verifier={VERIFIER}", ""))
    assert verdict("BIQ906", loose) == "passed"


def test_906_basic_alone_is_tolerated_where_servers_forgive_it() -> None:
    """As BIQ206 does."""
    example = exchanging(("\n\ngrant", f"\n{BASIC}\n\ngrant"), ("&client_id=external.customer", ""))
    assert verdict("BIQ906", example, Profile.LENIENT) == "warning"


def test_906_names_the_parameter() -> None:
    """So that a report shows where to look."""
    (finding,) = result("BIQ906", exchanging((f"&code_verifier={VERIFIER}", ""))).findings
    assert (finding.parameter, finding.received) == ("code_verifier", "no code_verifier parameter")
