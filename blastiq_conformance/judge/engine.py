"""The judge: a pure function from evidence and rules to results, for live runs and recordings alike."""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from blastiq_conformance.catalogue import Finding, Outcome, Part, Problem, Profile, Result, Rule, Severity, worst
from blastiq_conformance.catalogue.symptoms import Symptom, symptoms
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.conduct import lateness
from blastiq_conformance.evidence.quotation import Text
from blastiq_conformance.evidence.selection import Selection
from fake_idp.journal import Exchange


def judge(evidence: Evidence, rules: Iterable[Rule], profile: Profile = Profile.ARTICLE) -> list[Result]:
    """Judge the evidence by each rule, in the order given; the same input gives the same results."""
    edited = any(x.edited for x in evidence.exchanges)
    sources = {x.number: x.source for x in evidence.exchanges if x.source}
    with garbage_kept():
        return [_judge_one(evidence, rule, profile, edited, sources) for rule in rules]


@contextmanager
def garbage_kept() -> Iterator[None]:
    """Hold back the garbage collector: it would search the evidence again and again, and find nothing to free."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _judge_one(evidence: Evidence, rule: Rule, profile: Profile, edited: bool, sources: dict[int, str]) -> Result:
    suspects = rule.select(evidence)
    checked = suspects.checked if isinstance(suspects, Selection) else len(suspects)
    held_up = lateness(evidence)
    if not checked or (held_up and rule.conduct):
        return _unjudged(rule, checked, held_up)
    findings: list[Finding] = []
    # That the client stopped proves nothing either; that it went on does.
    doubt, alike, alone = held_up if rule.refusal is not None else "", False, False
    for subject in suspects:
        lost = _lost(subject, rule) if edited else ""
        problems: Sequence[Problem] = tuple(rule.check(subject))
        if lost and not rule.seen and not problems:
            doubt = lost
        for problem in problems:
            if problem.doubt or (lost and problem.missing) or (held_up and problem.symptom is not None):
                doubt = problem.doubt or held_up or lost
                alone |= bool(problem.doubt) and evidence.control is None
            elif problem.symptom is not None and _control_shows(evidence, problem.symptom):
                # D36: the oddity did not cause what the client does anyway.
                doubt, alike = f"the same happens where nothing is odd: the integration {problem.symptom}", True
            else:
                alone |= problem.symptom is not None and evidence.control is None
                findings.append(_finding(problem, subject, rule, profile, evidence, sources))
    if findings:
        return Result(
            rule=rule.id,
            outcome=Outcome.FAILED,
            severity=worst(findings),
            findings=tuple(findings),
            checked=checked,
            alone=alone,
        )
    if not doubt and rule.refusal is not None and (doubt := _unproved(evidence, rule.refusal)):
        alike, alone = evidence.control is not None, evidence.control is None
    outcome = Outcome.CANT_TELL if doubt else Outcome.PASSED
    return Result(rule=rule.id, outcome=outcome, checked=checked, reason=doubt, alike=alike, alone=alone)


_NOT_COMPARED = "; nothing was compared: there is no run of this client in which nothing is odd"
_ABSENT = {
    Outcome.UNTESTED: "nothing was seen that this rule could judge",
    Outcome.INAPPLICABLE: "the client did not use this feature, or the scenario did not occur",
}


def _unjudged(rule: Rule, checked: int, held_up: str) -> Result:
    """Give the result where there is no subject, or none that proves anything because the kit was late."""
    if checked:
        return Result(rule=rule.id, outcome=Outcome.CANT_TELL, checked=checked, reason=held_up)
    reason = held_up if rule.absent is Outcome.UNTESTED else ""
    return Result(rule=rule.id, outcome=rule.absent, reason=reason or _ABSENT[rule.absent])


def _control_shows(evidence: Evidence, symptom: Symptom) -> bool:
    control = evidence.control
    return control is not None and symptom in symptoms(control, evidence.facts.api_calls)


def _unproved(evidence: Evidence, stopped: Symptom) -> str:
    """Say why it proves nothing that the client stopped; empty where the client goes on when nothing is odd (D36)."""
    if stopped not in symptoms(evidence, evidence.facts.api_calls):
        return ""
    if evidence.control is None:
        return "the integration stopped, but nothing was compared: it was not seen to go on where nothing is odd"
    if _control_shows(evidence, stopped):
        return f"the integration stops as well where nothing is odd: it {stopped}"
    return ""


def _lost(subject: object, rule: Rule) -> str:
    if rule.reads is Part.NOTHING:
        return ""
    return next((x.edited for x in _exchanges(subject) if x.edited and _concerns(x, rule.reads)), "")


def _concerns(exchange: Exchange, reads: Part) -> bool:
    # Where a source cannot say what was lost, anything may be.
    return not exchange.lost or any(Part[part.upper()] in reads for part in exchange.lost)


def _exchange(subject: object) -> Exchange | None:
    """Give the exchange that a subject is about; None for a subject of several."""
    return subject if isinstance(subject, Exchange) else getattr(subject, "exchange", None)


def _exchanges(subject: object) -> tuple[Exchange, ...]:
    """Give the exchanges that a subject rests on: those that it names, or the one that it is about."""
    own = _exchange(subject)
    exchanges: tuple[Exchange, ...] = getattr(subject, "exchanges", () if own is None else (own,))
    return exchanges


def _finding(
    problem: Problem, subject: object, rule: Rule, profile: Profile, evidence: Evidence, sources: dict[int, str]
) -> Finding:
    own, facts = _exchange(subject), evidence.facts
    number = own.number if problem.exchange is None and own is not None else problem.exchange
    alone = problem.symptom is not None and evidence.control is None
    return Finding(
        rule=rule.id,
        severity=_severity(problem, rule, profile),
        message=Text(problem.message),
        expected=Text(problem.expected),
        received=Text(f"{problem.received}{_NOT_COMPARED}" if alone else problem.received),
        parameter=Text(problem.parameter),
        scenario=facts.scenario,
        variant=facts.variant,
        source=sources.get(number, "") if number is not None else "",
        exchange=number,
        fix=problem.fix or rule.instead,
    )


def _severity(problem: Problem, rule: Rule, profile: Profile) -> Severity:
    severity = Severity.INFO if rule.coming else problem.severity or rule.severity
    match profile:
        case Profile.STRICT if severity is Severity.WARNING:
            return Severity.ERROR
        case Profile.LENIENT if severity is Severity.ERROR and problem.tolerated:
            return Severity.WARNING
        case _:
            return severity
