"""Rules 7xx beyond their examples: every place a secret may turn up, and what is not a secret."""

import base64
from dataclasses import replace

import pytest

from blastiq_conformance.catalogue.example_messages import (
    REFRESH_1,
    SIGN_IN,
    TOKEN_1,
    called,
    refreshed,
    signed_in,
    story,
)
from blastiq_conformance.evidence import Child, WrittenFile
from tests.judge.example import PASSWORD, USERNAME, read_example
from tests.judge.rules.verdicts import verdict

SIGNED_IN = (signed_in(), called())
BASIC = base64.b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()
FORM = "Content-Type: application/x-www-form-urlencoded"


def test_without_a_process_nothing_is_known() -> None:
    """A recording has no output: never green."""
    recording = replace(read_example(story(*SIGNED_IN)), child=None)
    assert verdict("BIQ701", recording) == "untested"
    assert {verdict(rule, recording) for rule in ("BIQ702", "BIQ703", "BIQ705", "BIQ706")} == {"inapplicable"}


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        pytest.param((), "inapplicable", id="none seen"),
        pytest.param(("argv: app --user " + USERNAME,), "passed", id="user name"),
        pytest.param((f"argv: app --password={PASSWORD}",), "warning", id="password"),
        pytest.param((f"argv: app {PASSWORD}", f"argv: app {PASSWORD} {TOKEN_1}"), "warning", id="once, however often"),
    ],
)
def test_no_secret_is_an_argument(argv: tuple[str, ...], expected: str) -> None:
    """BIQ703: of the child or of what it starts."""
    assert verdict("BIQ703", story(*SIGNED_IN, *argv)) == expected


def test_the_command_itself_is_searched() -> None:
    """BIQ703: where the vendor's only channel is argv, that is a warning once."""
    evidence = replace(
        read_example(story(*SIGNED_IN)), child=Child(argv=("app", PASSWORD), processes=(("app", PASSWORD),))
    )
    assert verdict("BIQ703", evidence) == "warning"


def request(target: str, *headers: str) -> str:
    return story(*SIGNED_IN, "\n".join((f"GET {target}", *headers, "", "", "HTTP/1.1 200 OK", "", "")))


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(request(f"/api?user={USERNAME}&client_id=external.customer"), "passed", id="no secret"),
        pytest.param(request("/api/3fa85f64-5717-4562-b3fc-2c963f66afa6"), "passed", id="long segment"),
        pytest.param(request("/api?password=x"), "error", id="by name"),
        pytest.param(
            request("/api/v3?password=tiger", f"Authorization: Bearer {TOKEN_1}"), "error", id="beside a token"
        ),
        pytest.param(request("/api?password="), "passed", id="empty"),
        pytest.param(request(f"/api?p={PASSWORD}"), "error", id="by value"),
        pytest.param(request(f"/api?password={PASSWORD}&Password={PASSWORD}"), "error", id="once"),
        pytest.param(request(f"/api/{REFRESH_1}"), "error", id="segment"),
        pytest.param(request("/api?q=" + base64.b64encode(PASSWORD.encode()).decode()), "error", id="base64"),
        pytest.param(request("http://u:p@127.0.0.1/api"), "error", id="user information"),
        pytest.param(request("/api", f"Referer: https://x.example/?t={TOKEN_1}"), "error", id="Referer"),
        pytest.param(request("/api", "Referer: https://x.example/"), "passed", id="harmless Referer"),
        pytest.param(request("/tiles?access_token=pk.7", "Host: maps.example"), "passed", id="another service's own"),
        pytest.param(request(f"/tiles?t={TOKEN_1}", "Host: maps.example"), "error", id="BlastIQ's, to another service"),
        pytest.param(
            story(SIGN_IN.replace("/token", f"/token?grant_type=password&password={PASSWORD}&client_secret=s")),
            "error error",
            id="token request",
        ),
    ],
)
def test_no_url_carries_a_secret(example: str, expected: str) -> None:
    """BIQ704: target and Referer, by name and by value, in every encoding."""
    assert verdict("BIQ704", example) == expected


@pytest.mark.parametrize(
    ("mode", "text", "expected"),
    [
        (0o600, REFRESH_1, "passed"),
        (0o640, REFRESH_1, "warning"),
        (0o644, REFRESH_1, "warning"),
        (0o644, "no secret", "passed"),
        (None, REFRESH_1, "inapplicable"),
    ],
)
def test_files_with_secrets_are_private(mode: int | None, text: str, expected: str) -> None:
    """BIQ705: 0600, or no secret in it; where the system has no such permissions, nothing is judged."""
    file = WrittenFile(path="cache.json", content=text.encode(), mode=mode)
    evidence = replace(read_example(story(*SIGNED_IN)), child=Child(files=(file,)))
    assert verdict("BIQ705", evidence) == expected


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        pytest.param(request("/api", f"User-Agent: app/1.0 ({PASSWORD})"), "error", id="User-Agent"),
        pytest.param(request("/v1/log", f"Authorization: Basic {BASIC}"), "error", id="Basic elsewhere"),
        pytest.param(request("/identity/.well-known/openid-configuration", f"X: {PASSWORD}"), "passed", id="BIQ108"),
        pytest.param(request(f"/api?password={PASSWORD}"), "passed", id="URL: BIQ704"),
        pytest.param(
            story(signed_in(), refreshed(REFRESH_1, "{}") + PASSWORD), "inapplicable", id="token requests alone"
        ),
        pytest.param(
            story("facts: password = short", *SIGNED_IN, f"POST /api\n{FORM}\n\np=short\nHTTP/1.1 200 OK\n\n"),
            "error",
            id="short, as a whole field",
        ),
        pytest.param(
            story("facts: password = short", *SIGNED_IN, f"POST /api\n{FORM}\n\nin=shorts\nHTTP/1.1 200 OK\n\n"),
            "passed",
            id="short, in a word",
        ),
    ],
)
def test_the_password_goes_to_the_token_endpoint_alone(example: str, expected: str) -> None:
    """BIQ708: not to the API, nor to any other host, in whatever part of the request."""
    assert verdict("BIQ708", example) == expected


def test_without_a_password_there_is_nothing_to_look_for() -> None:
    """BIQ708: an attended sign-in has none."""
    assert verdict("BIQ708", story("facts: password = unknown", called())) == "inapplicable"
