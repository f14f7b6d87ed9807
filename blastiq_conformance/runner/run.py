"""A run: the first scenario alone, for it shows whether anything can be judged at all; then the others at once."""

import os
import threading
from collections.abc import Mapping, Sequence

from blastiq_conformance.runner.company import Company
from blastiq_conformance.runner.event import OnEvent, ignore
from blastiq_conformance.runner.not_run import diagnose
from blastiq_conformance.runner.play import Play, Stage
from blastiq_conformance.runner.target import Target
from blastiq_conformance.scenarios import Scenario
from fake_idp.server import Server

_FIRST = "sign-in"


def run(
    target: Target,
    chosen: Sequence[Scenario],
    *,
    jobs: int | None = None,
    on_event: OnEvent = ignore,
    cancelled: threading.Event | None = None,
    inherited: Mapping[str, str] = os.environ,
) -> list[Play]:
    """Play the scenarios and give them in the order chosen; a single job plays strictly one after the other.

    A scenario that needs what the target does not declare is left out. Ctrl-C ends every child, sets `cancelled` and
    gives what was seen; so does setting `cancelled`. Raises NotRun where the first shows that nothing can be judged.
    """
    chosen = [scenario for scenario in chosen if not target.lacks(scenario.needs)]
    if not chosen:
        return []
    cancelled = cancelled or threading.Event()
    first = next((scenario for scenario in chosen if scenario.slug == _FIRST), chosen[0])
    with Server() as server:
        stage = Stage(server=server, target=target, inherited=inherited, cancelled=cancelled)
        company = Company(stage, jobs or os.cpu_count() or 1, on_event)
        plays = company.perform([first])
        if not first.silence and not cancelled.is_set():
            _demand_a_call(plays[first.slug], target)
        plays |= company.perform([scenario for scenario in chosen if scenario is not first])
    return [plays[scenario.slug] for scenario in chosen if scenario.slug in plays]


def _demand_a_call(play: Play, target: Target) -> None:
    # One variant with a request is enough: a client may well crash over a single odd password.
    reasons = [
        diagnose(evidence, target.timeout, [(secret.value, f"<{secret.kind}>") for secret in evidence.facts.issued])
        for evidence in play.evidences
    ]
    if reasons[0] is not None and all(reasons):
        raise reasons[0]
