"""`blastiq serve`: a fake that stays up and judges as it goes."""

import gzip
import json
import re
import shlex
import signal
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import unquote_to_bytes

import httpx
import pytest

from blastiq_conformance.cli.serve import _end
from fake_idp.content_coding import inflate
from fake_idp.journal.jsonl import from_jsonl
from tests.judge.cli.serving import control, ended, serving, sign_in
from tests.judge.cli.shell import called as blastiq
from tests.measuring import MEASURED

pytestmark = pytest.mark.slow


def test_each_request_is_judged_as_it_arrives(tmp_path: Path) -> None:
    """A line per request, its findings under it, a verdict at the end; no password in any of it but the given one's."""
    with serving(tmp_path) as (process, told):
        assert sign_in(told, audience="x").status_code == 200
        code, stdout, _ = ended(process)
    live, _, rest = stdout.partition("Ctrl-C ends it.")[2].partition("no audience")
    assert "GET /identity/.well-known/openid-configuration -> 200   discovery" in live
    assert "POST /identity/connect/token -> 200   sign-in with grant_type, username, password" in live
    assert "FAIL  BIQ211" in live
    assert told["password"] not in live + rest
    assert "VIOLATES" in rest
    assert code == 1
    assert not (tmp_path / "ready.json").exists()


def test_a_good_sign_in_ends_with_0_and_nothing_with_4(tmp_path: Path) -> None:
    """The verdict is on what was seen, whichever signal asks for it; the ready file goes, for it holds a password."""
    journal = tmp_path / "journal.jsonl"
    with serving(tmp_path, "--journal", str(journal)) as (process, told):
        token = sign_in(told).json()["access_token"]
        assert httpx.get(told["api_url"], headers={"Authorization": f"Bearer {token}"}).status_code == 200
        assert ended(process)[0] == 0
    # What the kit gave out is the same in the facts and in the traffic.
    assert blastiq("check", str(journal)).returncode == 0
    with serving(tmp_path) as (process, _):
        assert ended(process, signal.SIGHUP)[0] == 4
        assert not (tmp_path / "ready.json").exists()


def test_the_journal_of_a_given_user_holds_no_password_and_can_be_judged(tmp_path: Path) -> None:
    """What the kit did not issue becomes a placeholder on disk; `check` reads the file and finds the same."""
    journal, users = tmp_path / "journal.jsonl", tmp_path / "users"
    users.write_text("svc@mine.example:Zx9-real-password\n")
    with serving(tmp_path, "--user-file", str(users), "--journal", str(journal)) as (
        process,
        told,
    ):
        assert sign_in(told, client_secret="").status_code == 200
        _, stdout, _ = ended(process)
    assert "Zx9-real-password" not in journal.read_text() + stdout
    done = blastiq("check", str(journal))
    assert "BIQ210" in done.stdout
    assert done.returncode == 1


def test_a_scenario_and_the_reject_mode_bend_the_fake(tmp_path: Path) -> None:
    """wrong-password refuses everybody; reject refuses what the article forbids."""
    with serving(tmp_path, "--scenario", "wrong-password") as (_, told):
        assert sign_in(told).json()["error"] == "invalid_grant"
    with serving(tmp_path, "--mode", "reject", "--flavour", "duende") as (_, told):
        refused = sign_in(told, audience="x")
    assert refused.status_code == 400
    assert "audience" in refused.json()["error_description"]


def test_usage_errors_are_2(tmp_path: Path) -> None:
    """A port in use, a user without password, a scenario or a folder that does not exist."""
    with serving(tmp_path) as (_, told):
        port = told["authority"].rpartition(":")[2].partition("/")[0]
        assert "cannot listen on 127.0.0.1" in blastiq("serve", "--port", port).stderr
    for args, said in (
        (("--user", "nobody"), "expected NAME:PASSWORD"),
        (("--user-file", str(tmp_path / "none")), "none cannot be read: No such file"),
        (("--host", "no-such.invalid"), "--host must be an address of this machine"),
        (("--client-id", ""), "expected 1 to 100 characters"),
        (("--allow-host", "http://fake:80"), "expected a host name or an address alone"),
        (("--scenario", "no-such"), "there is no scenario 'no-such'"),
        (("--journal", str(tmp_path / "no" / "x")), "cannot be written"),
        (("--ready-file", str(tmp_path / "no" / "x")), "cannot be written"),
    ):
        done = blastiq("serve", *args)
        assert done.returncode == 2
        assert said in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="sets a limit of the system")
def test_too_few_descriptors_are_no_fault_of_the_kit() -> None:
    """What is missing is said in a line, and what to do."""
    command = f"ulimit -n 6; exec {shlex.quote(sys.executable)} -m blastiq_conformance serve"
    done = subprocess.run(["sh", "-c", command], check=False, capture_output=True, text=True, timeout=30)
    assert done.returncode == 2
    assert "Too many open files: close programs" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_journal_holds_no_form_of_a_given_password(tmp_path: Path) -> None:
    """A body in Latin-1, which the file keeps as base64, and one under gzip: no password in it, decoded or not."""
    journal, password = tmp_path / "journal.jsonl", "Zx9-Grüße-real"
    with serving(tmp_path, "--user", f"svc@mine.example:{password}", "--journal", str(journal)) as (process, told):
        url = told["authority"] + "/connect/token"
        body = f"grant_type=password&username=svc@mine.example&password={password}&note=é"
        for sent in (body.encode("latin-1"), body.encode() + b"\xe9", gzip.compress(body.encode())):
            httpx.post(url, content=sent, headers={"Content-Type": "application/x-www-form-urlencoded"})
        over_http = control(told, "GET", "journal").text
        ended(process)
    assert over_http == journal.read_text()
    exchanges = from_jsonl(over_http).exchanges
    assert len(exchanges) == 3
    bodies = [unquote_to_bytes(inflate(exchange.request.body)) for exchange in exchanges]
    for text in (over_http, *(body.decode("latin-1") for body in bodies)):
        assert "real" not in text
    assert all(re.search(rb"&password=[A-Z]\d\d\d[A-Z]", body) for body in bodies)
    assert blastiq("check", str(journal)).returncode in {1, 4}


def test_it_can_be_told_what_to_do(tmp_path: Path) -> None:
    """By the token of the ready file; the verdict so far judges each scenario by its rules."""
    with serving(tmp_path, "--allow-host", "Container-1", **MEASURED) as (process, told):
        assert [control(told, "GET", "journal", host=host).status_code for host in ("container-1", "x")] == [200, 403]
        token = sign_in(told).json()["access_token"]
        assert control(told, "POST", "expire").status_code == 200
        assert httpx.get(told["api_url"], headers={"Authorization": f"Bearer {token}"}).status_code == 401
        assert control(told, "POST", "fault", '{"endpoint": "token", "status": 503, "calls": 1}').status_code == 200
        assert sign_in(told, client_secret="").status_code == 503
        assert control(told, "POST", "scenario/wrong-password").status_code == 200
        assert sign_in(told).json()["error"] == "invalid_grant"
        report = control(told, "GET", "verdict").json()
        code, stdout, _ = ended(process)
    assert report["verdict"] == "violates"
    failed = {result["rule"]: result["findings"] for result in report["results"] if result["outcome"] == "failed"}
    assert [finding["scenario"] for finding in failed["BIQ210"]] == [""]
    assert told["page"] == f"{told['authority'].removesuffix('/identity')}/#{told['control_token']}"
    # What is not a terminal may be a log that others read.
    assert told["control_token"] not in stdout
    assert "__blastiq__" not in stdout
    assert told["password"] not in json.dumps(report)
    assert code == 1


def test_the_control_token_differs_from_run_to_run(tmp_path: Path) -> None:
    """It is random, and stands in the help as a placeholder only."""
    tokens = set()
    for _ in range(2):
        with serving(tmp_path) as (_process, told):
            tokens.add(told["control_token"])
            assert control(told | {"control_token": "x"}, "POST", "expire").status_code == 404
    assert len(tokens) == 2
    assert 'curl -X POST   -H "X-BlastIQ-Control: $TOKEN"' in blastiq("serve", "--help").stdout


def test_a_scenario_that_must_know_the_place_bends_the_fake_from_the_start(tmp_path: Path) -> None:
    """The first variant is played before the ready file is there."""
    with serving(tmp_path, "--scenario", "issuer-mismatch") as (_, told):
        document = httpx.get(told["authority"] + "/.well-known/openid-configuration").json()
    assert document["issuer"] != told["authority"]


@pytest.mark.parametrize("user", ["e:e", "client:token", "svc@mine.example:pass"])
def test_a_journal_of_a_user_whose_password_is_a_word_is_judged_as_live(tmp_path: Path, user: str) -> None:
    """`check` reads it and comes to the verdict that `serve` came to."""
    journal = tmp_path / "j.jsonl"
    with serving(tmp_path, "--user", user, "--journal", str(journal)) as (process, told):
        for more in ({}, {"audience": "x"}, {"password": "another"}):
            token = sign_in(told, **more).json().get("access_token")
            httpx.get(told["api_url"], headers={"Authorization": f"Bearer {token}"})
        code, stdout, _ = ended(process)
    checked = blastiq("check", str(journal))
    assert (checked.returncode, _rules(checked.stdout)) == (code, _rules(stdout))


def _rules(text: str) -> list[str]:
    return sorted(set(re.findall(r"(?:FAIL|WARN) +BIQ\d+", text)))


def test_a_second_signal_ends_it_whatever_it_is_doing() -> None:
    """The first asks for the verdict; from then on signals do what they do to any program."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    ended = threading.Event()
    try:
        _end(ended)
        assert ended.is_set()
        assert {signal.getsignal(number) for number in before} == {signal.SIG_DFL}
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_it_keeps_the_last_requests_whole_and_says_so(tmp_path: Path) -> None:
    """What was found in those that are gone stands in the verdict; a journal in a file has them all."""
    journal = tmp_path / "journal.jsonl"
    with serving(tmp_path, "--keep", "5", "--journal", str(journal), **MEASURED) as (process, told):
        sign_in(told, audience="x")
        for _ in range(12):
            sign_in(told)
        code, stdout, _ = ended(process)
    gone = re.search(r"The oldest (\d+) requests are not kept", stdout)
    assert gone is not None
    assert 10 < int(gone[1]) <= 21
    assert "FAIL  BIQ211 audience-sent" in stdout
    assert code == 1
    assert len(from_jsonl(journal.read_text()).exchanges) == 26
