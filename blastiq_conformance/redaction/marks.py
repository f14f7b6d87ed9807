"""The marks that stand for secrets; docs/secrets.md says what each form tells of its value.

No mark has a blank, which would end a token; numbers stand within the twelve characters that tell two values apart.
"""

import re

from blastiq_conformance import __version__
from blastiq_conformance.evidence.parameters import is_template
from blastiq_conformance.evidence.stand_in import ACCESS_TOKEN
from blastiq_conformance.sources.edited import foreign
from fake_idp.secrets.redact import SHORTEST_PREFIX

# A mark of an earlier redaction, the beginning of one too.
MARK = re.compile(
    r"<[a-z_]+:\d+>?|<(?:redacted-\d+-[a-z_]+|masked-\d+)>|\[(?:redacted-\d+-[a-z_]+|masked-\d+)\]"
    r"|(?<![\w-])(?:redacted-\d+-[a-z_]+|masked-\d+)(?![\w-])|\{\{(?:\d+-[a-z_]+|no-\d+)\}\}"
)
ENCODED_MARK = re.compile(rf"{MARK.pattern}|%3[Cc][a-z_]+%3[Aa]\d+(?:%3[Ee]|>)?")

# The member, or the line, by which a file says once what stands in it.
NOTE = "_redacted"
_NOTED = "the secrets in this file are stand-ins, written by blastiq"


def note() -> str:
    """Say what stands in the place of secrets, and by which version."""
    return f"{_NOTED} {__version__}"


def noted(text: str, comment: str) -> str:
    """Give a text with the note in a line of its own, behind the line that names a shell."""
    lines = [line for line in text.split("\n") if not line.startswith(comment + _NOTED)]
    lines.insert(lines[0].startswith("#!"), comment + note())
    return "\n".join(lines)


def form_of(kind: str, value: str, qualities: str) -> str:
    """Give the mark of a value, with a place for its number."""
    short = len(value) < SHORTEST_PREFIX
    # A scheme before it is taken for that of a header, and here there is none.
    match foreign(f"Bearer {value}"), is_template(value):
        case True, True:
            form = "<masked-{}>" if short else f"<redacted-{{}}-{kind}>"
        case True, False:
            form = "masked-{}" if short else f"redacted-{{}}-{kind}"
            form = form if ACCESS_TOKEN.fullmatch(value) else f"[{form}]"
        case False, True:
            form = "{{{{no-{}}}}}" if short else f"{{{{{{{{{{}}-{kind}}}}}}}}}"
        case _:
            length = "short_" if short and kind != "username" else ""
            form = f"<{length}{qualities}{kind}:{{}}>"
    return form
