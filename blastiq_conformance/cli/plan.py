"""What a run does with each integration: run its scenarios, judge them, and report."""

import os
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass

from blastiq_conformance.cli.ending import Interruption
from blastiq_conformance.cli.output import say
from blastiq_conformance.cli.targets import Subject
from blastiq_conformance.report import Report, Reproduction
from blastiq_conformance.runner.not_run import NotRun
from blastiq_conformance.runner.orphans import adopted
from blastiq_conformance.runner.run import delay, distrust, overstay, with_control
from blastiq_conformance.runner.run import run as run_all
from blastiq_conformance.scenarios import Scenario
from blastiq_conformance.trial import judge_runs, left_out, report_on


def carry_out(
    plans: Sequence["Plan"], jobs: int, interruption: Interruption, *, own: object, forgive: bool
) -> list[Report]:
    """Carry out plans until one is interrupted; in a process of our `own`, no child leaves anything behind."""
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
class Plan:
    """What to do with one integration; `asked` are the options that must be given again to reproduce a finding."""

    subject: Subject
    scenarios: Sequence[Scenario]
    slow: bool
    all_of_them: bool
    asked: tuple[str, ...]

    def carry_out(self, jobs: int, interruption: Interruption, *, allow_untested: bool) -> Report:
        """Run the scenarios and judge them."""
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
        return report_on(
            declared,
            judge_runs(declared, runs),
            slow=self.slow,
            command=command,
            allow_untested=allow_untested,
            notes=[
                note
                for note in (delay(runs), distrust(runs), overstay(runs), target.like and target.like.told())
                if note
            ],
            again=Reproduction(way="run", options=self.asked, whose=self.subject.whose),
            left_out=left_out(target, wanted, all_of_them=self.all_of_them),
            interrupted=cancelled.is_set(),
        )

    def _not_run(self, error: NotRun) -> Report:
        """Say why nothing was judged, and which problems the doctor finds here."""
        from blastiq_conformance.doctor import advise

        target = self.subject.declared.target
        return Report(
            text=error.text,
            target=target.name,
            profile=self.subject.declared.profile,
            command=self.subject.command,
            notes=[f"doctor: {line}" for line in advise(target.command, os.environ, target.cwd)],
        )
