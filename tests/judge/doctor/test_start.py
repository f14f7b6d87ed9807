"""A command that is started once: what became of it, told apart by how far it came."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from blastiq_conformance.catalogue.example_messages import DISCOVERED, called, signed_in, story
from blastiq_conformance.doctor import Status
from blastiq_conformance.doctor.start import check_start
from blastiq_conformance.proxy.enclosure import enclosed
from blastiq_conformance.runner import NotRun, ScenarioRun
from blastiq_conformance.runner.target import Target
from blastiq_conformance.scenarios import Scenario
from tests.judge.example import read_example

FACTS = "facts: scenario = sign-in, benign = yes"
WELL = story(FACTS, DISCOVERED, signed_in(), called())
SILENT = NotRun("never-called", "The integration never called BlastIQ.")


class Stand:
    """Plays what is given, one thing a start, and remembers how it was started."""

    def __init__(self, *runs: str | NotRun | None) -> None:
        self.chosen = list(runs)
        self.targets: list[Target] = []

    def __call__(self, target: Target, chosen: Sequence[Scenario]) -> Sequence[ScenarioRun]:
        self.targets.append(target)
        what = self.chosen.pop(0)
        if isinstance(what, NotRun):
            raise what
        evidence = () if what is None else (replace(read_example(what), control=None),)
        return [ScenarioRun(scenario=chosen[0], evidences=evidence)]


@pytest.mark.parametrize(
    ("runs", "status", "found", "advice"),
    [
        ((WELL,), "ok", "The integration signed in, 1 of 1 calls of the API went well, ended with exit", ""),
        ((story(FACTS, DISCOVERED, "exit: 1"),), "problem", "read the discovery document, asked for", "before it was"),
        (
            (story(FACTS, DISCOVERED, signed_in(), "stderr: KeyError: 'x'", "exit: 1"),),
            "problem",
            "signed in, made no call of the API, ended with exit status 1; its last words: KeyError: 'x'",
            "failed afterwards",
        ),
        ((story(FACTS, DISCOVERED, signed_in(), "exit: timeout"),), "problem", "did nothing more", "quiet = 5"),
        ((SILENT, WELL), "problem", "signed in", "run --intercept"),
        ((SILENT, SILENT, WELL), "problem", "signed in", "run --intercept --enclose"),
        ((SILENT, SILENT, SILENT), "problem", "The integration never called BlastIQ.", ""),
        ((NotRun("not-started", "no such program"),), "problem", "no such program", ""),
        ((SILENT, NotRun("never-called", "no request over TLS"), SILENT), "problem", "no request over TLS", ""),
        ((None,), "note", "interrupted", ""),
    ],
    ids=[
        *("well", "before", "after", "stays up", "production host", "no proxy", "never", "not started", "no trust"),
        "interrupted",
    ],
)
def test_how_far_it_came(runs: tuple[str | NotRun | None, ...], status: str, found: str, advice: str) -> None:
    """It is started again only where it did not call, and each time in another way."""
    stand = Stand(*runs)
    check = check_start(("node", "app.js"), stand)
    assert check.status is Status(status)
    assert found in check.found
    assert advice in check.advice
    assert not stand.chosen
    ways = [(bool(target.intercept), target.command) for target in stand.targets]
    assert (
        ways
        == [(False, ("node", "app.js")), (True, ("node", "app.js")), (True, enclosed(("node", "app.js")))][: len(runs)]
    )
