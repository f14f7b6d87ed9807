"""One variant: what the child is given, and what is kept of it as evidence."""

import os
from pathlib import Path

import pytest

from blastiq_conformance.catalogue import Outcome, catalogue
from blastiq_conformance.evidence import Child
from blastiq_conformance.judge.engine import judge
from blastiq_conformance.runner.run import run
from blastiq_conformance.runner.scenario_run import ScenarioRun
from blastiq_conformance.runner.target import Home, Target
from blastiq_conformance.scenarios import scenarios
from fake_idp.classify import Kind
from tests.judge.runner.programs import GO_ON, GOOD, SIGN_IN, program

pytestmark = pytest.mark.slow

SIGN_IN_ALONE = [scenarios()["sign-in"]]


def run_program(*command: str) -> list[ScenarioRun]:
    return run(Target(command=command, timeout=20.0), SIGN_IN_ALONE)


def test_a_good_client_leaves_evidence() -> None:
    """Traffic, child, facts and canaries of one play are all in its evidence."""
    (played,) = run_program(*GOOD)
    (evidence,) = played.evidences
    facts = evidence.facts
    assert [exchange.kind for exchange in evidence.exchanges] == [Kind.DISCOVERY, Kind.TOKEN, Kind.API]
    assert {exchange.scenario for exchange in evidence.exchanges} == {"sign-in"}
    assert evidence.child is not None
    assert evidence.child.exit_status == 0
    assert (facts.scenario, facts.api_calls, facts.client_id) == ("sign-in", 1, "external.customer")
    (request,) = evidence.token_requests
    assert (request.value("username"), request.value("password")) == (facts.username, facts.password)
    issued = {secret.value for secret in facts.issued}
    assert {facts.username, facts.password, request.access_token} <= issued
    assert all(len(value) >= 20 for value in issued)


@pytest.mark.parametrize(
    ("slug", "declared"),
    [
        ("two-users", Target(command=GOOD, users=2)),
        ("parallel", Target(command=GOOD, concurrency=3)),
        ("verbose", Target(command=GOOD, verbose={"LOG_LEVEL": "debug"})),
    ],
)
def test_what_a_target_does_not_declare_is_left_out(slug: str, declared: Target) -> None:
    """A scenario with a need is played on targets that declare it, and told to the evidence."""
    assert run(Target(command=GOOD), [scenarios()[slug]]) == []
    *_, each = run(declared, [scenarios()[slug]])
    facts = each.evidences[0].facts
    assert (len(facts.other_users), facts.concurrency, facts.verbose) == {
        "two-users": (1, 0, False),
        "parallel": (0, 3, False),
        "verbose": (0, 0, True),
    }[slug]


def test_a_second_run_has_the_same_user_and_another_password() -> None:
    """What a client kept of the first run must not hide that the password changed."""
    _, each = run(Target(command=GOOD), [scenarios()["password-changed"]])
    first, second = (evidence.facts for evidence in each.evidences)
    assert first.username == second.username
    assert first.password != second.password
    assert (first.previous_password, second.previous_password) == (None, first.password)


def test_a_client_that_keeps_silent_without_credentials_is_judged() -> None:
    """No call is what a right client does with empty credentials, so it is no reason to give up."""
    code = f"import os, sys\nif not os.environ['BLASTIQ_PASSWORD']: sys.exit(1)\n{SIGN_IN}{GO_ON}"
    _, each = run(Target(command=program(code)), [scenarios()["no-credentials"]])
    assert each.evidences[0].exchanges == ()


def child_of(code: str, *, slug: str = "sign-in", home: Home = Home.PRIVATE, **inherited: str) -> list[Child]:
    target = Target(command=program(SIGN_IN + GO_ON + code), home=home)
    *_, each = run(target, [scenarios()[slug]], inherited=os.environ | inherited)
    return [evidence.child for evidence in each.evidences if evidence.child is not None]


def test_what_the_child_wrote_and_ran_is_evidence(tmp_path: Path) -> None:
    """Files with a canary, their permissions, and the arguments of the child's own children: BIQ703, BIQ705."""
    code = SIGN_IN + GO_ON
    code += "open('cache.json', 'w').write(answer['access_token']); open('notes', 'w').write('nothing')\n"
    code += "import subprocess; subprocess.run(['sleep', '0.6'])"
    (each,) = run(Target(command=program(code), cwd=tmp_path), SIGN_IN_ALONE)
    child = each.evidences[0].child
    assert child is not None
    assert [Path(file.path).name for file in child.files] == ["cache.json"]
    if Path("/proc/self/task").exists():
        assert ("sleep", "0.6") in child.processes


@pytest.mark.parametrize(("skips", "outcome"), [((), Outcome.FAILED), ((403,), Outcome.INAPPLICABLE)])
def test_what_a_target_passes_over_is_told_to_the_judge(skips: tuple[int, ...], outcome: Outcome) -> None:
    """A client that goes on past a call answered 403 hides nothing, once its target says that this is by design."""
    *before, call = GO_ON.strip().splitlines()
    past = "\n".join([SIGN_IN, *before, "try:", f"    {call}", "except OSError:", "    pass"])
    _, each = run(Target(command=program(past), skips=skips), [scenarios()["api-forbidden"]])
    (evidence,) = each.evidences
    assert [call.status for call in evidence.api_calls] == [403]
    (result,) = judge(evidence, [catalogue()["BIQ806"]])
    assert result.outcome is outcome


def test_home_is_empty_and_searched() -> None:
    """What a client keeps in its HOME and its TMPDIR is evidence, by names that are the same in every run."""
    code = """
home = E["HOME"]
assert not [name for name in os.listdir(home) if name not in {".m2", ".gem", ".local", ".tool-versions"}]
for folder in (home, E["TMPDIR"]):
    open(os.path.join(folder, "token"), "w").write(answer["access_token"])
"""
    (child,) = child_of(code)
    assert child.exit_status == 0, child.stderr
    assert sorted(file.path for file in child.files) == ["$TMPDIR/token", "~/token"]


def test_home_is_kept_through_both_runs_of_a_user() -> None:
    """What a client kept of the first run is there in the second, and is not taken for the second's (D46)."""
    code = """
kept = os.path.join(E["HOME"], "token")
print(os.path.exists(kept))
open(kept + os.urandom(4).hex(), "w").write(answer["access_token"])
open(kept, "a").close()
"""
    first, second = child_of(code, slug="password-changed")
    assert (first.stdout, second.stdout) == (b"False\n", b"True\n")
    assert (len(first.files), len(second.files)) == (1, 1)


def test_an_inherited_home_is_searched(tmp_path: Path) -> None:
    """In one's own HOME, and in the folders that XDG names, what is found is what this run wrote."""
    (tmp_path / "old").write_text("nothing")
    code = """
for folder in (E["HOME"], E["XDG_DATA_HOME"]):
    os.makedirs(folder, exist_ok=True)
    open(os.path.join(folder, "token"), "w").write(answer["access_token"])
"""
    (child,) = child_of(code, home=Home.INHERIT, HOME=str(tmp_path), XDG_DATA_HOME=str(tmp_path / "deep" / "data"))
    assert [file.path for file in child.files] == [f"{tmp_path}/deep/data/token", f"{tmp_path}/token"]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only /proc shows what is open")
def test_a_file_that_was_held_open_is_searched(tmp_path: Path) -> None:
    """A log in a folder that nobody would look through is found by the process that writes it."""
    deep = tmp_path / "one" / "two" / "three"
    deep.mkdir(parents=True)
    code = f"""
log = open(r"{deep}/app.log", "w", buffering=1)
log.write(answer["access_token"])
urllib.request.urlopen(urllib.request.Request(E["BLASTIQ_API_URL"], headers=headers)).read()
import time; time.sleep(0.3)
"""
    (child,) = child_of(code)
    assert [file.path for file in child.files] == [f"{deep}/app.log"]


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="only /proc shows processes")
def test_whoever_calls_is_seen() -> None:
    """A helper that calls the fake waits for its answer, and is looked at while it does: BIQ703."""
    call = "import sys, urllib.request; urllib.request.urlopen(sys.argv[1])"
    code = f"import subprocess, sys\nfor n in range(3): subprocess.run([sys.executable, '-Sc', {call!r}, "
    code += "E['BLASTIQ_DISCOVERY_URL'], f'helper-{n}'], check=True)"
    (child,) = child_of(code)
    seen = {words[-1] for words in child.processes}
    assert {"helper-0", "helper-1", "helper-2"} <= seen
