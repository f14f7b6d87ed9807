"""`blastiq run`: start the integration in every scenario against a fake BlastIQ, judge it, report."""

import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from math import isnan
from pathlib import Path

import click
from click.core import ParameterSource

from blastiq_conformance.catalogue import Profile
from blastiq_conformance.cli.destination import Destination, destination_options
from blastiq_conformance.cli.ending import Interruption
from blastiq_conformance.cli.memory import Memory
from blastiq_conformance.cli.next_step import next_step
from blastiq_conformance.cli.options import FILE, edition_option, like_option, profile_option, tls_options
from blastiq_conformance.cli.output import say
from blastiq_conformance.cli.plan import Plan, carry_out
from blastiq_conformance.cli.targets import ConfigFault, Subject, rules_named, runnable, scenarios_named, subjects
from blastiq_conformance.cli.watching import watch
from blastiq_conformance.config import ConfigError, Declaration, find
from blastiq_conformance.config.waiver_draft import write_waivers
from blastiq_conformance.proxy.enclosure import enclosed
from blastiq_conformance.report import Report
from blastiq_conformance.report.verdict import worst_code
from blastiq_conformance.runner.target import Target
from blastiq_conformance.scenarios import Scenario, scenarios
from fake_idp.command_line import allow_origin_option, attended_option, client_id_option
from fake_idp.likeness import Likeness
from fake_idp.server_config import PRODUCTION_NAMES


def _seconds(_context: click.Context, _option: click.Parameter, value: float) -> float:
    """Refuse NaN, which no range excludes."""
    if isnan(value):
        raise click.BadParameter("expected a number of seconds")
    return value


@click.command(context_settings={"allow_interspersed_args": False})
@profile_option
@edition_option
@click.option("--scenario", "slugs", multiple=True, metavar="S", help="Run only this scenario. May be repeated.")
@click.option("--quick", is_flag=True, help="Run only the scenario sign-in.")
@click.option("--slow", is_flag=True, help="Run the slow scenarios as well.")
@click.option("--rule", "rule_ids", multiple=True, metavar="ID", help="Judge only by this rule. May be repeated.")
@destination_options
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
    type=FILE,
    help="Judge the targets of this file; without a command blastiq.toml, or pyproject.toml, is looked for here.",
)
@click.option("--target", "names", multiple=True, metavar="NAME", help="Only this target of it. May be repeated.")
@tls_options
@click.option("--enclose", is_flag=True, help="With --intercept: for a program that ignores proxies (Linux).")
@attended_option
@allow_origin_option
@like_option
@click.option("--last-failed", is_flag=True, help="Run only what failed in the last run, and the control.")
@click.option("--watch", "again", is_flag=True, help="Run again whenever a file of the target has changed.")
@click.option("--write-waivers", "waive", is_flag=True, help="Put today's failures into blastiq.toml, to be filled in.")
@click.option("--demo", is_flag=True, help="Judge the kit's own good integration.")
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def run(
    context: click.Context,
    profile: str,
    edition: str | None,
    slugs: tuple[str, ...],
    quick: bool,
    slow: bool,
    rule_ids: tuple[str, ...],
    destination: Destination,
    allow_untested: bool,
    timeout: float,
    jobs: int | None,
    client_id: str,
    config: Path | None,
    names: tuple[str, ...],
    tls: bool,
    intercept: bool,
    enclose: bool,
    attended: bool,
    origins: tuple[str, ...],
    like: Likeness | None,
    last_failed: bool,
    again: bool,
    waive: bool,
    demo: bool,
    command: tuple[str, ...],
) -> None:
    """Judge an integration, started as CMD with its arguments: blastiq run -- node app.js.

    CMD is started once for each scenario, never through a shell; the environment tells it where the fake BlastIQ is
    and how to sign in (docs/run.md, `blastiq example`). Without CMD, the targets of blastiq.toml are judged, one
    after the other; options given here override those in the file.
    """
    given = {name for name in context.params if context.get_parameter_source(name) is ParameterSource.COMMANDLINE}

    def override(declared: Declaration) -> Declaration:
        target = replace(
            declared.target,
            timeout=timeout if "timeout" in given else declared.target.timeout,
            client_id=client_id if "client_id" in given else declared.target.client_id,
            flow="attended" if attended else declared.target.flow,
            allow_origins=origins or declared.target.allow_origins,
            like=like or declared.target.like,
            tls=tls,
            intercept=declared.target.intercept or (PRODUCTION_NAMES if intercept else ()),
        )
        target = _enclosed(target) if enclose else target
        judged_as = Profile(profile) if "profile" in given else declared.profile
        rules, dated = rules_named(rule_ids) or declared.rules, edition or declared.edition
        return replace(declared, target=target, profile=judged_as, rules=rules, edition=dated)

    chosen = scenarios_named(slugs, quick=quick)
    if last_failed and chosen:
        raise click.UsageError("--last-failed chooses the scenarios itself; leave --quick and --scenario out")
    asked = _asked(given, origins, like, timeout)
    file = None if command or demo else config or _found()
    if waive and file is None:
        raise click.UsageError("--write-waivers writes into a blastiq.toml, and none is used; `blastiq init` makes one")

    looked_at: list[Path] = []
    beside = Path() if file is None else file.parent

    def once() -> int:
        memory = Memory(beside)
        found = [
            replace(subject, declared=override(subject.declared))
            for subject in subjects(command, demo=demo, config=config, names=names)
        ]
        looked_at[:] = [subject.declared.target.cwd or Path() for subject in found]
        pairs = _failed(found, memory) if last_failed else [(subject, chosen) for subject in found]
        plans = [_plan(subject, wanted, slow=slow, asked=asked) for subject, wanted in pairs]
        with ExitStack() as stack:
            interruption = Interruption()
            if context.obj:
                # Not within pytest, which handles signals itself and has children of its own.
                stack.enter_context(interruption)
            made = [
                replace(report, subjects=destination.subjects)
                for report in carry_out(
                    plans, jobs or os.cpu_count() or 1, interruption, own=context.obj, forgive=allow_untested
                )
            ]
            if not demo:
                memory.remember(made)
            code, partial = worst_code(report.exit_code for report in made), not all(plan.all_of_them for plan in plans)
            whole = destination.publish(made)
            if waive and file is not None:
                _waive(file, made)
            if told := next_step(code, demo=demo, partial=partial, options=asked, configured=not command):
                say(told)
            return interruption.exit_code(code if whole else 2)

    sys.exit(watch(once, lambda: [beside, *looked_at]) if again else once())


def _enclosed(target: Target) -> Target:
    if not target.intercept:
        raise click.UsageError("--enclose leads a program to the kit's proxy, which --intercept opens; give both")
    return replace(target, command=enclosed(target.command))


def _waive(file: Path, made: Sequence[Report]) -> None:
    try:
        number = write_waivers(file, made)
    except (ConfigError, OSError) as error:
        raise ConfigFault(f"the waivers were not written: {error}") from None
    told = f"{file}: {number} waivers added; fill in reason, owner and expires of each."
    say(told if number else "Nothing to waive.")


def _found() -> Path | None:
    try:
        return find(Path())
    except ConfigError as error:
        raise ConfigFault(str(error)) from None


def _asked(given: set[str], origins: tuple[str, ...], like: Likeness | None, timeout: float) -> tuple[str, ...]:
    """Give the options that must be given again to reproduce a finding."""
    asked = [f"--{name}" for name in ("tls", "intercept", "enclose", "attended") if name in given]
    asked += [word for origin in origins for word in ("--allow-origin", origin)]
    asked += ["--like", like.file] if like else []
    return (*asked, *(("--timeout", f"{timeout:g}") if "timeout" in given else ()))


def _plan(subject: Subject, chosen: Sequence[Scenario], *, slow: bool, asked: tuple[str, ...]) -> Plan:
    """Say which scenarios of an integration run: those that were chosen, or all."""
    declared = subject.declared
    wanted = runnable(declared, chosen or declared.chosen(slow=slow))
    return Plan(subject=subject, scenarios=wanted, slow=slow, all_of_them=not chosen, asked=asked)


def _failed(found: Sequence[Subject], memory: Memory) -> list[tuple[Subject, list[Scenario]]]:
    """Give the integrations that failed in their last run, each with its failed scenarios; all if none is known."""
    known = scenarios()
    failed = [(subject, [known[slug] for slug in memory.failed(subject.declared.target.name)]) for subject in found]
    if not any(slugs for _, slugs in failed):
        say("No scenario is known to have failed in the last run: all are run.")
        return failed
    return [pair for pair in failed if pair[1]]
