"""Reports: judgements of scenarios or recordings put together, with the verdict on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from blastiq_conformance.catalogue import Outcome, Profile, Result, Rule
from blastiq_conformance.editions import CURRENT
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.conduct import conduct
from blastiq_conformance.evidence.grouping import grouped
from blastiq_conformance.evidence.quotation import Text
from blastiq_conformance.report.account import Judgement, SourceKind, file_of
from blastiq_conformance.report.reproduction import Reproduction
from blastiq_conformance.report.shape import Model, ReportShape, SubjectShape
from blastiq_conformance.report.sign_ins import sign_ins
from blastiq_conformance.report.verdict import Conclusion, Verdict, conclude, merge
from blastiq_conformance.report.waivers import Standing, Waivers

__all__ = ["Judgement", "Report", "Reproduction", "SourceKind", "several"]


@dataclass(frozen=True, kw_only=True)
class Report:
    """What was judged, and what follows from it: results by rule, waivers, the verdict; to be written in any format.

    `rules` are those that were asked for: one without a result is inapplicable, and results of others are left out.
    `again` says how to reproduce findings. `left_out` says why scenarios did not run. `text` says why nothing could be
    judged: what happened, what was expected and what to do. An `interrupted` run is incomplete at best, whatever was
    allowed. `subjects`: what was judged, by digests.
    """

    judged: Sequence[Judgement] = field(default=(), kw_only=False)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    target: str = "default"
    version: str = ""
    profile: Profile = Profile.ARTICLE
    edition: str = CURRENT
    command: Sequence[str] = field(default=(), repr=False)
    source_kind: SourceKind = "run"
    allow_untested: bool = False
    interrupted: bool = False
    notes: Sequence[str] = field(default=(), repr=False)
    left_out: Mapping[str, str] = field(default_factory=dict)
    text: str = field(default="", repr=False)
    waivers: Waivers = field(default_factory=Waivers)
    again: Reproduction = field(default_factory=Reproduction)
    subjects: Sequence[SubjectShape] = ()

    @property
    def recorded(self) -> bool:
        """Whether recordings were judged, not a run."""
        return self.source_kind == "check"

    @cached_property
    def judgements(self) -> tuple[Judgement, ...]:
        """What was judged, with what is waived, and how to reproduce each finding."""
        return tuple(map(self._finish, self.judged))

    @cached_property
    def standings(self) -> tuple[Standing, ...]:
        """The state of each waiver."""
        return self.waivers.standings([(judgement.scenario, judgement.results) for judgement in self.judgements])

    @cached_property
    def by_rule(self) -> Mapping[str, Sequence[tuple[int, Result]]]:
        """The results of each rule, each with the index of its judgement."""
        return grouped(
            (result.rule, (index, result))
            for index, judgement in enumerate(self.judgements)
            for result in judgement.results
        )

    @cached_property
    def results(self) -> tuple[Result, ...]:
        """One result for each rule that was asked for."""
        return tuple(merge(rule, [result for _, result in self.by_rule.get(rule, ())]) for rule in sorted(self.rules))

    @cached_property
    def conclusion(self) -> Conclusion:
        """The verdict with what explains it."""
        if self.text:
            return Conclusion(verdict=Verdict.NOT_RUN, interrupted=self.interrupted)
        return conclude(
            self.results,
            [standing.state for standing in self.standings],
            binding={rule for rule, told in self.rules.items() if told.level.binding},
            recorded=sign_ins(self.judgements) if self.recorded else None,
            interrupted=self.interrupted,
            allow_untested=self.allow_untested,
        )

    @property
    def verdict(self) -> Verdict:
        """The verdict on the integration as a whole."""
        return self.conclusion.verdict

    @property
    def exit_code(self) -> int:
        """The exit code of the command line (contract.md 3)."""
        return self.conclusion.exit_code

    @property
    def remarks(self) -> list[str]:
        """The notes, each once, and the rules with findings that are newer than the edition."""
        coming = [self.rules[result.rule] for result in self.results if result.findings]
        newer = [
            f"coming: {rule.id} {rule.name} is newer than the edition {self.edition}, and informs until that is raised"
            for rule in coming
            if rule.coming
        ]
        return list(dict.fromkeys((*self.notes, *newer)))

    def to_model(self) -> ReportShape:
        """Give the JSON model that every writer is fed from: redacted, and the same for the same judgements."""
        return self._model

    @cached_property
    def _model(self) -> ReportShape:
        from blastiq_conformance.report.model import build  # a passing test needs no model

        return build(self)

    def _finish(self, judgement: Judgement) -> Judgement:
        evidence, file = judgement.evidence, judgement.file
        results = []
        for result in self.waivers.apply(judgement.scenario, judgement.results):
            findings = []
            for finding in result.findings:
                source = finding.source or (file if self.recorded else "run")
                place = file_of(finding.source) or file
                again = finding.reproduce or self.again.line(finding, evidence.facts, place, self.profile)
                findings.append(replace(finding, source=source, reproduce=again))
            results.append(replace(result, findings=tuple(findings)) if findings else _told(result, evidence))
        return replace(judgement, results=tuple(results))


def several(models: Sequence[ReportShape]) -> Model:
    """Put the models of several targets into one; a single one stays as it is."""
    if len(models) == 1:
        return models[0]
    return {"schema": "blastiq-reports/1", "reports": list(models)}


def _told(result: Result, evidence: Evidence) -> Result:
    """Add to an untested result what the integration did instead."""
    if result.outcome is not Outcome.UNTESTED or evidence.child is None:
        return result
    where = f"in {scenario} " if (scenario := evidence.facts.scenario) else ""
    return replace(result, reason=Text(f"{result.reason}; {where}the integration {conduct(evidence)}"))
