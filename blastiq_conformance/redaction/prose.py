"""Secrets in texts of no known form: those that a program masked but for their beginning, and those that it names."""

import re
from collections.abc import Callable

from blastiq_conformance.redaction.stand_in import MARK, StandIns
from fake_idp.redact import SHORTEST_PREFIX

# A program's own words: where they name a secret, what follows is one.
_NAMED = re.compile(
    r"(?<![<a-z_])([a-z_]*(?:password|passwd|client_secret|secret|access_token|refresh_token|id_token|authorization)"
    r"[\"']?\s*[:=]\s*[\"']?(?:(?:basic|bearer)\s+)?)((?!\[(?:masked|redacted) |\{\{)[^\s\"'&,;}<>]{4,})",
    re.IGNORECASE,
)
_MASK = r"(?=[^\s\"']{0,7}?(?:\.{3}|…|\*{3}|•{3}|x{4}))"
_SHORTEST_MASKED = 4
# Every JWT begins alike: that tells nothing.
_JWT = "eyJ"


def masked(text: str, marks: StandIns) -> str:
    """Replace the beginning that a program left of a secret: four characters tell a part of it (BIQ701)."""
    for secret in marks.secrets:
        beginning = secret.value[:_SHORTEST_MASKED]
        if len(secret.value) >= SHORTEST_PREFIX and beginning in text and not secret.value.startswith(_JWT):
            mark = marks.of(secret.kind, secret.value)[:-1]
            text = re.sub(re.escape(beginning) + _MASK, mark, text)
    return text


def named(text: str, stand_in: Callable[[str], str]) -> str:
    """Replace what follows the name of a secret."""
    return _NAMED.sub(lambda match: match[1] + (match[2] if MARK.search(match[2]) else stand_in(match[2])), text)
