"""What a process writes, on its outputs and in logs: BIQ701, BIQ702 and BIQ706 beyond their examples."""

import base64
from dataclasses import replace

import pytest

from blastiq_conformance.catalogue.example_messages import REFRESH_1, REFUSED, TOKEN_1, called, died, signed_in, story
from blastiq_conformance.evidence import Child
from blastiq_conformance.scenarios import scenarios
from fake_idp.secrets.encodings import encodings
from tests.judge.example import PASSWORD, USERNAME, read_example
from tests.judge.rules.verdicts import result, verdict

SIGNED_IN = (signed_in(), called())
FAILED = (signed_in(REFUSED, "400 Bad Request"), "exit: 1")
VERBOSE = "facts: verbose = yes"
BASIC = base64.b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()

OUTPUTS = [
    pytest.param("nothing to tell", "passed", id="nothing"),
    pytest.param(f"signed in as {USERNAME} (external.customer)", "passed", id="user name and client id"),
    pytest.param(f"password={PASSWORD}", "error", id="password"),
    pytest.param(f"Authorization: Basic {BASIC}", "error", id="Basic"),
    pytest.param(f"refresh token {REFRESH_1}", "error", id="refresh token"),
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


@pytest.mark.parametrize(
    ("example", "owner"),
    [
        pytest.param(SIGNED_IN, "BIQ701", id="all went well"),
        pytest.param(FAILED, "BIQ706", id="refused"),
        pytest.param((VERBOSE, *FAILED), "BIQ702", id="verbose and refused"),
    ],
)
def test_a_log_is_output_too(example: tuple[str, ...], owner: str) -> None:
    """A log that only its owner can read is a log all the same, and is none of BIQ705's."""
    log = story(*example, f"file: 0600 ~/app.log one\\n2026-11-28 12:00:00 token {REFRESH_1} {PASSWORD}")
    found = {rule: result(rule, log).findings for rule in ("BIQ701", "BIQ702", "BIQ705", "BIQ706")}
    assert {rule for rule, findings in found.items() if findings} == {owner}
    where = "~/app.log, line 2: "
    assert any(finding.received.startswith(where) for finding in found[owner])
    readable = story(*SIGNED_IN, f"file: 0644 ~/app.log 2026-11-28 12:00:00 token {REFRESH_1}")
    assert (verdict("BIQ701", readable), verdict("BIQ705", readable)) == ("error", "inapplicable")


@pytest.mark.parametrize("mode", ["0600", "0644"])
def test_a_cache_is_no_log(mode: str) -> None:
    """BIQ701: a token cache holds a token by design; who may read it is BIQ705's question."""
    cache = story(*SIGNED_IN, f'file: {mode} ~/.cache/token.json {{"refresh_token": "{REFRESH_1}"}}')
    assert verdict("BIQ701", cache) == "passed"
    assert verdict("BIQ705", cache) == ("passed" if mode == "0600" else "warning")


def test_in_a_log_of_several_plays_our_own_secret_is_shown() -> None:
    """All tokens begin alike: the beginning of another's is not quoted where ours stands whole."""
    theirs = TOKEN_1[:-20] + "A" * 20
    log = story(*SIGNED_IN, f"file: 0600 app.log token {theirs}\\ntoken {TOKEN_1}")
    (finding,) = result("BIQ701", log).findings
    assert finding.received.startswith("app.log, line 2: ")


def test_a_run_that_met_an_error_proves_as_much() -> None:
    """An integration to which every play brings an error is not left untested, if none of them shows a secret."""
    assert verdict("BIQ701", story(*FAILED, "stderr: refused")) == "passed"
    assert verdict("BIQ706", story(*FAILED, "stderr: refused")) == "passed"
    # It did print a secret, and nobody says that it passed.
    assert verdict("BIQ701", story(*FAILED, f"stderr: {PASSWORD}")) == "untested"


@pytest.mark.parametrize(
    ("control", "written", "owner"),
    [
        pytest.param(f"stderr: {PASSWORD}", f"stderr: {PASSWORD}", "BIQ701", id="it always does"),
        pytest.param(f"stdout: {PASSWORD}", f"stderr: {PASSWORD}", "BIQ706", id="not there"),
        pytest.param(f"stderr: {TOKEN_1}", f"stderr: {PASSWORD}", "BIQ706", id="not this"),
        pytest.param("stderr: nothing", f"stderr: {PASSWORD}", "BIQ706", id="nothing"),
    ],
)
def test_an_error_brings_to_light_what_is_hidden_else(control: str, written: str, owner: str) -> None:
    """What is printed where nothing is odd as well, no error text is to blame for: one cause, one rule (D26, D36)."""
    quiet = read_example(story(*SIGNED_IN, control))
    evidence = replace(read_example(story(*FAILED, written)), control=quiet)
    assert {rule for rule in ("BIQ701", "BIQ706") if result(rule, evidence).findings} == {owner}


@pytest.mark.parametrize("logged", [TOKEN_1, PASSWORD], ids=["answers", "forms"])
def test_who_logs_answers_or_forms_logs_those_of_renewals(logged: str) -> None:
    """A refresh token beside an error is not the error's doing where others are always logged."""
    quiet = read_example(story(*SIGNED_IN, f"stderr: {logged}"))
    evidence = replace(read_example(story(*SIGNED_IN, f"stderr: {REFRESH_1}", "exit: 1")), control=quiet)
    assert (verdict("BIQ701", evidence), verdict("BIQ706", evidence)) == ("error", "passed")


def test_a_control_that_failed_itself_is_no_comparison() -> None:
    """Where nothing is odd and yet all fails, the error text is to blame there as here."""
    failed = read_example(story(*FAILED, f"stderr: {PASSWORD}"))
    assert verdict("BIQ706", replace(failed, control=failed)) == "error"
    assert verdict("BIQ701", replace(failed, control=failed)) == "untested"
    for half in (story(*SIGNED_IN, f"stderr: {PASSWORD}", "exit: 1"), story(signed_in(), f"stderr: {PASSWORD}")):
        assert verdict("BIQ706", replace(failed, control=read_example(half))) == "error"


def test_a_refusal_that_does_no_harm_is_no_error() -> None:
    """Userinfo answers 403 to a token without openid; what is printed where the work is done is BIQ701's."""
    asked = f"GET /identity/connect/userinfo\nAuthorization: Bearer {TOKEN_1}\n\nHTTP/1.1 403 Forbidden"
    undisturbed = read_example(story("facts: benign = yes", *SIGNED_IN, asked, f"stderr: {PASSWORD}"))
    assert undisturbed.troubled
    refused = replace(read_example(story(*FAILED, f"stderr: {PASSWORD}")), control=undisturbed)
    for evidence in (undisturbed, refused):
        assert [rule for rule in ("BIQ701", "BIQ706") if result(rule, evidence).findings] == ["BIQ701"]


@pytest.mark.parametrize(
    ("control", "owner"), [(f"stdout: token {TOKEN_1[:4]}…", "BIQ701"), ("stdout: nothing", "BIQ706")]
)
def test_a_masked_token_is_a_habit_whatever_it_looks_like(control: str, owner: str) -> None:
    """That a JWT is shown by its beginning tells nothing; that an opaque token is shown so is no error's doing."""
    opaque = "7ab5" * 16
    quiet = read_example(story(*SIGNED_IN, control))
    odd = read_example(story(signed_in().replace(TOKEN_1, opaque), died(), f"stdout: token {opaque[:4]}…", "exit: 1"))
    evidence = replace(odd, control=quiet)
    assert [rule for rule in ("BIQ701", "BIQ706") if result(rule, evidence).findings] == [owner]


@pytest.mark.parametrize("example", [SIGNED_IN, FAILED, (VERBOSE, *SIGNED_IN), (VERBOSE, *FAILED)])
def test_no_play_with_output_goes_unsearched(example: tuple[str, ...]) -> None:
    """Of a secret in it exactly one rule speaks, whatever became of the run, and every scenario judges by it."""
    leak = story(*example, f"stdout: {PASSWORD}")
    (owner,) = (rule for rule in ("BIQ701", "BIQ702", "BIQ706") if result(rule, leak).findings)
    rows = [row for row in scenarios().values() if (row.slug == "verbose") == (VERBOSE in example)]
    assert [row.slug for row in rows if owner in row.without] == []
