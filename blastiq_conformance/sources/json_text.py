"""JSON by RFC 8259: no NaN, no duplicate members, no unbounded nesting."""

import json
import re
from collections import Counter
from typing import cast

from blastiq_conformance.sources.source_error import SourceError
from fake_idp.system.json_number import finite, refuse
from fake_idp.wire import Json

# Half of a surrogate pair, which an escape in JSON may hold.
_SURROGATE = re.compile("[\ud800-\udfff]")


def parse_json(file: str, text: str) -> Json:
    """Parse; raises SourceError with the line."""
    try:
        given = STRICT.decode(text)
    except json.JSONDecodeError as error:
        place, what = f"line {error.lineno}, column {error.colno}", f"broken JSON ({error.msg})"
        advice = "export it again; it may have been cut off"
    except RecursionError:
        place, what, advice = "", "JSON nested too deeply", "export the traffic again, from another tool"
    except ValueError as error:
        place, what, advice = "", f"broken JSON ({error})", "export the traffic again, from another tool"
    else:
        return cast("Json", given)
    raise SourceError(file, place, what, advice)


def write_json(value: object, indent: int | str) -> str:
    """Write as browsers and Postman write their recordings: characters as they are, in UTF-8."""
    text = json.dumps(value, indent=indent, ensure_ascii=False, allow_nan=False) + "\n"
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """Make an object of its members; raises ValueError for a duplicate, which readers treat differently."""
    members = dict(pairs)
    if len(members) != len(pairs):
        twice = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise ValueError(f"the member {twice[:60]!r} stands twice in one object")
    return members


STRICT = json.JSONDecoder(object_pairs_hook=unique, parse_float=finite, parse_constant=refuse)
