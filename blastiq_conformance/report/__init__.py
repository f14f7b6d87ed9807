"""Reports: judgements of scenarios or recordings put together, with the verdict on them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from blastiq_conformance.catalogue import Outcome, Profile, Result, Rule
from blastiq_conformance.editions import CURRENT
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.conduct import conduct
from blastiq_conformance.evidence.quotation import Text
from blastiq_conformance.report.account import Account, Judgement, SourceKind, file_of
from blastiq_conformance.report.reproduction import Reproduction
from blastiq_conformance.report.shape import Model, ReportShape
from blastiq_conformance.report.sign_ins import sign_ins
from blastiq_conformance.report.verdict import Verdict, conclude, merge
from blastiq_conformance.report.waivers import Waivers

__all__ = ["Judgement", "Report", "Reproduction", "SourceKind", "assemble", "not_run", "several"]

_UNKNOWN = Reproduction()


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
    version: str = "",
    profile: Profile = Profile.ARTICLE,
    rules: Mapping[str, Rule],
    command: Sequence[str] = (),
    source_kind: SourceKind = "run",
    allow_untested: bool = False,
    notes: Sequence[str] = (),
    left_out: Mapping[str, str] | None = None,
    waivers: Waivers | None = None,
    again: Reproduction = _UNKNOWN,
    interrupted: bool = False,
    edition: str = CURRENT,
) -> Report:
    """Merge judgements into a report, in the order given; `left_out` says why scenarios did not run.

    `rules` are those that were asked for: one without a result is inapplicable, and results of others are left out.
    `again` says how to reproduce findings. An `interrupted` run is incomplete at best, whatever was allowed.
    """
    waivers = waivers or Waivers()
    recorded = source_kind == "check"
    finished = tuple(_finish(judgement, again, profile, waivers, recorded=recorded) for judgement in judgements)
    standings = waivers.standings([(judgement.scenario, judgement.results) for judgement in finished])
    by_rule: dict[str, list[Result]] = {rule: [] for rule in sorted(rules)}
    for judgement in finished:
        for result in judgement.results:
            if result.rule in by_rule:
                by_rule[result.rule].append(result)
    results = tuple(merge(rule, found) for rule, found in by_rule.items())
    verdict, forgiven = conclude(
        results,
        [standing.state for standing in standings],
        binding={rule for rule, told in rules.items() if told.level.binding},
        recording_shows=sign_ins(finished).shows_one if recorded else None,
        interrupted=interrupted,
        allow_untested=allow_untested,
    )
    coming = [rules[result.rule] for result in results if result.findings and rules[result.rule].coming]
    newer = [
        f"coming: {rule.id} {rule.name} is newer than the edition {edition}, and informs until that is raised"
        for rule in coming
    ]
    return Report(
        target=target,
        version=version,
        profile=profile,
        verdict=verdict,
        results=results,
        judgements=finished,
        rules=rules,
        command=tuple(command),
        source_kind=source_kind,
        notes=tuple(dict.fromkeys((*notes, *newer))),
        left_out=left_out or {},
        forgiven=forgiven,
        interrupted=interrupted,
        waivers=waivers,
        standings=standings,
        again=again,
        edition=edition,
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


def _finish(
    judgement: Judgement, again: Reproduction, profile: Profile, waivers: Waivers, *, recorded: bool
) -> Judgement:
    evidence, file = judgement.evidence, judgement.file
    results = []
    for result in waivers.apply(judgement.scenario, judgement.results):
        findings = []
        for finding in result.findings:
            source = finding.source or (file if recorded else "run")
            place = file_of(finding.source) or file
            reproduce = finding.reproduce or again.line(finding, evidence.facts, place, profile)
            findings.append(replace(finding, source=source, reproduce=reproduce))
        results.append(replace(result, findings=tuple(findings)) if findings else _told(result, evidence))
    return replace(judgement, results=tuple(results))


def _told(result: Result, evidence: Evidence) -> Result:
    """Add to an untested result what the integration did instead."""
    if result.outcome is not Outcome.UNTESTED or evidence.child is None:
        return result
    where = f"in {scenario} " if (scenario := evidence.facts.scenario) else ""
    return replace(result, reason=Text(f"{result.reason}; {where}the integration {conduct(evidence, evidence.child)}"))
