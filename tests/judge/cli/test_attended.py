"""`blastiq run --attended` and `blastiq serve --attended`: a person signs in, and the kit may play that person."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from blastiq_conformance.programs.browser import Browser, BrowserError
from tests.clients.launch import CLIENTS
from tests.fake_idp.person import asking
from tests.judge.cli.serving import serving
from tests.judge.cli.shell import called as blastiq

pytestmark = pytest.mark.slow

CLIENT = str(CLIENTS / "good" / "attended_loopback.py")
PASSWORD_ALONE = """
import os, urllib.request
urllib.request.urlopen(os.environ["BLASTIQ_DISCOVERY_URL"])
"""


def played(report: dict[str, Any]) -> list[str]:
    return [row["scenario"] for row in report["scenarios"]]


@pytest.mark.unmeasured
def test_a_right_program_conforms_in_all_of_it() -> None:
    """Every attended scenario is played, and no other; nobody has to be there."""
    done = blastiq("run", "--attended", "--format", "json", "--", sys.executable, CLIENT)
    report = json.loads(done.stdout)
    assert (done.returncode, report["verdict"]) == (0, "conforms"), done.stdout
    assert all(slug.startswith("attended-") for slug in played(report))
    passed = {result["rule"] for result in report["results"] if result["outcome"] == "passed"}
    assert {f"BIQ90{number}" for number in range(1, 7)} <= passed


def test_quick_is_the_sign_in_alone() -> None:
    """As without a person."""
    done = blastiq("run", "--attended", "--quick", "--format", "json", "--", sys.executable, CLIENT)
    assert played(json.loads(done.stdout)) == ["attended-sign-in"]


def test_a_configuration_may_say_it(tmp_path: Path) -> None:
    """A target whose flow is attended needs no option."""
    config = tmp_path / "blastiq.toml"
    command = json.dumps([sys.executable, CLIENT])
    config.write_text(f'[[target]]\ncommand = {command}\nflow = "attended"\nscenarios = ["attended-sign-in"]\n')
    done = blastiq("run", "--config", str(config), "--format", "json")
    assert (done.returncode, played(json.loads(done.stdout))) == (0, ["attended-sign-in"])


def test_a_program_that_asks_nobody_does_not_do_its_work(tmp_path: Path) -> None:
    """Discovery alone is not a sign-in: every answer was good, and nobody signed in (D38)."""
    program = tmp_path / "program.py"
    program.write_text(PASSWORD_ALONE)
    done = blastiq("run", "--attended", "--quick", "--", sys.executable, str(program))
    assert done.returncode == 1, done.stdout
    assert "BIQ808" in done.stdout


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--attended", "--scenario", "sign-in"), "attended-… alone can run"),
        (("--scenario", "attended-denied"), 'needs `flow = "attended"`'),
    ],
)
def test_scenarios_of_the_other_flow_are_refused(words: tuple[str, ...], text: str) -> None:
    """They would judge what does not happen."""
    done = blastiq("run", *words, "--", sys.executable, CLIENT)
    assert done.returncode == 2
    assert text in done.stderr


def test_a_person_may_sign_in_at_a_server_that_stays_up(tmp_path: Path) -> None:
    """Authorize endpoint and pages answer, and what is seen is judged as attended."""
    with serving(tmp_path, "--attended") as (process, ready):
        person = {"BLASTIQ_USERNAME": ready["username"], "BLASTIQ_PASSWORD": ready["password"]}
        address = ready["authority"].removesuffix("/identity") + asking(
            redirect_uri="http://localhost:9/", code_challenge=None
        )
        with pytest.raises(BrowserError, match="http://localhost:9 could not be loaded"):
            Browser(person).browse(address)
        process.terminate()
        output, _ = process.communicate(timeout=30)
    assert "BIQ902" in output
    assert "FAIL  BIQ309" not in output
