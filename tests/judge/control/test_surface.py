"""The control surface: it obeys the token, hides from all others, and leaves no trace in the journal."""

from collections.abc import Iterator

import httpx
import pytest

from tests.judge.control.controlled_fake import TOKEN, ControlledFake, controlled_fake


@pytest.fixture
def controlled() -> Iterator[ControlledFake]:
    """A fake with its control surface."""
    with controlled_fake() as made:
        yield made


def visible(answer: httpx.Response) -> tuple[int, bytes, set[tuple[str, str]]]:
    return answer.status_code, answer.content, {pair for pair in answer.headers.items() if pair[0] != "date"}


@pytest.mark.parametrize("token", [None, "", "the-control-toke", "the-control-token2", "\xe9"])
@pytest.mark.parametrize("path", ["expire", "scenario/sign-in", "fault", "journal", "verdict", "no-such"])
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
    [("scenario/no-such", "sign-in"), ("scenario/error-pages/x", "html-502"), ("scenario/sign-in/x", "leave it out")],
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


def test_journal_and_verdict_are_as_they_are_given(controlled: ControlledFake) -> None:
    """With their media types; HEAD gives the same without a body; nothing may keep them."""
    journal = controlled.tell("GET", "journal")
    assert (journal.text, journal.headers["content-type"]) == ("{}\n", "application/x-ndjson")
    verdict = controlled.tell("GET", "verdict")
    assert verdict.json() == {"verdict": "x"}
    assert verdict.headers["cache-control"] == "no-store"
    assert controlled.tell("HEAD", "verdict").content == b""
