"""A command that is started once: what became of it, told apart by how far it came."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from blastiq_conformance.catalogue.example_messages import DISCOVERED, called, signed_in, story
from blastiq_conformance.doctor import Status
from blastiq_conformance.doctor.start import check_start
from blastiq_conformance.proxy.enclosure import enclosed
from blastiq_conformance.runner.not_run import NotRun
from blastiq_conformance.runner.scenario_run import ScenarioRun
from blastiq_conformance.runner.target import Target
from blastiq_conformance.scenarios import Scenario
from tests.judge.example import read_example

FACTS = "facts: scenario = sign-in, benign = yes"
WELL = story(FACTS, DISCOVERED, signed_in(), called())
ELSEWHERE = story(
    FACTS,
    'POST /oauth/token\nHost: tenant.example\nContent-Type: application/json\n\n{"grant_type": "password"}\n'
    "HTTP/1.1 403 Forbidden\n\n",
    "exit: 1",
)
MAPS = "GET /tiles\nHost: maps.example\nHTTP/1.1 403 Forbidden\n\n"
TARGET = Target(command=("node", "app.js"))
SILENT = NotRun("never-called", "The integration never called BlastIQ.")


class Stand:
    """Plays what is given, one thing a start, and remembers how it was started."""

    def __init__(self, *runs: str | NotRun | None) -> None:
        self.chosen = list(runs)
        self.targets: list[Target] = []
        self.scenarios: list[str] = []

    def __call__(self, target: Target, chosen: Sequence[Scenario]) -> Sequence[ScenarioRun]:
        self.targets.append(target)
        self.scenarios += [scenario.slug for scenario in chosen]
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
        ((SILENT, WELL), "problem", "signed in", "run --tls"),
        ((SILENT, SILENT, WELL), "problem", "signed in", "run --intercept"),
        ((SILENT, SILENT, SILENT, WELL), "problem", "signed in", "run --intercept --enclose"),
        (
            (SILENT, SILENT, ELSEWHERE),
            "problem",
            "not BlastIQ's, and was refused: tenant.example (1 request)",
            "never calls",
        ),
        (
            (SILENT, SILENT, story(WELL, MAPS)),
            "problem",
            "and was refused: maps.example (1 request)",
            "run --intercept",
        ),
        ((SILENT, SILENT, SILENT, SILENT), "problem", "The integration never called BlastIQ.", ""),
        ((NotRun("not-started", "no such program"),), "problem", "no such program", "Correct the command"),
        ((SILENT, NotRun("never-called", "none over TLS"), SILENT, SILENT), "problem", "none over TLS", ""),
        ((None,), "note", "interrupted", ""),
    ],
    ids=[
        *("well", "before", "after", "stays up", "https alone", "production host", "no proxy"),
        *("elsewhere", "also elsewhere", "never", "not started", "no trust", "interrupted"),
    ],
)
def test_how_far_it_came(runs: tuple[str | NotRun | None, ...], status: str, found: str, advice: str) -> None:
    """It is started again only where it did not call, and each time in another way."""
    stand = Stand(*runs)
    check = check_start(TARGET, stand)
    assert check.status is Status(status)
    assert found in check.found
    assert advice in check.advice
    assert not stand.chosen
    ways = [(target.tls, bool(target.intercept), target.command) for target in stand.targets]
    plain, led = TARGET.command, enclosed(TARGET.command)
    four = [(False, False, plain), (True, False, plain), (False, True, plain), (False, True, led)]
    assert ways == four[: len(runs)]


def test_what_is_judged_over_tls_is_started_so_at_once() -> None:
    """There is no other way for it but the names of the product."""
    stand = Stand(SILENT, WELL)
    assert check_start(replace(TARGET, tls=True), stand).advice.endswith("run --intercept")
    assert [(target.tls, bool(target.intercept)) for target in stand.targets] == [(True, False), (True, True)]


def test_a_target_is_started_as_it_is_declared() -> None:
    """By its own names, which are told from the first; a person's with a browser."""
    stand = Stand(SILENT, WELL)
    target = replace(TARGET, intercept=("login.mine.example",), flow="attended", timeout=600)
    assert "--enclose" in check_start(target, stand).advice
    assert [(each.intercept, each.timeout) for each in stand.targets] == [(("login.mine.example",), 60)] * 2
    assert stand.scenarios == ["attended-sign-in"] * 2
