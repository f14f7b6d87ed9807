"""Secrets in what a process wrote, on its two outputs and in logs: what BIQ701, 702 and 706 share.

Exactly one of them reports each secret of a scenario run: BIQ702 where the debug switch is on, else BIQ706 where an
error exposed it, and BIQ701 otherwise. What the control writes as well was not exposed by an error.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from blastiq_conformance.catalogue import Problem, Severity, quote
from blastiq_conformance.evidence import Child, Evidence
from blastiq_conformance.rules.secrets.log_files import is_log
from fake_idp.secrets.redact import SHORTEST_PREFIX, Leak, Secret

_SHOWN = 40
_SHORTEST_MASKED = 4
_MASK = r"[^\s\"']{0,7}?(?:\.{3}|…|\*{3}|•{3}|x{4})"
# All JWTs begin alike: an unmasked beginning tells nothing.
_JWT = "eyJ"
_LOG = "a log"


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A secret in an output: its kind, the output, and what was written of it; `what` is empty where it was masked."""

    kind: str
    stream: str
    what: str
    received: str

    @property
    def usual(self) -> tuple[str, str, bool]:
        """What identifies it in another scenario run."""
        return self.kind, self.stream, bool(self.what)


def is_verbose(evidence: Evidence) -> bool:
    """Whether the target's debug switch was on, so that its output is BIQ702's."""
    return evidence.facts.verbose or evidence.facts.scenario == "verbose"


def printed(evidence: Evidence) -> tuple[Printed, ...]:
    """Find secrets in what the process wrote: one of each kind per output and per log."""
    return tuple(_printed(evidence, jwts=False))


def by_an_error(evidence: Evidence, found: Sequence[Printed]) -> tuple[Printed, ...]:
    """Keep what the integration writes only after an error: not what it writes where it does its work undisturbed.

    There an answer of 4xx, such as the 403 of a userinfo endpoint, keeps it from nothing.
    """
    control = evidence.control
    if not found or not evidence.troubled or (evidence.facts.benign and evidence.worked):
        return ()
    compared = control is not None and control.worked and not control.failed
    usual = {each.usual for each in _printed(control, jwts=True)} if compared and control is not None else set()
    return tuple(each for each in found if each.usual not in usual)


def problems(found: Iterable[Printed], message: str, expected: str) -> Iterator[Problem]:
    """Make a problem of each; a masked secret whose beginning shows is a warning."""
    for each in found:
        if each.what:
            yield Problem(message=f"{message}: {each.what}", expected=expected, received=each.received)
        else:
            yield Problem(
                message=f"{message}, masked but for its beginning: the {each.kind}",
                expected="no part of a secret: its length and its beginning help to guess it",
                received=each.received,
                severity=Severity.WARNING,
            )


def _printed(evidence: Evidence, *, jwts: bool) -> Iterator[Printed]:
    """Find them; masked tokens that begin as all JWTs do only on request, as a habit and not as a leak."""
    child = evidence.child
    for stream, name, text in _streams(child) if child is not None else ():
        told: set[str] = set()
        # Whole ones first: in a log of several runs, the beginning of a token may be another's.
        for leak in sorted(evidence.canaries.search.find(text), key=lambda leak: not leak.whole):
            if leak.secret.kind not in told:
                told.add(leak.secret.kind)
                kind = leak.secret.kind
                yield Printed(kind=kind, stream=stream, what=_name(leak), received=_line(name, text, leak))
        for secret, line in _masked(evidence.canaries.secrets, text):
            if secret.kind not in told and (jwts or not secret.value.startswith(_JWT)):
                told.add(secret.kind)
                yield Printed(kind=secret.kind, stream=stream, what="", received=f"{quote(name)}: {quote(line)}")


def _streams(child: Child) -> Iterator[tuple[str, str, str]]:
    """Give each output: what it is, its name, and its text."""
    for name, data in (("stdout", child.stdout), ("stderr", child.stderr)):
        if data:
            yield name, name, data.decode("utf-8", "replace")
    for file in filter(is_log, child.files):
        yield _LOG, file.path, file.content.decode("utf-8", "replace")


def _name(leak: Leak) -> str:
    kind = leak.secret.kind.replace("_", " ")
    part = f"the {kind}" if leak.whole else f"the beginning of the {kind}, {SHORTEST_PREFIX} characters or more"
    return part if leak.form == "raw" else f"{part} ({leak.form})"


def _line(stream: str, text: str, leak: Leak) -> str:
    number = text.count("\n", 0, leak.start) + 1
    start = max(text.rfind("\n", 0, leak.start) + 1, leak.start - _SHOWN)
    return f"{quote(stream)}, line {number}: {quote(text[start : leak.end])}"


def _masked(secrets: Sequence[Secret], text: str) -> Iterator[tuple[Secret, str]]:
    for secret in secrets:
        if len(secret.value) < SHORTEST_PREFIX:
            continue
        start = secret.value[:_SHORTEST_MASKED]
        if start in text and (match := re.search(re.escape(start) + _MASK, text)):
            yield secret, match[0]
