"""The kit's own good integration: clean in every scenario, and careful where the fake does not lead it."""

import runpy
from contextlib import nullcontext
from pathlib import Path

import pytest

from blastiq_conformance.catalogue import catalogue
from blastiq_conformance.cli.targets import DEMO
from blastiq_conformance.config import Declaration
from blastiq_conformance.control.selection import start
from blastiq_conformance.report import Report
from blastiq_conformance.report.verdict import Verdict, headlines
from blastiq_conformance.runner.controller import Controller
from blastiq_conformance.runner.run import run
from blastiq_conformance.runner.target import Target
from blastiq_conformance.scenarios import scenarios
from blastiq_conformance.trial import judge_runs
from fake_idp.core import FakeIdp
from fake_idp.http.server import Server
from fake_idp.server_config import ServerConfig, ServiceUser

PLAYED = [row for row in scenarios().values() if row.needs is None and not row.slow]
WORKED = ("sign-in", "token-dies", "refresh-rotated", "refresh-kept", "no-refresh-token")


@pytest.mark.slow
@pytest.mark.timeout(300)  # all scenarios are played, and on a busy machine that takes minutes
@pytest.mark.unmeasured
def test_the_demo_conforms_and_does_its_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No rule finds anything in any variant of a scenario, and where nothing stands in its way each call succeeds.

    One test: it plays for long, and workers of pytest-xdist would each play again for a share of the scenarios.
    """
    # To search this repository and the machine's own /tmp for what was written takes longer than to sign in.
    monkeypatch.setattr("blastiq_conformance.runner.written._FOR_ALL", ())
    target = Target(command=DEMO, verbose=(), cwd=tmp_path)
    runs = run(target, PLAYED, jobs=2)
    judged = judge_runs(Declaration(target=target), runs)
    found = [(each.scenario, f.rule, f.message) for each in judged for result in each.results for f in result.findings]
    assert found == []
    assert {each.scenario for each in judged if each.results} == {row.slug for row in PLAYED}
    report = Report(judged, rules=catalogue())
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
        ("wrong-password", "HTTPError 400"),
        ("discovery-broken", "HTTPError 404"),
        ("issuer-mismatch", "the issuer is not the authority"),
        ("no-token", "access_token"),
        ("token-type/mac", "no bearer token"),
        ("unavailable", "HTTPError 503"),
        ("throttled", "HTTPError 429"),
        ("connection-lost", "RemoteDisconnected|URLError|ConnectionResetError"),
        ("truncated", "JSONDecodeError"),
        ("api-forbidden", "HTTPError 403"),
    ],
)
def test_it_goes_on_or_fails_in_words(slug: str, ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever stops it is named; called in this process, which is measured."""
    monkeypatch.setattr("time.sleep", lambda _: None)
    user = ServiceUser(username="someone", password="something")
    controller = Controller(FakeIdp(ServerConfig(users=(user,))))
    with Server() as server:
        listener = controller.open(server)
        start(controller, *slug.split("/"))
        told = {
            "AUTHORITY": listener.authority,
            "API_URL": listener.api_url,
            "API_CALLS": "3",
            "CLIENT_ID": "external.customer",
            "USERNAME": user.username,
            "PASSWORD": user.password,
        }
        for name, value in told.items():
            monkeypatch.setenv(f"BLASTIQ_{name}", value)
        with pytest.raises(SystemExit, match=ending) if ending else nullcontext():
            runpy.run_path(DEMO[-1])
        controller.close()
