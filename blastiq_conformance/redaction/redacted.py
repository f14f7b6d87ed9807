"""What an earlier redaction left: stand-ins of values, and of what other tools had put in the place of values."""

import re

from blastiq_conformance import __version__
from blastiq_conformance.evidence.api_call import ACCESS_TOKEN
from blastiq_conformance.evidence.parameters import is_template
from blastiq_conformance.sources.edited import foreign
from fake_idp.secrets.patterns import SHORTEST_PREFIX
from fake_idp.secrets.stand_in import STAND_IN, is_stand_in

# What another tool had put there, or a template that nobody filled in, as an earlier redaction numbered it.
_MASK = (
    r"<(?:redacted-\d+-[a-z_]+|masked-\d+)>|\[(?:redacted-\d+-[a-z_]+|masked-\d+)\]"
    r"|[rm](?<![\w-][rm])(?:edacted-\d+-[a-z_]+|asked-\d+)(?![\w-])|\{\{(?:\d+-[a-z_]+|no-\d+)\}\}"
)
REDACTED = re.compile(f"{_MASK}|{STAND_IN.pattern}")
_WHOLE_MASK = re.compile(_MASK)

# What a client may put around a token: quotes, brackets, a second scheme.
MOST_AROUND = 12
# Less beside a known value is a name, or what parts the two.
SHORTEST_PIECE = 8

# The member, or the line, by which a file says once what stands in it.
NOTE = "_redacted"
_NOTED = "the secrets in this file are stand-ins, written by blastiq"
NOTED = f"{_NOTED} {__version__}"


def noted(text: str, comment: str) -> str:
    """Give a text with the note in a line of its own, behind the line that names a shell."""
    lines = [line for line in text.split("\n") if not line.startswith(comment + _NOTED)]
    lines.insert(lines[0].startswith("#!"), comment + NOTED)
    return "\n".join(lines)


def mask_of(kind: str, value: str) -> str | None:
    """Give what stands for another tool's mask, or for a template, with a place for its number; None for a value."""
    short = len(value) < SHORTEST_PREFIX
    # A scheme before it is taken for that of a header, and here there is none.
    match foreign(f"Bearer {value}"), is_template(value):
        case True, True:
            return "<masked-{}>" if short else f"<redacted-{{}}-{kind}>"
        case True, False:
            form = "masked-{}" if short else f"redacted-{{}}-{kind}"
            return form if ACCESS_TOKEN.fullmatch(value) else f"[{form}]"
        case False, True:
            return "{{{{no-{}}}}}" if short else f"{{{{{{{{{{}}-{kind}}}}}}}}}"
    return None


def is_redacted(value: str) -> bool:
    """Whether a value is what an earlier redaction left."""
    return is_stand_in(value) or _WHOLE_MASK.fullmatch(value) is not None


def is_redacted_token(value: str) -> bool:
    """Whether a value is a stand-in, with what a client may put around a token."""
    around = REDACTED.sub("\0", value).split("\0")
    return len(around) > 1 and (len("".join(around)) <= MOST_AROUND or max(map(len, around)) < SHORTEST_PIECE)
