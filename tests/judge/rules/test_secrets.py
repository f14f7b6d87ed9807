"""Rules 7xx beyond their examples: every place a secret may turn up, and what is no secret."""

import base64
from dataclasses import replace

import pytest

from blastiq_conformance.evidence import Child, WrittenFile
from blastiq_conformance.example import PASSWORD, USERNAME, read_example
from blastiq_conformance.example_messages import (
    HANDLE_1,
    REFUSED,
    SIGN_IN,
    TOKEN_1,
    called,
    died,
    refreshed,
    signed_in,
    story,
)
from fake_idp.redact import encodings
from tests.judge.rules.verdicts import result, verdict

SIGNED_IN = (signed_in(), called())
FAILED = (signed_in(REFUSED, "400 Bad Request"), "exit: 1")
VERBOSE = "facts: verbose = yes"
BASIC = base64.b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()
FORM = "Content-Type: application/x-www-form-urlencoded"

OUTPUTS = [
    pytest.param("nothing to tell", "passed", id="nothing"),
    pytest.param(f"signed in as {USERNAME} (external.customer)", "passed", id="user name and client id"),
    pytest.param(f"password={PASSWORD}", "error", id="password"),
    pytest.param(f"Authorization: Basic {BASIC}", "error", id="Basic"),
    pytest.param(f"refresh token {HANDLE_1}", "error", id="refresh token"),
    pytest.param(f"{PASSWORD} and {TOKEN_1}", "error error", id="two kinds"),
    pytest.param(f"{PASSWORD} and {PASSWORD}", "error", id="one kind twice"),
    pytest.param(PASSWORD[:12], "error", id="twelve characters"),
    pytest.param(PASSWORD[:11], "passed", id="eleven"),
    pytest.param(PASSWORD[:8] + "…", "warning", id="masked"),
    pytest.param(PASSWORD[:4] + "***", "warning", id="masked by stars"),
    pytest.param(PASSWORD[:3] + "***", "passed", id="three characters"),
    pytest.param(f"{PASSWORD} {PASSWORD[:4]}***", "error", id="masked beside the whole"),
    pytest.param(TOKEN_1[:8] + "...", "passed", id="every JWT begins so"),
]


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
@pytest.mark.parametrize(("text", "expected"), OUTPUTS)
def test_no_secret_is_logged(text: str, expected: str, stream: str) -> None:
    """BIQ701: password, tokens and Basic values, whole or from twelve characters on."""
    assert verdict("BIQ701", story(*SIGNED_IN, f"{stream}: {text}")) == expected


@pytest.mark.parametrize("form", sorted(encodings(PASSWORD + '"&é/')))
def test_no_encoding_hides_a_secret(form: str) -> None:
    """BIQ701: in every form of N7."""
    evidence = read_example(story(f"facts: password = {PASSWORD}", *SIGNED_IN))
    facts = replace(evidence.facts, password=PASSWORD + '"&é/')
    assert verdict("BIQ701", replace(evidence, facts=facts, child=Child(stdout=form.encode()))) == "error"


def test_a_finding_shows_the_line() -> None:
    """The line number and the beginning of the line help to find the statement that wrote it."""
    (finding,) = result("BIQ701", story(*SIGNED_IN, f"stdout: one\\ntwo: {PASSWORD}")).findings
    assert finding.received == f"stdout, line 2: two: {PASSWORD}"


@pytest.mark.parametrize(
    ("example", "owner"),
    [
        pytest.param(SIGNED_IN, "BIQ701", id="all went well"),
        pytest.param((*SIGNED_IN, "exit: stopped"), "BIQ701", id="a service"),
        pytest.param((*SIGNED_IN, "exit: 1"), "BIQ706", id="failed afterwards"),
        pytest.param((*SIGNED_IN, "exit: timeout"), "BIQ701", id="still up, its work done"),
        pytest.param((signed_in(), "exit: timeout"), "BIQ706", id="hung"),
        pytest.param(FAILED, "BIQ706", id="refused"),
        pytest.param((signed_in("{}"),), "BIQ706", id="no token"),
        pytest.param((signed_in(), died()), "BIQ706", id="401"),
        pytest.param((VERBOSE, *SIGNED_IN), "BIQ702", id="verbose"),
        pytest.param(("facts: scenario = verbose", *FAILED), "BIQ702", id="verbose and refused"),
    ],
)
def test_one_leak_breaks_one_rule(example: tuple[str, ...], owner: str) -> None:
    """BIQ701, 702 and 706 share what a process writes, by how the run went."""
    leak = story(*example, f"stderr: {PASSWORD}")
    failed = {rule for rule in ("BIQ701", "BIQ702", "BIQ706") if result(rule, leak).findings}
    assert failed == {owner}


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
        pytest.param(request("/api?password="), "passed", id="empty"),
        pytest.param(request(f"/api?p={PASSWORD}"), "error", id="by value"),
        pytest.param(request(f"/api?password={PASSWORD}&Password={PASSWORD}"), "error", id="once"),
        pytest.param(request(f"/api/{HANDLE_1}"), "error", id="segment"),
        pytest.param(request("/api?q=" + base64.b64encode(PASSWORD.encode()).decode()), "error", id="base64"),
        pytest.param(request("http://u:p@127.0.0.1/api"), "error", id="user information"),
        pytest.param(request("/api", f"Referer: https://x.example/?t={TOKEN_1}"), "error", id="Referer"),
        pytest.param(request("/api", "Referer: https://x.example/"), "passed", id="harmless Referer"),
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
        (0o600, HANDLE_1, "passed"),
        (0o640, HANDLE_1, "warning"),
        (0o644, HANDLE_1, "warning"),
        (0o644, "no secret", "passed"),
        (None, HANDLE_1, "inapplicable"),
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
            story(signed_in(), refreshed(HANDLE_1, "{}") + PASSWORD), "inapplicable", id="token requests alone"
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
