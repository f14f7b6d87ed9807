"""Secrets in texts of no known form: what a program masked but for its beginning, what it names, and what is shaped so.

Which names are meant says `fake_idp.secrets.secret_names`, as of fields, settings and options.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from blastiq_conformance.redaction.redacted import REDACTED
from blastiq_conformance.redaction.stand_in import StandIns
from blastiq_conformance.secrets.place import Place
from fake_idp.secrets.patterns import JWT
from fake_idp.secrets.search import Leak, beginnings, common_length
from fake_idp.secrets.secret_names import kind_of

# A name, and what it is made equal to; a quoted value may follow the bare name: password "x".
_NAMED = re.compile(
    r"(?<![<\w.-])([A-Za-z_][\w.-]{1,80})(?:[\"']?\]?\s*(?:=>|:=|[:=])\s*(?:(?:basic|bearer)\s+)?|\s+(?=[\"']))"
    r"(?:\"([^\"\n]{4,})\"|'([^'\n]{4,})'|[\"']?((?!\[(?:masked|redacted)-|\{\{)(?:[^\s\"'&,;}<>]|,(?=\S)){4,}))",
    re.IGNORECASE,
)
# Not the port of a URL whose path has an @.
_USERINFO = re.compile(r"://[^/?#@:\s]*:(?!\d*/)([^?#\s\"'<>]{1,200})@")
# Letters of both cases among digits, or so many of either: nobody writes such a word, and few programs show one.
_RANDOM = re.compile(r"[A-Za-z0-9]{12,}")
_LONG_RANDOM = 32
_DIGITS = 2
# How scripts and shells name a literal.
_QUOTED_NAME = r"[\"'`]?([A-Za-z_][\w.-]{1,60})[\"'`]?"
_VALUE = r"(?:\"((?:[^\"\\\n]|\\.)+)\"|'((?:[^'\\\n]|\\.)+)'|`([^`$]+)`)"
_LITERALS = (
    # An assignment, a member.
    re.compile(rf"{_QUOTED_NAME}\s*(?::|=(?!=))\s*{_VALUE}"),
    # Two arguments, of what sets a variable.
    re.compile(rf"\(\s*{_QUOTED_NAME}\s*,\s*{_VALUE}"),
    # A field of a form, as scripts have it.
    re.compile(rf"key[\"']?\s*:\s*{_QUOTED_NAME}\s*,\s*[\"']?value[\"']?\s*:\s*{_VALUE}"),
)
_ASSIGNED = re.compile(r"^\s*(?:export\s+|set\s+)?([A-Za-z_]\w{1,60})=([^\s\"'$`&]+)()()\s*$", re.MULTILINE)
WHOLE_JWT = re.compile(r"eyJ[\w-]{10,}\.[\w-]+\.[\w-]+")

Stand = Callable[[str], str]


def masked(text: str, stand_ins: StandIns) -> str:
    """Replace the beginning that a program left of a secret."""
    secrets = [secret for secret in stand_ins.secrets.values() if not secret.value.startswith(JWT)]
    for leak in sorted(beginnings(text, secrets), key=lambda leak: -leak.start):
        length = common_length(text[leak.start :], leak.secret.value)
        left = stand_ins.of(leak.secret.kind, leak.secret.value)[:length]
        text = text[: leak.start] + left + text[leak.start + length :]
    return text


def named(text: str, kept: Sequence[Leak], stand_in: Stand) -> str:
    """Replace what follows the name of a secret, and a password in a URL, but for words of a value that was `kept`."""
    pieces: list[str] = []
    end = 0
    for start, stop in sorted(_spots(text)):
        value = text[start:stop]
        if start < end or REDACTED.search(value) or any(leak.start <= start and stop <= leak.end for leak in kept):
            continue
        pieces += (text[end:start], stand_in(value))
        end = stop
    return "".join((*pieces, text[end:])) if pieces else text


def _spots(text: str) -> Iterator[tuple[int, int]]:
    for match in _NAMED.finditer(text):
        if kind_of(match[1]) not in {None, "username"}:
            yield match.span(match.lastindex or 0)
    for match in _USERINFO.finditer(text):
        yield match.span(1)


def shaped(text: str, stand_in: Stand) -> str:
    """Replace what looks as if a machine had drawn it."""

    def shown(match: re.Match[str]) -> str:
        word = match[0]
        mixed = len(word) >= _LONG_RANDOM or (word.upper() != word != word.lower())
        return stand_in(word) if mixed and sum(map(str.isdigit, word)) >= _DIGITS else word

    return _RANDOM.sub(shown, text)


def literals(text: str) -> Iterator[Place]:
    """Give each literal that a script or a text names as a secret, and each JWT."""
    for pattern in (*_LITERALS, _ASSIGNED):
        for match in pattern.finditer(text):
            value = next((group for group in match.groups()[1:] if group), "")
            kind = kind_of(match[1].rpartition(".")[2])
            if kind is not None and "{{" not in value and "${" not in value:
                yield Place(kind, re.sub(r"\\(.)", r"\1", value))
    for match in WHOLE_JWT.finditer(text):
        yield Place("access_token", match[0])
