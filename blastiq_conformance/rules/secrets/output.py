"""What a process wrote, and the secrets in it; the shared half of BIQ701, BIQ702 and BIQ706."""

import re
from collections.abc import Iterator, Sequence

from blastiq_conformance.canaries import is_long
from blastiq_conformance.catalogue import Flaw, Severity
from blastiq_conformance.credential import is_placeholder
from blastiq_conformance.evidence import Child, Evidence
from fake_idp.redact import SHORTEST_PREFIX, Leak, Secret

_SHOWN = 40
_SHORTEST_MASKED = 4
_MASK = r"[^\s\"']{0,7}?(?:\.{3}|…|\*{3}|•{3}|x{4})"
# Every JWT begins alike: what stands before its mask tells nothing.
_JWT = "eyJ"


def streams(child: Child) -> Iterator[tuple[str, str]]:
    """Give the two outputs by name, as text."""
    for name, data in (("stdout", child.stdout), ("stderr", child.stderr)):
        if data:
            yield name, data.decode("utf-8", "replace")


def is_verbose(evidence: Evidence) -> bool:
    """Whether the target's debug switch was on, so that what it writes is BIQ702's."""
    return evidence.facts.verbose or evidence.facts.scenario == "verbose"


def printed_secrets(evidence: Evidence, message: str, expected: str) -> Iterator[Flaw]:
    """Find secrets in what the process wrote, one finding for each kind and stream; masked beginnings are a warning."""
    child = evidence.child
    for stream, text in streams(child) if child is not None else ():
        told: set[str] = set()
        for leak in evidence.canaries.search.find(text):
            if leak.secret.kind not in told:
                told.add(leak.secret.kind)
                yield Flaw(message=f"{message}: {_name(leak)}", expected=expected, received=_line(stream, text, leak))
        for secret, line in _masked(evidence.canaries.secrets, text):
            if secret.kind not in told:
                told.add(secret.kind)
                yield Flaw(
                    message=f"{message}, masked but for its beginning: the {secret.kind}",
                    expected="no part of a secret: its length and its beginning help to guess it",
                    received=f"{stream}: {line}",
                    severity=Severity.WARNING,
                )


def _name(leak: Leak) -> str:
    kind = leak.secret.kind.replace("_", " ")
    part = f"the {kind}" if leak.whole else f"the beginning of the {kind}, {SHORTEST_PREFIX} characters or more"
    return part if leak.form == "raw" else f"{part} ({leak.form})"


def _line(stream: str, text: str, leak: Leak) -> str:
    number = text.count("\n", 0, leak.start) + 1
    start = max(text.rfind("\n", 0, leak.start) + 1, leak.start - _SHOWN)
    return f"{stream}, line {number}: {text[start : leak.end]}"


def _masked(secrets: Sequence[Secret], text: str) -> Iterator[tuple[Secret, str]]:
    for secret in secrets:
        if not is_long(secret.value) or secret.value.startswith(_JWT):
            continue
        # A placeholder whose end is masked stands for a value whose end was.
        beginning = secret.value[:-1] if is_placeholder(secret.value) else secret.value[:_SHORTEST_MASKED]
        if beginning in text and (match := re.search(re.escape(beginning) + _MASK, text)):
            yield secret, match[0]
