"""A report as JSON: every text redacted, and the same bytes for the same judgements."""

from collections.abc import Iterator
from dataclasses import replace

from blastiq_conformance import __version__
from blastiq_conformance.evidence.grouping import grouped
from blastiq_conformance.report import Report, runs
from blastiq_conformance.report.account import file_of
from blastiq_conformance.report.exchanges import Shown
from blastiq_conformance.report.families import gravest, states
from blastiq_conformance.report.other_hosts import other_hosts
from blastiq_conformance.report.results import count, show_result
from blastiq_conformance.report.rule_set import rule_set
from blastiq_conformance.report.shape import ReportShape, ScenarioShape, SubjectShape
from blastiq_conformance.report.sign_ins import sign_ins
from blastiq_conformance.report.verdict import headlines
from blastiq_conformance.secrets.cleaner import Cleaner

# What only a person can check, because no traffic shows it (D20).
_MANUAL = (
    "For an attended integration: a ticket was raised with BlastIQ Support before it was built (article A7).",
    "Service User credentials are stored encrypted, and only the integration can read them (article A10).",
    "The customer enters the credentials through a screen that is safe and plain (article A10).",
    "The token request is made by a maintained client library, not by hand-made code (article A13).",
    "Where no second sign-in is needed, the password is discarded once the token is there (RFC 6749 4.3.1).",
    "The Service User has no more rights than the integration needs, and sees the one site it is for (article A9).",
    "Data is fetched as modified since the last time, where the API offers it (the sister article on API limits).",
    "For an attended integration: the sign-in opens in the system's browser, not in an embedded one (RFC 8252 8.12).",
)


def build(report: Report) -> ReportShape:
    """Give the whole model, with every text redacted."""
    recorded = report.recorded
    cleaner = Cleaner(
        (judgement.evidence for judgement in report.judgements),
        live=not recorded,
        command=() if recorded else report.command,
        more=(secret for judgement in report.judgements for secret in judgement.overheard),
    )
    shown = Shown(report.judgements, cleaner)
    # First, so that it has room whatever was found.
    first = runs.sign_in(shown)
    results = [show_result(result, report, shown) for result in report.results]
    exchanges = [exchange for judgement in report.judgements for exchange in judgement.evidence.exchanges]
    times = sorted(exchange.at for exchange in exchanges if exchange.at)
    files = dict.fromkeys(file_of(exchange.source) for exchange in exchanges) if recorded else ()
    seen = sign_ins(report.judgements)
    # An error is the server's text, which may be anything.
    seen["refusals"] = list(map(cleaner.quoted, seen["refusals"]))
    return {
        "schema": "blastiq-report/1",
        "tool": {
            "name": "blastiq-conformance",
            "version": __version__,
            "rules": rule_set(report.rules, report.edition),
        },
        "source": report.source_kind,
        "target": cleaner.text(report.target),
        "subjects": [_subject(subject, cleaner) for subject in report.subjects],
        "version": cleaner.text(report.version),
        "command": cleaner.command(report.command),
        "profile": str(report.profile),
        "verdict": str(report.verdict),
        "exit_code": report.exit_code,
        "meaning": replace(report.conclusion, recorded=seen if recorded else None).meaning,
        "text": cleaner.text(report.text),
        "headlines": [{**line, "reason": cleaner.text(line["reason"])} for line in headlines(report.results)],
        "counts": count(report.results),
        "scenarios": [] if recorded else list(_scenarios(report)),
        "files": list(map(cleaner.text, files)),
        "token_requests": seen,
        "other_hosts": other_hosts((judgement.evidence for judgement in report.judgements), cleaner),
        "left_out": [{"scenario": slug, "reason": reason} for slug, reason in report.left_out.items()],
        "notes": [cleaner.text(note) for note in report.remarks],
        "results": results,
        "waivers": [standing.show(cleaner.text) for standing in report.standings],
        "manual": list(_MANUAL),
        "sign_in": first,
        "exchanges": list(shown.models),
        "volatile": runs.volatile(map(cleaner.quoted, times[:1] + times[-1:]), runs.chosen(shown)),
    }


def _subject(subject: SubjectShape, cleaner: Cleaner) -> SubjectShape:
    # Member by member: a bundle keeps them in another order, but a report must have the same bytes.
    return {
        "name": cleaner.text(subject["name"]),
        "kind": subject["kind"],
        "digest": subject["digest"],
        "commit": subject["commit"],
        "dirty": subject["dirty"],
    }


def _scenarios(report: Report) -> Iterator[ScenarioShape]:
    for scenario, judged in grouped((judgement.scenario, judgement) for judgement in report.judgements).items():
        children = [judgement.evidence.child for judgement in judged]
        yield {
            "scenario": scenario,
            "plays": len(judged),
            "exchanges": sum(len(judgement.evidence.exchanges) for judgement in judged),
            "token_requests": sum(len(judgement.evidence.token_requests) for judgement in judged),
            "families": gravest(
                states(each for each in judgement.results if each.rule in report.rules) for judgement in judged
            ),
            "exit_statuses": [None if child is None else child.exit_status for child in children],
        }
