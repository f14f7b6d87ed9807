"""A client that asks without end: its play is ended and told of, and the others go on."""

import pytest

from blastiq_conformance.catalogue import Outcome, Profile, catalogue
from blastiq_conformance.judge.engine import judge
from blastiq_conformance.runner import fake, scenario_run
from blastiq_conformance.runner.run import run
from blastiq_conformance.runner.target import Target
from blastiq_conformance.scenarios import scenarios
from blastiq_conformance.sources.facts import to_child, to_members
from blastiq_conformance.trial.judging import judge_together
from tests.judge.example import read_example
from tests.judge.runner.programs import GO_ON, SIGN_IN, program

pytestmark = pytest.mark.slow

# A server that is in trouble is asked until it answers well.
UNTIL_IT_WORKS = """
while True:
    try:
        urllib.request.urlopen(disco["token_endpoint"], urllib.parse.urlencode(form).encode())
        break
    except OSError:
        pass
"""


def test_the_play_is_ended_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """No time has to pass; what was asked for is in the finding, and of all the requests the first are kept."""
    monkeypatch.setattr(fake, "_MOST_REQUESTS", 30)
    monkeypatch.setattr(scenario_run, "_KEPT_OF_FLOOD", 20)
    chosen = [scenarios()[slug] for slug in ("sign-in", "wrong-password")]
    runs = run(Target(command=program(SIGN_IN + UNTIL_IT_WORKS + GO_ON), timeout=60), chosen)
    evidences = {each.scenario.slug: each.evidences[0] for each in runs}
    child = evidences["wrong-password"].child
    assert child is not None
    assert (child.flood > 30, child.stopped, child.timed_out, child.exit_status) == (True, True, False, None)
    assert len(evidences["wrong-password"].exchanges) == 20
    assert to_child(to_members(child)) == child
    judged = judge_together(evidences.values(), catalogue().values(), Profile.ARTICLE)
    said = {
        judgement.scenario: result for judgement in judged for result in judgement.results if result.rule == "BIQ809"
    }
    assert {slug: result.outcome for slug, result in said.items()} == {
        "control": Outcome.PASSED,
        "sign-in": Outcome.PASSED,
        "wrong-password": Outcome.FAILED,
    }
    (finding,) = said["wrong-password"].findings
    assert f"{child.flood} requests, POST /identity/connect/token most often: 19 of the first 20" in finding.received


def test_a_long_recording_is_no_flood() -> None:
    """Of a recording nobody knows how long it took to make, nor how often the client would have gone on."""
    evidence = read_example(catalogue()["BIQ809"].bad)
    recorded = type(evidence)(exchanges=evidence.exchanges * 4_000, facts=evidence.facts)
    (result,) = judge(recorded, [catalogue()["BIQ809"]])
    assert result.outcome is Outcome.INAPPLICABLE
