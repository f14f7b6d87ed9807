"""JSON as RFC 8259 has it: no NaN, no member twice, no nesting without end."""

import json
from collections import Counter
from typing import cast

from blastiq_conformance.sources.source_error import SourceError
from fake_idp.wire import Json


def parse_json(file: str, text: str) -> Json:
    """Parse; raises SourceError with the line."""
    try:
        parsed = cast("Json", json.loads(text, object_pairs_hook=unique, parse_constant=_refuse))
    except json.JSONDecodeError as error:
        place, what = f"line {error.lineno}, column {error.colno}", f"broken JSON ({error.msg})"
        advice = "export it again; it may have been cut off"
    except RecursionError:
        place, what, advice = "", "JSON nested too deeply", "export the traffic again, from another tool"
    except ValueError as error:
        place, what, advice = "", f"broken JSON ({error})", "export the traffic again, from another tool"
    else:
        return parsed
    raise SourceError(file, place, what, advice)


def unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """Make an object of its members; raises ValueError where one stands twice, for then readers differ."""
    members = dict(pairs)
    if len(members) != len(pairs):
        twice = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise ValueError(f"the member {twice[:60]!r} stands twice in one object")
    return members


def _refuse(word: str) -> Json:
    raise ValueError(f"{word} is no JSON number")
