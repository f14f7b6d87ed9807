"""Secrets in texts of no known form: those that a program masked but for their beginning, and those that it names."""

import re
from collections.abc import Callable, Sequence

from blastiq_conformance.redaction.stand_in import MARK, StandIns
from fake_idp.redact import PLACEHOLDER, SHORTEST_PREFIX, Leak

# A program's own words: where they name a secret, what follows is one.
_NAMED = re.compile(
    r"(?<![<a-z_])([a-z_]*(?:password|passwd|client_secret|secret|access_token|refresh_token|id_token|api_?key|authorization)"
    r"[\"']?\s*[:=]\s*[\"']?(?:(?:basic|bearer)\s+)?)((?!\[(?:masked|redacted)-|\{\{)[^\s\"'&,;}<>]{4,})",
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
            mark = marks.of(secret.kind, secret.value)
            # Of a mark that has the form of another tool's, four characters are a beginning as of any value.
            left = mark[:-1] if PLACEHOLDER.fullmatch(mark) else mark[:_SHORTEST_MASKED]
            text = re.sub(re.escape(beginning) + _MASK, left, text)
    return text


def named(text: str, kept: Sequence[Leak], stand_in: Callable[[str], str]) -> str:
    """Replace what follows the name of a secret, unless that is a word of a value that was `kept`."""

    def shown(match: re.Match[str]) -> str:
        start, end = match.span(2)
        stays = MARK.search(match[2]) or any(leak.start <= start and end <= leak.end for leak in kept)
        return match[0] if stays else match[1] + stand_in(match[2])

    return _NAMED.sub(shown, text)
