"""The kit's own good integration: clean in every scenario, and careful where the fake does not lead it."""

import math
import subprocess
import sys
from contextlib import nullcontext

import pytest

from blastiq_conformance.catalogue import catalogue
from blastiq_conformance.config import Declaration
from blastiq_conformance.control.controller import Controller
from blastiq_conformance.programs import demo
from blastiq_conformance.report import assemble
from blastiq_conformance.report.verdict import Verdict, headlines
from blastiq_conformance.runner import Target, run
from blastiq_conformance.scenarios import scenarios
from blastiq_conformance.trial import judge_runs
from fake_idp.core import FakeIdp
from fake_idp.http.server import Server
from fake_idp.server_config import ServerConfig, ServiceUser

SETTINGS = {
    "BLASTIQ_AUTHORITY": "https://idp.example/identity",
    "BLASTIQ_API_URL": "https://idp.example/api",
    "BLASTIQ_CLIENT_ID": "external.customer",
    "BLASTIQ_USERNAME": "someone",
    "BLASTIQ_PASSWORD": "something",
}
PLAYED = [row for row in scenarios().values() if row.needs is None and not row.slow]
WORKED = ("sign-in", "token-dies", "refresh-rotated", "refresh-kept", "no-refresh-token")


@pytest.mark.slow
@pytest.mark.timeout(300)  # all scenarios are played, and on a busy machine that takes minutes
@pytest.mark.unmeasured
def test_the_demo_conforms_and_does_its_job() -> None:
    """No rule finds anything in any variant of a scenario, and where nothing stands in its way each call succeeds.

    One test: it plays for long, and workers of pytest-xdist would each play again for a share of the scenarios.
    """
    target = Target(command=(sys.executable, "-m", "blastiq_conformance.programs.demo"), verbose=())
    runs = run(target, PLAYED, jobs=2)
    judged = judge_runs(Declaration(target=target), runs)
    found = [(each.scenario, f.rule, f.message) for each in judged for result in each.results for f in result.findings]
    assert found == []
    assert {each.scenario for each in judged if each.results} == {row.slug for row in PLAYED}
    report = assemble(judged, rules=catalogue())
    assert report.verdict is Verdict.CONFORMS
    assert [line["outcome"] for line in headlines(report.results)] == ["passed"] * 3
    worked = [
        evidence for scenario_run in runs if scenario_run.scenario.slug in WORKED for evidence in scenario_run.evidences
    ]
    assert {evidence.facts.scenario for evidence in worked} == set(WORKED)
    for evidence in worked:
        assert evidence.child is not None
        assert evidence.child.exit_status == 0
        assert sum(call.status == 200 for call in evidence.api_calls) == evidence.facts.api_calls


@pytest.mark.parametrize(
    ("slug", "ending"),
    [
        ("sign-in", ""),
        ("token-dies", ""),
        ("refresh-rotated", ""),
        ("refresh-refused", ""),
        ("wrong-password", "the sign-in was refused: invalid_grant"),
        ("discovery-broken", "discovery answered|no JSON object"),
        ("issuer-mismatch", "names another issuer"),
        ("no-token", "holds no access token"),
        ("token-type/mac", "of a type that this client does not understand"),
        ("unavailable", "the server answered 503"),
        ("throttled", ""),
        ("connection-lost", "the connection failed"),
        ("truncated", "the connection failed"),
        ("api-forbidden", "the API answered 403"),
    ],
)
def test_it_goes_on_or_fails_in_words(slug: str, ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever stops it is named; called in this process, which is measured."""
    monkeypatch.setattr("blastiq_conformance.programs.demo.time.sleep", lambda _: None)
    user = ServiceUser(username=SETTINGS["BLASTIQ_USERNAME"], password=SETTINGS["BLASTIQ_PASSWORD"])
    controller = Controller(FakeIdp(ServerConfig(users=(user,))))
    with Server() as server:
        listener = controller.open(server)
        controller.start(*slug.split("/"))
        told = {"BLASTIQ_AUTHORITY": listener.authority, "BLASTIQ_API_URL": listener.api_url, "BLASTIQ_API_CALLS": "3"}
        with pytest.raises(demo.SignInError, match=ending) if ending else nullcontext():
            demo.work(SETTINGS | told)
        controller.close()


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_a_missing_setting_is_named(name: str) -> None:
    """Nothing is sent where a setting is missing or empty: BIQ308."""
    with pytest.raises(demo.SignInError, match=name):
        demo.work({**SETTINGS, name: ""})


def test_plain_http_is_refused() -> None:
    """Credentials leave over TLS alone, but for loopback: RFC 6749 10.9."""
    with pytest.raises(demo.SignInError, match="https"):
        demo.work({**SETTINGS, "BLASTIQ_AUTHORITY": "http://idp.example/identity"})


def test_it_fails_in_words() -> None:
    """Without settings it exits with 1 and a line, not with a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "blastiq_conformance.programs.demo"], env={}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("failed: not set: BLASTIQ_AUTHORITY")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, math.inf),
        ("", math.inf),
        ("soon", math.inf),
        ([], math.inf),
        (math.nan, 0.0),
        (3600, 3570.0),
        ("3600", 3570.0),
        (3600.0, 3570.0),
        (0, 0.0),
        (-1, 0.0),
        (10**12, 10**12 - 30.0),
    ],
)
def test_any_expires_in_is_understood(value: object, seconds: float) -> None:
    """Missing or unreadable: used until the API refuses the token; zero and less: renewed before the next call."""
    assert demo._lifetime(value) == seconds


@pytest.mark.parametrize(
    ("value", "seconds"), [(None, 0.0), ("2", 2.0), ("soon", 0.0), ("", 0.0), ("Thu, 01 Jan 1970 00:01:40 GMT", 90)]
)
def test_retry_after_is_seconds_or_a_date(monkeypatch: pytest.MonkeyPatch, value: str | None, seconds: float) -> None:
    """Both forms of RFC 9110 10.2.3; anything else is not a demand."""
    monkeypatch.setattr("blastiq_conformance.programs.demo.time.time", lambda: 10.0)
    assert demo._retry_after(value) == seconds
