"""`blastiq run`: start the integration in every scenario against a fake BlastIQ, judge it, report."""

import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import isnan
from pathlib import Path

import click
from click.core import ParameterSource

from blastiq_conformance.catalogue import Profile, catalogue
from blastiq_conformance.cli import bundling
from blastiq_conformance.cli.interruption import Interruption
from blastiq_conformance.cli.options import (
    allow_origin_option,
    attended_option,
    client_id_option,
    profile_option,
    report_options,
    tls_options,
)
from blastiq_conformance.cli.output import publish, say
from blastiq_conformance.cli.targets import Subject, runnable, subjects
from blastiq_conformance.config import Declaration
from blastiq_conformance.config.table import near
from blastiq_conformance.report import Report, Reproduction, assemble, exit_code, not_run
from blastiq_conformance.runner import NotRun
from blastiq_conformance.runner import run as run_all
from blastiq_conformance.runner.orphans import adopted
from blastiq_conformance.runner.run import distrust, overstay, with_control
from blastiq_conformance.scenarios import Scenario, scenarios
from blastiq_conformance.trial import judge_runs, left_out, rules_of, waivers_of
from fake_idp.server_config import PRODUCTION_NAMES

# The second where people sign in.
_QUICK = frozenset({"sign-in", "attended-sign-in"})


def _seconds(_context: click.Context, _option: click.Parameter, value: float) -> float:
    """Refuse what is no number, and lies in every range."""
    if isnan(value):
        raise click.BadParameter("expected a number of seconds")
    return value


@click.command(context_settings={"allow_interspersed_args": False})
@profile_option
@click.option("--scenario", "slugs", multiple=True, metavar="S", help="Play this scenario only. May be repeated.")
@click.option("--quick", is_flag=True, help="Play the scenario sign-in alone.")
@click.option("--slow", is_flag=True, help="Play the slow scenarios as well.")
@click.option("--rule", "rule_ids", multiple=True, metavar="ID", help="Judge by this rule only. May be repeated.")
@report_options
@bundling.bundle_option
@click.option(
    "--timeout",
    type=click.FloatRange(min=0.1, max=86_400),
    default=120.0,
    show_default=True,
    callback=_seconds,
    help="Seconds for each scenario.",
)
@click.option("--jobs", type=click.IntRange(min=1), help="Scenarios at once; the number of CPUs unless given.")
@client_id_option
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Judge the targets of this file; without a command blastiq.toml, or pyproject.toml, is looked for here.",
)
@click.option("--target", "names", multiple=True, metavar="NAME", help="Only this target of it. May be repeated.")
@tls_options
@attended_option
@allow_origin_option
@click.option("--demo", is_flag=True, help="Judge the kit's own good integration.")
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def run(
    context: click.Context,
    profile: str,
    slugs: tuple[str, ...],
    quick: bool,
    slow: bool,
    rule_ids: tuple[str, ...],
    form: str,
    reports: tuple[tuple[str, Path], ...],
    allow_untested: bool,
    bundle: Path | None,
    timeout: float,
    jobs: int | None,
    client_id: str,
    config: Path | None,
    names: tuple[str, ...],
    tls: bool,
    intercept: bool,
    attended: bool,
    origins: tuple[str, ...],
    demo: bool,
    command: tuple[str, ...],
) -> None:
    """Judge an integration, started as CMD with its arguments: blastiq run -- node app.js.

    CMD is started once for each scenario, never through a shell; the environment tells it where the fake BlastIQ is
    and how to sign in (README, or `blastiq scenarios`). Without CMD, the targets of blastiq.toml are judged, one
    after the other; options given here come before what stands there.
    """
    given = {name for name in context.params if context.get_parameter_source(name) is ParameterSource.COMMANDLINE}

    def override(declared: Declaration) -> Declaration:
        target = replace(
            declared.target,
            timeout=timeout if "timeout" in given else declared.target.timeout,
            client_id=client_id if "client_id" in given else declared.target.client_id,
            flow="attended" if attended else declared.target.flow,
            allow_origins=origins or declared.target.allow_origins,
            tls=tls,
            intercept=declared.target.intercept or (PRODUCTION_NAMES if intercept else ()),
        )
        judged_as = Profile(profile) if "profile" in given else declared.profile
        return replace(declared, target=target, profile=judged_as, rules=_rules(rule_ids) or declared.rules)

    chosen = _scenarios(slugs, quick=quick)
    asked = [f"--{name}" for name in ("tls", "intercept", "attended") if name in given]
    asked += [word for origin in origins for word in ("--allow-origin", origin)]
    asked += ["--timeout", f"{timeout:g}"] if "timeout" in given else []
    plans = []
    for subject in subjects(command, demo=demo, config=config, names=names):
        declared = override(subject.declared)
        wanted = runnable(declared, chosen or declared.chosen(slow=slow), declared.rules)
        plans.append(
            _Plan(
                subject=replace(subject, declared=declared),
                scenarios=wanted,
                slow=slow,
                all_of_them=not chosen,
                asked=tuple(asked),
            )
        )
    with ExitStack() as stack:
        interruption = Interruption()
        if context.obj:
            # Not within pytest: it has a way of its own to end, and children.
            stack.enter_context(interruption)
        made = _carry_out(plans, jobs or os.cpu_count() or 1, interruption, own=context.obj, forgive=allow_untested)
        whole = publish(made, form, reports, bundling.bundles(bundle, made))
        if made[-1].interrupted:
            say("Interrupted: this is the verdict on what was seen until then.")
        sys.exit(interruption.exit_code(exit_code(made) if whole else 2))


def _carry_out(
    plans: Sequence["_Plan"], jobs: int, interruption: Interruption, *, own: object, forgive: bool
) -> list[Report]:
    """Carry out plans until one is interrupted; with a process of our `own`, no child leaves anything behind."""
    made: list[Report] = []
    with adopted(interruption.hurried) if own else nullcontext():
        for plan in plans:
            if len(plans) > 1:
                say(f"target {plan.subject.declared.target.name}")
            made.append(plan.carry_out(jobs, interruption, allow_untested=forgive))
            if made[-1].interrupted:
                break
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What is to be done with one integration; `asked` are options that must be given again to see the same."""

    subject: Subject
    scenarios: Sequence[Scenario]
    slow: bool
    all_of_them: bool
    asked: tuple[str, ...]

    def carry_out(self, jobs: int, interruption: Interruption, *, allow_untested: bool) -> Report:
        """Play and judge."""
        from blastiq_conformance.cli.progress import Progress

        declared, command = self.subject.declared, self.subject.command
        target = declared.target
        wanted = with_control(self.scenarios, target)
        cancelled, hurried = interruption.cancelled, interruption.hurried
        with Progress(len(wanted)) as progress, interruption.running():
            try:
                runs = run_all(target, wanted, jobs=jobs, on_event=progress, cancelled=cancelled, hurried=hurried)
            except NotRun as error:
                return self._not_run(error)
        rules = rules_of(declared)
        return assemble(
            judge_runs(runs, rules, declared.profile),
            target=target.name,
            version=target.version,
            profile=declared.profile,
            rules={rule.id: rule for rule in rules},
            command=command,
            allow_untested=allow_untested,
            notes=[note for note in (distrust(runs), overstay(runs)) if note],
            waivers=waivers_of(declared, datetime.now(UTC).date(), slow=self.slow),
            again=Reproduction(way="run", options=self.asked, whose=self.subject.whose),
            left_out=left_out(declared.target, wanted, all_of_them=self.all_of_them),
            interrupted=cancelled.is_set(),
        )

    def _not_run(self, error: NotRun) -> Report:
        """Say why nothing was judged, and what the doctor finds wrong here."""
        from blastiq_conformance.doctor import advise

        target = self.subject.declared.target
        return not_run(
            error.text,
            target=target.name,
            profile=self.subject.declared.profile,
            command=self.subject.command,
            notes=[f"doctor: {line}" for line in advise(target.command, os.environ, target.cwd).splitlines()],
        )


def _rules(ids: tuple[str, ...]) -> tuple[str, ...]:
    known = catalogue()
    for wanted in ids:
        if wanted.upper() not in known:
            raise click.UsageError(
                f"there is no rule {wanted!r}; `blastiq rules` lists them all{near(wanted.upper(), list(known))}"
            )
    return tuple(wanted.upper() for wanted in ids)


def _scenarios(slugs: tuple[str, ...], *, quick: bool) -> list[Scenario]:
    """Give those that were asked for by name, none where the target's own are to be played."""
    known = scenarios()
    for slug in slugs:
        if slug not in known:
            hint = near(slug, list(known))
            raise click.UsageError(f"there is no scenario {slug!r}; `blastiq scenarios` lists them all{hint}")
    if quick and slugs:
        raise click.UsageError("--quick is the scenario sign-in alone; leave it out, or --scenario")
    return [scenario for slug, scenario in known.items() if slug in slugs or (quick and slug in _QUICK)]
