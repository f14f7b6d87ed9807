"""Texts with `{{name}}` in them: known variables are replaced, unknown ones stay for a rule to find."""

import re
from collections.abc import Mapping
from urllib.parse import quote

_VARIABLE = re.compile(r"\{\{\s*([^{}\s]+)\s*\}\}")
# A variable may contain another one; a circle must end.
_DEEPEST = 10
# Ten rounds of doubling make a small text huge, and a small file may do it again and again.
_MOST_GROWTH = 32_768


def quote_unresolved(form: str) -> str:
    """Form-encode unresolved variables: their braces are not a mistake of the client."""
    return _VARIABLE.sub(lambda found: quote(found[0], safe=""), form)


def resolve(text: str, variables: Mapping[str, str]) -> str:
    """Replace the variables, and those in their values."""
    longest = len(text) + _MOST_GROWTH
    for _ in range(_DEEPEST):
        resolved = _VARIABLE.sub(lambda found: variables.get(found[1], found[0]), text)
        if resolved == text or len(resolved) > longest:
            break
        text = resolved
    return text
