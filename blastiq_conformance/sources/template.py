"""Texts with `{{name}}` in them: what is known is put in, what is not stays as it stands, for a rule to find."""

import re
from collections.abc import Mapping
from urllib.parse import quote

_VARIABLE = re.compile(r"\{\{\s*([^{}\s]+)\s*\}\}")
# A variable may stand for another; one that stands for itself must come to an end.
_DEEPEST = 10
# Ten rounds of doubling make much of little, and a small file may ask for it again and again.
_MOST_GROWTH = 32_768


def quote_unresolved(form: str) -> str:
    """Write what was not put in as a form would have it: its braces are no fault of the client's."""
    return _VARIABLE.sub(lambda found: quote(found[0], safe=""), form)


def resolve(text: str, variables: Mapping[str, str]) -> str:
    """Put in the variables, and those that they hold in turn."""
    longest = len(text) + _MOST_GROWTH
    for _ in range(_DEEPEST):
        resolved = _VARIABLE.sub(lambda found: variables.get(found[1], found[0]), text)
        if resolved == text or len(resolved) > longest:
            break
        text = resolved
    return text
