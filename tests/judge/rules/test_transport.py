"""Rules 0xx and BIQ105 beyond their examples: what looks wrong and is not, and what is wrong in other ways."""

from dataclasses import replace

import pytest

from blastiq_conformance.catalogue.example_messages import REFRESH_1, TOKEN_1, called, signed_in, story
from blastiq_conformance.rules.transport.tls import WRONG
from blastiq_conformance.scenarios import TlsFault, scenarios
from fake_idp.journal import Connection
from tests.judge.example import read_example
from tests.judge.rules.verdicts import result, verdict

WWW = "https://www.blastiq.com"
FORM = (
    "grant_type=password&username=svc.pit-42%40mine.example&password=k7Fq2vN9xW4mZ8tR1pLs&client_id=external.customer"
)
MEDIA = "Content-Type: application/x-www-form-urlencoded"


def sign_in(origin: str, status: str = "200 OK") -> str:
    return f"POST {origin}/identity/connect/token\n{MEDIA}\n\n{FORM}\nHTTP/1.1 {status}\n"


def told(slug: str, variant: str, *blocks: str) -> str:
    return "\n###\n".join((f"facts: scenario = {slug}, variant = {variant}", *blocks))


GET = f"GET {WWW}/identity/.well-known/openid-configuration\nHTTP/1.1 200 OK\n\n"
USERINFO = "GET http://idp.example/identity/connect/userinfo"
REVOKED = f"POST http://idp.example/identity/connect/revocation\n{MEDIA}"
API = f"GET {WWW}/api\nAuthorization: Bearer x\nHTTP/1.1 401 Unauthorized\n\n"
TOLD = "facts: typed = yes, authority = http://blastiq:8080/identity\n###\n"
REFUSED = "connection: www.blastiq.com TLS handshake failed: TLSV1_ALERT_UNKNOWN_CA"


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(sign_in(WWW), "passed", id="https"),
        pytest.param(sign_in("http://127.0.0.1:8080"), "inapplicable", id="loopback"),
        pytest.param(sign_in("http://[::1]:8080"), "inapplicable", id="loopback of six"),
        pytest.param(sign_in("http://a.localhost"), "inapplicable", id="below localhost"),
        pytest.param(signed_in(), "inapplicable", id="unknown host"),
        pytest.param(TOLD + sign_in("http://blastiq:8080"), "inapplicable", id="announced by serve"),
        pytest.param(TOLD + sign_in("http://idp.example"), "error", id="plain"),
        pytest.param(sign_in("http://{{host}}"), "inapplicable", id="a script leaves the host open"),
        pytest.param(sign_in("http://127.example"), "error", id="a name that only begins like loopback"),
        pytest.param(sign_in("http://localhost.example"), "error", id="another that does"),
        pytest.param(
            story(signed_in(), f"GET http://api.example/api\nAuthorization: Bearer {TOKEN_1}"), "error", id="token"
        ),
        pytest.param(story(signed_in(), "GET http://api.example/api"), "inapplicable", id="nothing in it"),
        pytest.param(story(signed_in(), f"{USERINFO}\nAuthorization: Bearer {TOKEN_1}"), "error", id="userinfo"),
        pytest.param(story(signed_in(), f"{REVOKED}\n\ntoken={REFRESH_1}"), "error", id="revocation"),
        pytest.param(story(signed_in(), f"{REVOKED}\n\ntoken=t1"), "inapplicable", id="revocation of nothing"),
        pytest.param(story(signed_in(), USERINFO), "inapplicable", id="userinfo without a token"),
    ],
)
def test_credentials_travel_over_tls(example: str, expected: str) -> None:
    """BIQ001: loopback and hosts that a recording does not name are not judged (D16)."""
    assert verdict("BIQ001", example) == expected


@pytest.mark.parametrize(
    ("rule", "example", "expected"),
    [
        pytest.param("BIQ002", told("tls-untrusted", "at-once", GET), "error", id="accepted"),
        pytest.param("BIQ002", told("tls-self-signed", "at-once", GET, API), "error", id="once is enough"),
        pytest.param("BIQ002", told("tls-untrusted", "at-once", REFUSED), "passed", id="refused"),
        pytest.param("BIQ002", told("tls-untrusted", "at-once"), "inapplicable", id="nothing came"),
        pytest.param("BIQ002", told("tls-good", "", GET), "inapplicable", id="the right certificate"),
        pytest.param("BIQ002", told("tls-untrusted", "token-endpoint", GET, REFUSED), "passed", id="right until then"),
        pytest.param("BIQ002", told("tls-untrusted", "token-endpoint", GET), "inapplicable", id="and then nothing"),
        pytest.param("BIQ002", told("tls-untrusted", "token-endpoint", REFUSED), "passed", id="refused before"),
        pytest.param("BIQ002", told("tls-untrusted", "token-endpoint", GET, sign_in(WWW)), "error", id="not checked"),
        pytest.param("BIQ002", told("tls-untrusted", "api", GET, sign_in(WWW), REFUSED), "passed", id="API refused"),
        pytest.param("BIQ002", told("tls-untrusted", "api", GET, sign_in(WWW), API), "error", id="API accepted"),
        pytest.param("BIQ003", told("tls-wrong-name", "at-once", GET), "error", id="name"),
        pytest.param("BIQ004", told("tls-future", "at-once", GET), "error", id="future"),
        pytest.param("BIQ005", told("tls-old", "at-once", GET, API), "warning", id="old"),
        pytest.param("BIQ002", told("tls-untrusted", "at-once", GET.replace("https", "http")), "passed", id="006's"),
        pytest.param("BIQ006", told("tls-untrusted", "at-once", GET), "passed", id="002's"),
        pytest.param("BIQ006", told("tls-expired", "at-once", GET.replace("https", "http")), "error", id="fallback"),
        pytest.param(
            "BIQ006", told("tls-expired", "at-once", REFUSED, "GET http://ocsp.example/"), "passed", id="other host"
        ),
    ],
)
def test_a_wrong_certificate_ends_the_connection(rule: str, example: str, expected: str) -> None:
    """BIQ002 to BIQ006: any request that comes over it shows that nothing was checked."""
    assert verdict(rule, example) == expected


def test_plain_http_may_run_into_the_port_that_speaks_tls() -> None:
    """Without a proxy the retry finds no server, and is seen all the same."""
    evidence = read_example(told("tls-untrusted", "at-once", REFUSED))
    spoken = Connection(
        number=2, received=b"GET /identity/.well-known/openid-configuration HTTP/1.1\r\nHost: x\r\n\r\n"
    )
    (finding,) = result("BIQ006", replace(evidence, connections=(*evidence.connections, spoken))).findings
    assert finding.severity == "error"
    assert finding.received == "GET /identity/.well-known/openid-configuration HTTP/1.1"


def test_the_rules_know_the_scenarios() -> None:
    """Slugs and variants stand in both places."""
    wrong = {
        slug
        for slug, row in scenarios().items()
        if any(variant.tls not in {TlsFault.NONE, TlsFault.OLD} for variant in row.variants)
    }
    assert wrong == WRONG.keys()
    names = {variant.name for slug in wrong for variant in scenarios()[slug].variants}
    assert names == {"at-once", "token-endpoint", "api"}


def redirected(location: str, *after: str, status: str = "307 Temporary Redirect", origin: str = WWW) -> str:
    first = f"{sign_in(origin, status)}Location: {location}\n\n"
    return story(first, *after, "exit: 1")


def replayed(url: str, body: str = FORM) -> str:
    return f"POST {url}\n{MEDIA}\n\n{body}\nHTTP/1.1 404 Not Found\n\n"


PLAIN = "http://127.0.0.1:8080"


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(redirected("https://b.example/x"), "passed", id="not followed"),
        pytest.param(redirected(f"{WWW}/identity/connect/token"), "passed", id="to itself, and not followed"),
        pytest.param(redirected("https://b.example/x", "GET https://b.example/x"), "passed", id="GET without anything"),
        pytest.param(redirected("https://b.example/x", replayed("https://b.example/x")), "warning", id="other origin"),
        pytest.param(redirected("http://www.blastiq.com/x", replayed("http://www.blastiq.com/x")), "error", id="http"),
        pytest.param(redirected("http://b.example/x", replayed("http://b.example/x")), "error", id="http elsewhere"),
        pytest.param(
            redirected("http://www.blastiq.com/x", "GET http://www.blastiq.com/x"), "passed", id="http, nothing in it"
        ),
        pytest.param(
            redirected("http://localhost:9/x", replayed("http://localhost:9/x"), origin=PLAIN),
            "warning",
            id="all of it is plain",
        ),
        pytest.param(
            redirected("https://b.example/x", replayed("https://b.example/x"), origin=PLAIN), "warning", id="into TLS"
        ),
        pytest.param(redirected(f"{WWW}/x", replayed(f"{WWW}/x")), "warning", id="same origin"),
        pytest.param(redirected("/x", replayed(f"{WWW}/x")), "warning", id="relative"),
        pytest.param(redirected(f"{WWW}:443/x", replayed(f"{WWW}/x")), "warning", id="spelled differently"),
        pytest.param(redirected("https://b.example/x", replayed("https://c.example/x")), "passed", id="elsewhere"),
        pytest.param(
            redirected("https://b.example/x", replayed("https://b.example/x", "a=b")), "passed", id="another form"
        ),
        pytest.param(redirected("https://[", replayed("https://b.example/x")), "inapplicable", id="no address"),
        pytest.param(story(sign_in(WWW, "307 Moved"), "exit: 1"), "inapplicable", id="no location"),
        pytest.param(sign_in(WWW), "inapplicable", id="no redirect"),
        pytest.param(
            redirected("https://b.example/x", "GET https://b.example/x?p=k7Fq2vN9xW4mZ8tR1pLs"),
            "warning",
            id="in the URL",
        ),
    ],
)
def test_credentials_do_not_follow_a_redirect(example: str, expected: str) -> None:
    """BIQ007: a warning wherever it leads, for no source forbids it; an error where TLS is left (D47)."""
    assert verdict("BIQ007", example) == expected


def api_redirected(location: str, *after: str) -> str:
    call = f"GET {WWW}/api\nAuthorization: Bearer {TOKEN_1}\nHTTP/1.1 302 Found\nLocation: {location}\n\n"
    return story(signed_in(), call, *after)


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(api_redirected("https://b.example/x", "GET https://b.example/x"), "passed", id="dropped"),
        pytest.param(api_redirected("https://b.example/x"), "passed", id="not followed"),
        pytest.param(
            api_redirected("https://b.example/x", f"GET https://b.example/x\nX-Token: {TOKEN_1}"), "error", id="header"
        ),
        pytest.param(
            api_redirected("https://b.example/x", f"GET https://b.example/x?t={TOKEN_1}"), "error", id="query"
        ),
        pytest.param(
            api_redirected("https://b.example/x", f"POST https://b.example/x\n{MEDIA}\n\naccess_token={TOKEN_1}"),
            "error",
            id="body",
        ),
        pytest.param(
            api_redirected(f"{WWW}/x", f"GET {WWW}/x\nAuthorization: Bearer {TOKEN_1}"),
            "inapplicable",
            id="same origin",
        ),
        pytest.param(
            api_redirected(f"{WWW}:8443/x", f"GET {WWW}:8443/x\nAuthorization: Bearer {TOKEN_1}"),
            "error",
            id="another port is another origin",
        ),
        pytest.param(story(signed_in(), called()), "inapplicable", id="no redirect"),
    ],
)
def test_the_token_does_not_leave_its_origin(example: str, expected: str) -> None:
    """BIQ008: the same origin may have it."""
    assert verdict("BIQ008", example) == expected


def discovered(endpoint: str, origin: str = WWW) -> str:
    members = f'{{"issuer": "{origin}/identity", "token_endpoint": "{endpoint}"}}'
    return f"GET {origin}/identity/.well-known/openid-configuration\nHTTP/1.1 200 OK\n\n{members}"


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(discovered("http://idp.example/t"), "passed", id="refused"),
        pytest.param(story(discovered("http://idp.example/t"), sign_in("http://idp.example")), "error", id="used"),
        pytest.param(story(discovered("http://idp.example/t"), sign_in(WWW)), "passed", id="made https"),
        pytest.param(story(sign_in("http://idp.example"), discovered("http://idp.example/t")), "passed", id="before"),
        pytest.param(discovered("http://127.0.0.1:8080/t"), "inapplicable", id="loopback"),
        pytest.param(discovered(f"{WWW}/t"), "inapplicable", id="https"),
        pytest.param(discovered("http://idp.example:http/t"), "inapplicable", id="no address"),
        pytest.param(
            discovered("http://idp.example/t", "http://idp.example"), "inapplicable", id="discovery was plain"
        ),
    ],
)
def test_a_plain_endpoint_is_refused(example: str, expected: str) -> None:
    """BIQ105: what came over TLS must not lead out of it."""
    assert verdict("BIQ105", example) == expected
