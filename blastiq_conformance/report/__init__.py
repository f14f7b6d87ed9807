"""What is reported: judgements of scenarios or recordings put together, with the verdict on them."""

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from blastiq_conformance.catalogue import Finding, Profile, Result, Rule
from blastiq_conformance.evidence import Facts
from blastiq_conformance.report.account import Account, Judgement, SourceKind
from blastiq_conformance.report.shape import Model, ReportShape
from blastiq_conformance.report.sign_ins import sign_ins
from blastiq_conformance.report.verdict import PRECEDENCE, Verdict, cut_short, decide, headlines, merge
from blastiq_conformance.waivers import Waivers

__all__ = ["Judgement", "Report", "SourceKind", "assemble", "exit_code", "not_run", "several"]

# The kit's own integration is started by a flag, not by a command.
_DEMO = frozenset({(), ("--demo",)})
_PLACE = re.compile(r"[#:]\d+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Account):
    """A verdict with all that it rests on, to be written in any format."""

    def to_model(self) -> ReportShape:
        """Give the JSON model that every writer is fed from: redacted, and the same for the same judgements."""
        from blastiq_conformance.report.model import build  # a passing test needs no model

        return build(self)


def assemble(
    judgements: Iterable[Judgement],
    *,
    target: str = "default",
    profile: Profile = Profile.ARTICLE,
    rules: Mapping[str, Rule],
    command: Sequence[str] = (),
    source_kind: SourceKind = "run",
    allow_untested: bool = False,
    notes: Sequence[str] = (),
    left_out: Sequence[str] = (),
    waivers: Waivers | None = None,
    again: Sequence[str] = (),
    interrupted: bool = False,
) -> Report:
    """Merge judgements into a report, in the order given; `left_out` are scenarios that were not played.

    `rules` are those that were asked for: one without a result is inapplicable, and results of others are left out.
    `again` are the words that name the integration on a command line, its command unless given; of a recording, what
    was said of it. What was `interrupted` is incomplete at best, whatever was allowed.
    """
    waivers = waivers or Waivers()
    line = _Again(
        target=target, profile=profile, command=tuple(command), whose=tuple(again), recorded=source_kind == "check"
    )
    finished = tuple(_finish(judgement, line, waivers) for judgement in judgements)
    standings = waivers.standings([(judgement.scenario, judgement.results) for judgement in finished])
    by_rule: dict[str, list[Result]] = {rule: [] for rule in sorted(rules)}
    for judgement in finished:
        for result in judgement.results:
            if result.rule in by_rule:
                by_rule[result.rule].append(result)
    results = tuple(merge(rule, found) for rule, found in by_rule.items())
    seen = sign_ins(finished)
    states = [standing.state for standing in standings]
    recorded = source_kind == "check"
    verdict = decide(
        results, rules, recorded=recorded, token_requests=seen.seen, refused=seen.all_refused, waivers=states
    )
    verdict = cut_short(verdict) if interrupted else verdict
    forgiven = allow_untested and verdict is Verdict.INCOMPLETE and not interrupted
    if forgiven:
        verdict = decide(results, rules, recorded=True, token_requests=1, waivers=states)
    return Report(
        target=target,
        profile=profile,
        verdict=verdict,
        results=results,
        headlines=headlines(results),
        judgements=finished,
        rules=rules,
        command=tuple(command),
        source_kind=source_kind,
        notes=tuple(notes),
        left_out=tuple(left_out),
        forgiven=forgiven,
        interrupted=interrupted,
        waivers=waivers,
        standings=standings,
    )


def not_run(
    text: str,
    *,
    target: str = "default",
    profile: Profile = Profile.ARTICLE,
    command: Sequence[str] = (),
    verdict: Verdict = Verdict.NOT_RUN,
    notes: Sequence[str] = (),
) -> Report:
    """Report that nothing could be judged: `text` says what happened, what was expected and what to do."""
    return Report(
        target=target,
        profile=profile,
        verdict=verdict,
        headlines=headlines(()),
        rules={},
        command=tuple(command),
        notes=tuple(notes),
        text=text,
    )


def several(models: Sequence[ReportShape]) -> Model:
    """Put the models of several targets into one; a single one stays as it is."""
    if len(models) == 1:
        return models[0]
    return {"schema": "blastiq-reports/1", "reports": list(models)}


def exit_code(reports: Iterable[Report]) -> int:
    """Give the exit code of several reports: the first that applies, in the order of DESIGN 4."""
    codes = {report.exit_code for report in reports}
    return next((code for code in PRECEDENCE if code in codes), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Again:
    """How a finding is produced again."""

    target: str
    profile: Profile
    command: tuple[str, ...] = field(repr=False)
    whose: tuple[str, ...] = field(repr=False)
    recorded: bool

    def line(self, finding: Finding, facts: Facts, file: str) -> str:
        profile = [] if self.profile is Profile.ARTICLE else ["--profile", str(self.profile)]
        client = [] if facts.client_id == Facts().client_id else ["--client-id", facts.client_id]
        if self.recorded:
            attended = ["--attended"] if facts.flow == "attended" else []
            return shlex.join(["blastiq", "check", *profile, *client, *attended, *self.whose, file])
        if self.target == "pytest":
            return "run this test again"
        scenario = ["--scenario", finding.scenario] if finding.scenario else []
        if self.whose:
            whose = self.whose
        elif self.target != "default":
            whose = ("--target", self.target)
        else:
            whose = ("--", *self.command) if self.command not in _DEMO else ("--demo",)
        return shlex.join(["blastiq", "run", *profile, *client, *scenario, "--rule", finding.rule, *whose])


def _finish(judgement: Judgement, again: _Again, waivers: Waivers) -> Judgement:
    evidence = judgement.evidence
    first = next((exchange.source for exchange in evidence.exchanges if exchange.source), "")
    results = []
    for result in waivers.apply(judgement.scenario, judgement.results):
        findings = []
        for finding in result.findings:
            source = finding.source or ("run" if not again.recorded else _PLACE.sub("", first))
            reproduce = finding.reproduce or again.line(finding, evidence.facts, _PLACE.sub("", source))
            findings.append(replace(finding, source=source, reproduce=reproduce))
        results.append(replace(result, findings=tuple(findings)) if findings else result)
    return replace(judgement, results=tuple(results))
