"""A run: the first scenario alone, for it shows whether anything can be judged at all; then the others at once."""

import os
import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.runner.company import Company
from blastiq_conformance.runner.event import OnEvent, ignore
from blastiq_conformance.runner.not_run import diagnose
from blastiq_conformance.runner.play import Play, Stage
from blastiq_conformance.runner.target import Target
from blastiq_conformance.runner.way import open_ways
from blastiq_conformance.scenarios import Scenario, TlsFault, scenarios

_FIRST = "sign-in"
_FIRST_OVER_TLS = "tls-good"


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

    A scenario that needs what the target does not declare is left out. Wrong certificates are shown to those alone
    who sign in with the right one: others would prove nothing by refusing them. Ctrl-C ends every child, sets
    `cancelled` and gives what was seen; so does setting `cancelled`. A second one kills them. Raises NotRun where the
    first shows that nothing can be judged.
    """
    chosen = asked = [scenario for scenario in chosen if not target.lacks(scenario.needs)]
    if not chosen:
        return []
    if any(map(_tests_trust, chosen)):
        chosen = with_trust(chosen)
    cancelled = cancelled or threading.Event()
    slug = _FIRST_OVER_TLS if target.secured else _FIRST
    first = next((scenario for scenario in chosen if scenario.slug == slug), chosen[0])
    with ExitStack() as stack:
        stage = Stage(ways=open_ways(stack, target), target=target, inherited=inherited, cancelled=cancelled)
        company = Company(stage, jobs or os.cpu_count() or 1, on_event)
        plays = company.perform([first])
        if first.slug not in plays:
            # Interrupted before anything was started.
            return []
        if not first.silence and not cancelled.is_set():
            _demand_a_call(plays[first.slug], target)
        rest = [scenario for scenario in chosen if scenario is not first]
        if not signed_in(plays[first.slug]):
            rest = [scenario for scenario in rest if not _tests_trust(scenario)]
        plays |= company.perform(rest)
    return [plays[scenario.slug] for scenario in asked if scenario.slug in plays]


def with_trust(chosen: Sequence[Scenario]) -> list[Scenario]:
    """Add the scenario that shows whether the client works with the kit's own authority."""
    wanted = {scenario.slug for scenario in chosen} | {_FIRST_OVER_TLS}
    return [scenario for slug, scenario in scenarios().items() if slug in wanted]


def distrust(plays: Sequence[Play]) -> str:
    """Say why no certificate was tested, where that is so; else nothing."""
    good = next((play for play in plays if play.scenario.slug == _FIRST_OVER_TLS), None)
    if good is None or good.interrupted or signed_in(good):
        return ""
    return (
        f"In {_FIRST_OVER_TLS} the integration got no token over TLS with a certificate of the kit's own authority. "
        "That it refuses wrong ones would prove nothing: BIQ002 to BIQ006 were not tested. It must trust the file "
        "that SSL_CERT_FILE names."
    )


def overstay(plays: Sequence[Play]) -> str:
    """Name the scenarios in which the integration did its work and yet did not end; nothing where there is none."""
    stayed = [play.scenario.slug for play in plays if any(map(_stayed, play.evidences))]
    if not stayed:
        return ""
    return (
        f"In {', '.join(stayed)} the integration had made its calls of the API and still ran when --timeout ended it. "
        "If it is a service that stays up, set `quiet = 5` in blastiq.toml (`blastiq init` writes one): it is then "
        "stopped after 5 s without traffic, and not blamed for staying."
    )


def _stayed(evidence: Evidence) -> bool:
    return evidence.child is not None and evidence.child.timed_out and evidence.worked


def signed_in(play: Play) -> bool:
    """Whether a client got a token."""
    return any(evidence.access_tokens for evidence in play.evidences)


def _tests_trust(scenario: Scenario) -> bool:
    return any(variant.tls is not TlsFault.NONE for variant in scenario.variants)


def _demand_a_call(play: Play, target: Target) -> None:
    # One variant with a request is enough: a client may well crash over a single odd password.
    reasons = [diagnose(evidence, target.timeout) for evidence in play.evidences]
    if reasons[0] is not None and all(reasons):
        raise reasons[0]
