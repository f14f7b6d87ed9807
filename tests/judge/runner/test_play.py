"""One variant: what the child is given, and what is kept of it as evidence."""

from pathlib import Path

import pytest

from blastiq_conformance.catalogue import Outcome, catalogue
from blastiq_conformance.engine import judge
from blastiq_conformance.runner import Play, Target, run
from blastiq_conformance.scenarios import scenarios
from fake_idp.classify import Kind
from tests.judge.runner.programs import GO_ON, GOOD, SIGN_IN, program

SIGN_IN_ALONE = [scenarios()["sign-in"]]


def play(*command: str) -> list[Play]:
    return run(Target(command=command, timeout=20.0), SIGN_IN_ALONE)


def test_a_good_client_leaves_evidence() -> None:
    """Traffic, child, facts and canaries of one play are all in its evidence."""
    (played,) = play(*GOOD)
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
    plays = run(Target(command=program(past), skips=skips), [scenarios()["api-forbidden"]])
    ((evidence,),) = (each.evidences for each in plays if each.scenario.slug == "api-forbidden")
    assert [call.status for call in evidence.api_calls] == [403]
    (result,) = judge(evidence, [catalogue()["BIQ806"]])
    assert result.outcome is outcome
