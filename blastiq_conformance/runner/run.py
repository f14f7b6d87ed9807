"""A run: first the scenario that shows whether anything can be judged at all, then all others in parallel."""

import os
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace

from blastiq_conformance.runner.not_run import NotRun, diagnose
from blastiq_conformance.runner.run_context import RunContext
from blastiq_conformance.runner.scenario_pool import Event, Happening, OnEvent, ScenarioPool
from blastiq_conformance.runner.scenario_run import ScenarioRun
from blastiq_conformance.runner.target import Target
from blastiq_conformance.runner.way import certify
from blastiq_conformance.scenarios import Scenario, TlsFault, scenarios
from fake_idp.http.server import Server

_FIRST = "sign-in"
_FIRST_OVER_TLS = "tls-good"


def run(
    target: Target,
    chosen: Sequence[Scenario],
    *,
    jobs: int | None = None,
    on_event: OnEvent = lambda _: None,
    cancelled: threading.Event | None = None,
    hurried: threading.Event | None = None,
    inherited: Mapping[str, str] = os.environ,
    control: ScenarioRun | None = None,
) -> list[ScenarioRun]:
    """Run the scenarios and give them in the order chosen; a single job runs strictly one after the other.

    The control of odd scenarios is run as well, unless it is given (D36). A scenario that needs what the target does
    not declare is left out. Wrong certificates are only shown to a client that calls with the right one: another one
    would prove nothing by refusing them. A scenario in which the kit itself was held up is run again, once. Ctrl-C ends
    every child, sets `cancelled` and gives what was seen, as does setting `cancelled`. A second one kills them, as does
    `hurried`. Raises NotRun where the first scenario shows that nothing can be judged.
    """
    chosen = [scenario for scenario in chosen if not target.lack(scenario.needs)]
    if not chosen:
        return []
    chosen = with_control(chosen, target)
    given = {control.scenario.slug: control} if control is not None else {}
    cancelled, hurried = cancelled or threading.Event(), hurried or threading.Event()
    opening = _opening([scenario for scenario in chosen if scenario.slug not in given], target)
    with ExitStack() as stack:
        context = RunContext(
            server=stack.enter_context(Server()),
            certificates=certify(stack, target.names) if target.secured else None,
            target=target,
            inherited=inherited,
            cancelled=cancelled,
            hurried=hurried,
        )
        pool = ScenarioPool(context, jobs or os.cpu_count() or 1, on_event)
        runs = _run_in_time(pool, opening, on_event)
        if not runs:
            # Interrupted before anything was started.
            return []
        if not cancelled.is_set():
            _demand_a_call(
                [scenario_run for scenario_run in runs.values() if not scenario_run.scenario.silence], target
            )
        runs |= given
        rest = [scenario for scenario in chosen if scenario.slug not in runs]
        if not any(map(called, runs.values())):
            rest = [scenario for scenario in rest if not _tests_trust(scenario)]
        runs |= _run_in_time(pool, rest, on_event)
    return [runs[scenario.slug] for scenario in chosen if scenario.slug in runs]


def _run_in_time(pool: ScenarioPool, chosen: Sequence[Scenario], on_event: OnEvent) -> dict[str, ScenarioRun]:
    """Run them, and again, one by one, those in which the kit was held up, as long as that takes less time (D55)."""
    began = time.monotonic()
    runs = pool.run(chosen)
    end = 2 * time.monotonic() - began
    for slug, late in list(runs.items()):
        if late.held_up and not late.interrupted and time.monotonic() < end:
            on_event(Event(what=Happening.HELD_UP, scenario=slug, seconds=late.held_up))
            again = pool.run([late.scenario]).get(slug, late)
            runs[slug] = late if again.interrupted else again
    return runs


def control_of(target: Target) -> Scenario:
    """Give the scenario that shows a target where nothing is odd."""
    return scenarios()["attended-control" if target.attended else "control"]


def _opening(chosen: Sequence[Scenario], target: Target) -> list[Scenario]:
    """Choose what shows whether anything can be judged: a sign-in, or else the first odd scenario and its control."""
    slug = _FIRST_OVER_TLS if target.secured else _FIRST
    if first := [scenario for scenario in chosen if scenario.slug == slug]:
        return first
    odd = [scenario for scenario in chosen if not scenario.benign]
    controls = [scenario for scenario in chosen if scenario.slug == control_of(target).slug]
    return [*controls, *odd[:1]] or list(chosen[:1])


def with_control(chosen: Sequence[Scenario], target: Target) -> list[Scenario]:
    """Add the control, with as many calls as the longest scenario, and the right certificate where TLS is tested."""
    control, added = control_of(target), list[Scenario]()
    if odd := [scenario.api_calls for scenario in chosen if not scenario.benign]:
        longest = replace(control, api_calls=max(odd))
        # Where the control itself was chosen, it makes at least as many calls as in the table.
        asked = replace(control, api_calls=max(*odd, control.api_calls))
        chosen = [asked if scenario.slug == control.slug else scenario for scenario in chosen]
        added += [longest] if asked not in chosen else []
    if any(map(_tests_trust, chosen)) and all(scenario.slug != _FIRST_OVER_TLS for scenario in chosen):
        added.append(scenarios()[_FIRST_OVER_TLS])
    return [*added, *chosen]


def distrust(runs: Sequence[ScenarioRun]) -> str:
    """Say why no certificate was tested; empty where they were."""
    good = next((scenario_run for scenario_run in runs if scenario_run.scenario.slug == _FIRST_OVER_TLS), None)
    if good is None or good.interrupted or called(good):
        return ""
    return (
        f"In {_FIRST_OVER_TLS} the integration sent nothing over TLS with a certificate of the kit's own authority. "
        "That it refuses wrong ones would prove nothing: BIQ002 to BIQ006 were not tested. It must trust the file "
        "that SSL_CERT_FILE names."
    )


def overstay(runs: Sequence[ScenarioRun]) -> str:
    """Name the scenarios in which the integration did its work and yet did not end; empty where there is none."""
    stayed = [
        scenario_run.scenario.slug
        for scenario_run in runs
        if any(each.child is not None and each.child.timed_out and each.worked for each in scenario_run.evidences)
    ]
    if not stayed:
        return ""
    return (
        f"In {', '.join(stayed)} the integration had made its calls of the API and still ran when --timeout ended it. "
        "If it is a service that stays up, set `quiet = 5` in blastiq.toml (`blastiq init` writes one): it is then "
        "stopped after 5 s without traffic, and not blamed for staying."
    )


def delay(runs: Sequence[ScenarioRun]) -> str:
    """Say in which scenarios the kit itself was held up, what that means, and what to do; empty where it was not."""
    late = {scenario_run.scenario.slug: scenario_run.held_up for scenario_run in runs if scenario_run.held_up}
    if not late:
        return ""
    return (
        f"In {', '.join(late)} the kit itself was held up, for up to {max(late.values()):.1f} s (an overloaded "
        "machine, or a stopped process), where a second is borne. A right client may have given up meanwhile, so what "
        "the integration does once it is answered was not judged there. Run it again where less else runs: end other "
        "work, add processors, or run fewer scenarios at once (--jobs 1)."
    )


def called(scenario_run: ScenarioRun) -> bool:
    """Whether the client sent a request: then it accepted the certificate, whatever happened later (D49)."""
    return any(evidence.exchanges for evidence in scenario_run.evidences)


def _tests_trust(scenario: Scenario) -> bool:
    return any(variant.tls is not TlsFault.NONE for variant in scenario.variants)


def _demand_a_call(runs: Sequence[ScenarioRun], target: Target) -> None:
    # One variant with a request is enough: a client may crash over a single odd password.
    reasons = [diagnose(evidence, target.timeout) for scenario_run in runs for evidence in scenario_run.evidences]
    if reasons and reasons[0] is not None and all(reasons):
        raise NotRun(reasons[0].kind, f"{reasons[0].text}\n{told}") if (told := delay(runs)) else reasons[0]
