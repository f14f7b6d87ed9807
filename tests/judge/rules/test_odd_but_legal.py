"""What right clients do in odd but legal ways breaks no rule at all."""

from dataclasses import replace

import pytest

from blastiq_conformance.catalogue import Severity, catalogue
from blastiq_conformance.catalogue.example_messages import (
    DISCOVERED,
    REFRESH_1,
    REFRESH_2,
    REFRESH_3,
    REFUSED,
    SIGN_IN,
    TOKEN_1,
    TOKEN_2,
    TOKEN_3,
    answered,
    called,
    died,
    granted,
    refreshed,
    renewal,
    signed_in,
    story,
)
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.judge.engine import judge
from tests.judge.example import read_example
from tests.judge.rules.verdicts import verdict

WWW = "https://www.blastiq.com"
NOT_MODIFIED = "GET /identity/.well-known/openid-configuration\nIf-None-Match: a\nHTTP/1.1 304 Not Modified\n\n"
DOWN = signed_in("", "503 Service Unavailable")
DENIED = signed_in(REFUSED, "400 Bad Request")
MOVED = called(status="308 Permanent Redirect\nLocation: /api").replace("/api", "/api/", 1)


def accused(example: str | Evidence) -> set[str]:
    """The rules that find an error or a warning."""
    evidence = read_example(example) if isinstance(example, str) else example
    found = (finding for result in judge(evidence, catalogue().values()) for finding in result.findings)
    return {finding.rule for finding in found if finding.severity is not Severity.INFO}


def at(base: str, host: str, named: str = "", issuer: str = "") -> Evidence:
    """A whole run at this address; `named` and `issuer` are what discovery says."""
    named, issuer = named or f"{base}/identity/connect/token", issuer or f"{base}/identity"
    evidence = read_example(
        story(
            f"facts: authority = {base}/identity",
            f"GET /identity/.well-known/openid-configuration\nHost: {host}\nHTTP/1.1 200 OK\n\n"
            f'{{"issuer":"{issuer}","token_endpoint":"{named}"}}',
            signed_in().replace("\nContent-Type", f"\nHost: {host}\nContent-Type", 1),
            called().replace("\n", f"\nHost: {host}\n", 1),
        )
    )
    scheme = base.partition(":")[0]
    return replace(
        evidence,
        exchanges=tuple(replace(x, request=replace(x.request, scheme=scheme)) for x in evidence.exchanges),
    )


@pytest.mark.parametrize(
    "evidence",
    [
        pytest.param(at(WWW, "www.blastiq.com"), id="as usual"),
        pytest.param(at(WWW, "www.blastiq.com:443"), id="the usual port in Host"),
        pytest.param(at(WWW, "www.blastiq.com", f"{WWW}:443/identity/connect/token"), id="in the endpoint"),
        pytest.param(at(WWW, "www.blastiq.com", issuer=f"{WWW}:443/identity"), id="in the issuer"),
        pytest.param(at(WWW, "WWW.BlastIQ.com"), id="host in other case"),
        pytest.param(at(WWW, "www.blastiq.com."), id="a dot behind the host"),
        pytest.param(at("http://localhost:8080", "localhost.:8080"), id="behind localhost"),
        pytest.param(at("http://[::1]:8080", "[::1]:8080"), id="IPv6"),
        pytest.param(at("http://127.0.0.1", "127.0.0.1:80"), id="port 80"),
    ],
)
def test_a_host_has_several_spellings(evidence: Evidence) -> None:
    """The usual port may be named, letters may be capital, a full name may end in a dot."""
    assert accused(evidence) == set()


@pytest.mark.parametrize(
    ("issuer", "expected"),
    [
        (f"{WWW}/identity/", "passed"),
        (f"{WWW}/Identity", "passed"),
        (f"{WWW}:444/identity", "warning"),
        ("http://www.blastiq.com/identity", "warning"),
        (f"{WWW}/other", "warning"),
        (f"{WWW}/identity//", "warning"),
        (f"{WWW}/identity?a", "warning"),
        (f"{WWW}/identity#a", "warning"),
        ("https://user@www.blastiq.com/identity", "warning"),
        ("https://[www.blastiq.com/identity", "warning"),
        ("https://www.blastiq.com:port/identity", "warning"),
        ("blastiq", "warning"),
    ],
)
def test_an_issuer_is_compared_whole(issuer: str, expected: str) -> None:
    """BIQ104: a client that goes on with any other is told."""
    outcome = verdict("BIQ104", at(WWW, "www.blastiq.com", issuer=issuer))
    assert outcome == ("inapplicable" if expected == "passed" else expected)


def sent(start: str, *fields: str) -> str:
    return signed_in().replace("Content-Type: application/x-www-form-urlencoded", "\n".join((start, *fields)), 1)


FORM = "Content-Type: application/x-www-form-urlencoded"
LEGAL = {
    "charset, quoted": sent('content-TYPE: Application/X-WWW-Form-URLEncoded ; Charset="utf-8"'),
    "Accept of Java": sent(FORM, "Accept: text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"),
    "Accept with versions": sent(FORM, "Accept: application/json;version=1;q=0.9, */*;q=0.001"),
    "Expect, chunks, Upgrade": sent(FORM, "Expect: 100-continue", "Transfer-Encoding: chunked", "Upgrade: h2c"),
    "identity coding": sent(FORM, "Content-Encoding: Identity"),
    "letters as escapes": signed_in()
    .replace("grant_type=password", "grant%5ftype=p%61ssword")
    .replace("svc.pit-42", "%73vc%2epit%2D42"),
    "an empty field at the end": signed_in().replace("external.customer", "external.customer&&"),
}


@pytest.mark.parametrize("request_text", LEGAL.values(), ids=LEGAL)
def test_a_token_request_has_several_spellings(request_text: str) -> None:
    """Media types, headers and escapes may be written in more than one way."""
    assert accused(story(DISCOVERED, request_text, called())) == set()


def user(number: int, token: str, refresh_token: str = "") -> str:
    answer = granted(token, refresh_token).replace('"expires_in":3600,', "" if number > 50 else '"expires_in":3600,')
    text = SIGN_IN.replace("svc.pit-42", f"svc.pit-{number}").replace("tR1pLs", f"tR1p{number}")
    return f"{text}\n{answered(answer)}"


RECORDING = "facts: username = unknown, password = unknown"
DIED_AT_ONCE = "\n### -0.045\n".join([died()] * 3)
RUNS = {
    "discovery asked again, not modified": story(DISCOVERED, signed_in(), called(), NOT_MODIFIED, called()),
    "discovery kept from an earlier run": story(NOT_MODIFIED, signed_in(), called(), "exit: timeout"),
    "a query behind the discovery address": story(DISCOVERED.replace("n\n", "n?v=1\n", 1), signed_in(), called()),
    "discovery redirected": story(
        "GET /identity/.well-known/openid-configuration\nHTTP/1.1 307 Moved\nLocation: /Identity/\n\n",
        DISCOVERED,
        signed_in(),
        called(),
    ),
    "preflights and probes": story(
        "OPTIONS /identity/connect/token\nHTTP/1.1 204 No Content\n\n",
        "HEAD /identity/.well-known/openid-configuration\nHTTP/1.1 404 Not Found\n\n",
        DISCOVERED,
        signed_in(),
        "HEAD /api\nHTTP/1.1 401 Unauthorized\n\n",
        called(),
    ),
    "the scope repeated on refresh": story(
        DISCOVERED,
        signed_in(),
        died(),
        renewal(f"grant_type=refresh_token&refresh_token={REFRESH_1}&client_id=external.customer&scope=cosmos")
        + f"\n{answered(granted(TOKEN_2, REFRESH_2))}",
        called(TOKEN_2),
    ),
    "every night a new sign-in": "\n### +30000\n".join(
        [
            story(DISCOVERED, signed_in(), called()),
            story(died(), signed_in(granted(TOKEN_2, REFRESH_2)), called(TOKEN_2)),
            story(died(TOKEN_2), signed_in(granted(TOKEN_3, REFRESH_3)), called(TOKEN_3)),
        ]
    ),
    "three users": story(
        RECORDING,
        DISCOVERED,
        user(41, TOKEN_1),
        user(42, TOKEN_2),
        user(43, TOKEN_3),
        *(called(token) for token in (TOKEN_1, TOKEN_2, TOKEN_3) * 2),
    ),
    "three users, each without access to a site": story(
        RECORDING,
        "facts: skips = 403",
        DISCOVERED,
        *(
            block
            for number, token in ((41, TOKEN_1), (42, TOKEN_2), (43, TOKEN_3))
            for block in (user(number, token), called(token, "403 Forbidden"))
        ),
    ),
    "three callers refused at once": f"{DISCOVERED}\n### +1\n" + "\n### -0.045\n".join([DENIED] * 3) + "\n###\nexit: 1",
    "a redirect within the API": f"{story(DISCOVERED, signed_in())}\n###\n{MOVED}\n###\n{called()}",
    "an id_token goes back to its issuer": story(
        DISCOVERED,
        signed_in(granted().replace("{", f'{{"id_token":"{TOKEN_3}",', 1)),
        called(),
        f"GET /identity/connect/endsession?id_token_hint={TOKEN_3}\nHTTP/1.1 302 Found\n\n",
    ),
    "an endpoint whose query bears a name of OAuth": story(
        DISCOVERED, signed_in(), called(), died(), refreshed(REFRESH_1, granted(TOKEN_2, REFRESH_2)), called(TOKEN_2)
    ).replace("/connect/token", "/connect/token?client_id=tenant-7"),
    "two users, no lifetimes": story(
        RECORDING, DISCOVERED, user(51, TOKEN_1), user(52, TOKEN_2), called(TOKEN_1), called(TOKEN_2)
    ),
    "retries with jitter": story(DISCOVERED, f"{DOWN}\n### +0.9\n{DOWN}\n### +1.9\n{DOWN}\n### +0.8\n{signed_in()}"),
    "no data after an outage": story(
        DISCOVERED,
        signed_in(),
        called(status="503 Service Unavailable"),
        called(),
        called(status="404 Not Found"),
        "exit: 1",
    ),
}


@pytest.mark.parametrize("example", RUNS.values(), ids=RUNS)
def test_a_run_has_several_courses(example: str) -> None:
    """What was kept, asked again, tried again or done for several users is not a violation."""
    assert accused(example) == set()


def test_calls_that_were_under_way_are_no_loop() -> None:
    """BIQ607: three at once are refused together, and renewed once; a fourth try of the same is one."""
    at_once = f"{story(DISCOVERED, signed_in(), called())}\n### +1.5\n{DIED_AT_ONCE}\n### +1.5\n"
    good = at_once + story(signed_in(granted(TOKEN_2)), called(TOKEN_2), called(TOKEN_2))
    assert verdict("BIQ607", good) == "passed"
    assert verdict("BIQ607", at_once + story(*[died()] * 3)) == "passed"
    assert verdict("BIQ607", at_once + story(*[died()] * 4)) == "error"


def test_a_needless_token_is_one_of_the_same_user() -> None:
    """BIQ605: among several users too, and a refresh is its user's."""
    both = story(user(41, TOKEN_1, REFRESH_1), user(42, TOKEN_2, REFRESH_2))
    one = story(refreshed(REFRESH_1, granted("t3", "h3")), refreshed("h3", granted("t4", "h4")))
    two = story(refreshed(REFRESH_1, granted("t3", "h3")), refreshed(REFRESH_2, granted("t4", "h4")))
    calls = story(called(TOKEN_1), called(TOKEN_2))
    assert verdict("BIQ605", story(RECORDING, both, calls)) == "passed"
    assert verdict("BIQ605", story(RECORDING, both, calls, one)) == "warning"
    assert verdict("BIQ605", story(RECORDING, both, calls, two)) == "warning"
    assert verdict("BIQ605", story(RECORDING, both, calls, one.partition("\n### ")[0])) == "passed"
