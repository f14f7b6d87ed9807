"""The control surface: it obeys the token, hides from all others, and leaves no trace in the journal."""

import base64
import hashlib
import re
from collections.abc import Iterator

import httpx
import pytest

from blastiq_conformance.control.surface import HEADER
from tests.judge.control.controlled_fake import TOKEN, ControlledFake, controlled_fake


@pytest.fixture
def controlled() -> Iterator[ControlledFake]:
    """A fake with its control surface."""
    with controlled_fake() as made:
        yield made


def visible(answer: httpx.Response) -> tuple[int, bytes, set[tuple[str, str]]]:
    return answer.status_code, answer.content, {pair for pair in answer.headers.items() if pair[0] != "date"}


@pytest.mark.parametrize("token", [None, "", "the-control-toke", "the-control-token2", "\xe9"])
@pytest.mark.parametrize(
    "path", ["expire", "scenario/sign-in", "fault", "journal", "verdict", "report", "events", "no-such"]
)
def test_without_the_token_it_is_not_there(controlled: ControlledFake, token: str | None, path: str) -> None:
    """An answer like that for any unknown address, whatever the method; the fake is not touched."""
    alive = controlled.token()
    unknown = controlled.http.get(f"{controlled.listener.origin}/no/such/address")
    for method in ("GET", "POST", "DELETE"):
        headers = {} if token is None else {b"X-BlastIQ-Control": token.encode("latin-1")}
        url = f"{controlled.listener.origin}/__blastiq__/{path}"
        assert visible(controlled.http.request(method, url, headers=headers)) == visible(unknown)
    assert controlled.call(alive) == 200


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.8.0.1:5000", "localhost", "LOCALHOST:1", "a.localhost", "[::1]:5000"),
        *("BlastIQ:5000", "192.0.2.7:80", "[2001:db8::7]:80"),
    ],
)
def test_it_is_called_by_loopback_and_by_allowed_names(controlled: ControlledFake, host: str) -> None:
    """In any case, with a port or without."""
    assert controlled.tell("GET", "journal", host=host).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80", "192.0.2.8"])
def test_by_any_other_name_it_does_nothing(controlled: ControlledFake, host: str) -> None:
    """A page whose own name leads here is refused, even if it had the token; what to do is said."""
    alive = controlled.token()
    answer = controlled.tell("POST", "expire", host=host)
    assert answer.status_code == 403
    assert "--allow-host" in answer.json()["error"]
    assert controlled.call(alive) == 200


def test_a_host_that_cannot_be_read_is_none(controlled: ControlledFake) -> None:
    """No brackets that do not close, no empty one."""
    for host in ("[::1", "", "[x]"):
        assert controlled.tell("GET", "journal", host=host).status_code == 403


def test_nothing_of_it_is_journaled(controlled: ControlledFake) -> None:
    """With the token or without, whether it is obeyed or refused."""
    for token in (TOKEN, None):
        for method, path in (("POST", "expire"), ("GET", "expire"), ("GET", "journal"), ("POST", "scenario/x")):
            controlled.tell(method, path, token=token)
    assert controlled.idp.journal.entries == ()


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "scenario/sign-in", "POST"),
        ("DELETE", "expire", "POST"),
        ("GET", "fault", "POST, DELETE"),
        ("POST", "journal", "GET"),
        ("PUT", "verdict", "GET"),
    ],
)
def test_a_wrong_method_is_405_and_says_which_is_right(
    controlled: ControlledFake, method: str, path: str, allowed: str
) -> None:
    """In the header and in words."""
    answer = controlled.tell(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == allowed
    assert f"takes {allowed.replace(', ', ' and ')}" in answer.json()["error"]


@pytest.mark.parametrize("path", ["", "no-such", "expire/now", "scenario", "scenario/a/b/c"])
def test_an_unknown_address_lists_those_that_there_are(controlled: ControlledFake, path: str) -> None:
    """For whoever has the token."""
    answer = controlled.tell("POST", path)
    assert answer.status_code == 404
    assert "/__blastiq__/scenario/NAME[/VARIANT]" in answer.json()["error"]


def test_a_scenario_is_played(controlled: ControlledFake) -> None:
    """The answer tells what is done, the variants, and what this way cannot do."""
    answer = controlled.tell("POST", "scenario/wrong-password")
    assert answer.status_code == 200
    assert answer.json() == {
        "scenario": "wrong-password",
        "variant": "",
        "variants": [],
        "done": "Every password is wrong: invalid_grant.",
    }
    assert controlled.sign_in().json()["error"] == "invalid_grant"
    broken = controlled.tell("POST", "scenario/discovery-broken/server%2Derror").json()
    assert broken["variant"] == "server-error"
    assert "html" in broken["variants"]
    assert controlled.discover().status_code == 500
    assert "credentials" in controlled.tell("POST", "scenario/special-characters/").json()["only_with_blastiq_run"]
    assert controlled.sign_in().status_code == 200


@pytest.mark.parametrize(
    ("path", "listed"),
    [
        ("scenario/no-such", "sign-in"),
        ("scenario/error-pages/x", "html-502"),
        ("scenario/sign-in/x", "leave it out"),
    ],
)
def test_an_unknown_scenario_is_404_and_lists_them(controlled: ControlledFake, path: str, listed: str) -> None:
    """So with a variant."""
    answer = controlled.tell("POST", path)
    assert answer.status_code == 404
    assert listed in answer.json()["error"]


def test_tokens_die(controlled: ControlledFake) -> None:
    """Those that were issued so far; the next one lives."""
    token = controlled.token()
    assert controlled.call(token) == 200
    assert controlled.tell("POST", "expire").status_code == 200
    assert controlled.call(token) == 401
    assert controlled.call(controlled.token()) == 200


def test_faults_come_and_go(controlled: ControlledFake) -> None:
    """By JSON, counted from when they were said; DELETE ends them all."""
    answer = controlled.tell("POST", "fault", content='{"endpoint": "token", "status": 503, "calls": [1]}')
    assert answer.status_code == 200
    assert [controlled.sign_in().status_code for _ in range(2)] == [503, 200]
    controlled.tell("POST", "fault", content='{"endpoint": "token", "members": {"expires_in": 0}}')
    assert controlled.sign_in().json()["expires_in"] == 0
    assert controlled.tell("DELETE", "fault").status_code == 200
    assert controlled.sign_in().json()["expires_in"] == 3600


def test_a_bad_fault_is_400_and_changes_nothing(controlled: ControlledFake) -> None:
    """The text says what is wrong."""
    answer = controlled.tell("POST", "fault", content='{"endpoint": "tokens", "status": 503}')
    assert answer.status_code == 400
    assert "expected one of" in answer.json()["error"]
    assert controlled.sign_in().status_code == 200


def test_no_page_of_another_origin_gets_anything(controlled: ControlledFake) -> None:
    """Whatever name it calls and whatever it knows; the page itself may, behind a TLS proxy as well."""
    origin = controlled.listener.origin
    for foreign in ("http://evil.example", "null", "http://127.0.0.1:1", ""):
        for path in ("journal", "events"):
            answer = controlled.http.get(f"{origin}/__blastiq__/{path}", headers={HEADER: TOKEN, "Origin": foreign})
            assert (answer.status_code, answer.content) == (404, b"")
        assert controlled.http.get(f"{origin}/", headers={"Origin": foreign}).status_code == 404
    for own in (origin, origin.replace("http:", "https:")):
        assert controlled.http.get(f"{origin}/__blastiq__/journal", headers={HEADER: TOKEN, "Origin": own}).is_success


def test_the_page_is_there_for_its_own_names_alone(controlled: ControlledFake) -> None:
    """It needs no token and holds none; by any other name, and to any other method, there is nothing."""
    origin = controlled.listener.origin
    for path in ("/", "/favicon.ico"):
        hosts = ("127.0.0.1:5000", "blastiq", "evil.example", "www.blastiq.com", "")
        answers = [controlled.http.get(origin + path, headers={"Host": host}) for host in hosts]
        assert [answer.status_code for answer in answers] == [200, 200, 404, 404, 404]
        assert TOKEN not in answers[0].text
        assert answers[2].content == b""
    assert len(controlled.idp.journal) == 0
    assert controlled.http.post(f"{origin}/", data={"grant_type": "password"}).status_code == 404
    assert len(controlled.idp.journal) == 1


def test_the_page_may_run_nothing_but_its_own_script(controlled: ControlledFake) -> None:
    """Its policy names style and script by their digests, and lets it call nobody but the fake."""
    answer = controlled.http.get(f"{controlled.listener.origin}/")
    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    for name in ("style", "script"):
        (text,) = re.findall(rf"<{name}>(.*?)</{name}>", answer.text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert policy.pop(f"{name}-src") == f"'sha256-{digest}'"
    assert policy.pop("require-trusted-types-for") == "'script'"
    assert (policy.pop("connect-src"), policy.pop("img-src")) == ("'self'", "'self'")
    assert set(policy.values()) == {"'none'"}
    assert not re.findall(r"(?:src|href)=.?(?:https?:|//)|\bon[a-z]+=|style=", answer.text)


def test_health_answers_by_any_name_and_counts_as_no_call(controlled: ControlledFake) -> None:
    """Without token, for whatever supervises a container; what the fake is told to do to others does not touch it."""
    controlled.tell("POST", "scenario/wrong-password")
    for method, host in (("GET", "10.1.2.3"), ("HEAD", "fake.internal:80"), ("GET", "")):
        url = f"{controlled.listener.origin}/__blastiq__/health"
        assert controlled.http.request(method, url, headers={"Host": host}).status_code == 200
    assert controlled.http.post(f"{controlled.listener.origin}/__blastiq__/health").status_code == 404
    assert len(controlled.idp.journal) == 0


def test_events_come_as_long_as_they_are_read(controlled: ControlledFake) -> None:
    """As server-sent events; the connection of a reader that leaves is left, and the fake closes in spite of others."""
    for _ in range(2):
        headers = {HEADER: TOKEN}
        with controlled.http.stream(
            "GET", f"{controlled.listener.origin}/__blastiq__/events", headers=headers
        ) as answer:
            assert answer.headers["content-type"] == "text/event-stream"
            lines = (line for line in answer.iter_lines() if line)
            assert [next(lines) for _ in range(2)] == ["data: {}", "data: {}"]
    assert controlled.tell("HEAD", "events").status_code == 200


def test_journal_and_verdict_are_as_they_are_given(controlled: ControlledFake) -> None:
    """With their media types; HEAD gives the same without a body; nothing may keep them."""
    journal = controlled.tell("GET", "journal")
    assert (journal.text, journal.headers["content-type"]) == ("{}\n", "application/x-ndjson")
    verdict = controlled.tell("GET", "verdict")
    assert verdict.json() == {"form": "json"}
    assert controlled.tell("GET", "report").json() == {"form": "html"}
    assert verdict.headers["cache-control"] == "no-store"
    assert controlled.tell("HEAD", "verdict").content == b""
