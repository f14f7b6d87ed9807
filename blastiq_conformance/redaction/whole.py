"""Whole evidence without the secrets that the kit did not issue, to be judged to the same results."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.redaction import Redaction
from fake_idp.secrets.charset_variants import as_text
from fake_idp.secrets.redact import Secret


def redact(evidence: Evidence) -> Evidence:
    """Redact one."""
    return redact_all([evidence])[0]


def redact_all(
    evidences: Sequence[Evidence], overheard: Iterable[Secret] = (), *, keep_foreign: bool = False
) -> list[Evidence]:
    """Redact what belongs together: a value has one stand-in in it; `overheard` was secret in what is not kept."""
    redaction = Redaction(keep_foreign=keep_foreign)
    for evidence in evidences:
        for text in _texts(evidence):
            redaction.spare(text)
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


def _texts(evidence: Evidence) -> Iterator[str]:
    """Give whatever an earlier redaction may have left stand-ins in."""
    for exchange in evidence.exchanges:
        request, response = exchange.request, exchange.response
        yield as_text(request.body)
        yield from (value for _, value in request.headers)
        if response is not None:
            yield as_text(response.body)
    if evidence.child is not None:
        child = evidence.child
        for words in (child.argv, *child.processes):
            yield from words
        for data in (child.stdout, child.stderr, *(file.content for file in child.files)):
            yield as_text(data)
