"""Whole evidence without the secrets that the kit did not issue, to be judged to the same results."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.redaction import Redaction
from blastiq_conformance.sources.recording import write
from fake_idp.secrets.search import Secret


def redact(evidence: Evidence) -> Evidence:
    """Redact one."""
    return redact_all([evidence])[0]


def redact_all(
    evidences: Sequence[Evidence], overheard: Iterable[Secret] = (), *, keep_foreign: bool = False
) -> list[Evidence]:
    """Redact what belongs together: a value has one stand-in in it; `overheard` was secret in what is not kept."""
    redaction = Redaction(keep_foreign=keep_foreign)
    for evidence in evidences:
        redaction.spare(write(evidence))
        redaction.learn_facts(evidence.facts)
        redaction.learn(evidence.exchanges)
    redaction.learn_overheard(overheard)
    return [_redacted(evidence, redaction) for evidence in evidences]


def _redacted(evidence: Evidence, redaction: Redaction) -> Evidence:
    redaction.learn_facts(evidence.facts)
    return replace(
        evidence,
        exchanges=tuple(map(redaction.exchange, evidence.exchanges)),
        connections=tuple(map(redaction.connection, evidence.connections)),
        child=None if evidence.child is None else redaction.child(evidence.child),
        facts=redaction.facts(evidence.facts),
    )
