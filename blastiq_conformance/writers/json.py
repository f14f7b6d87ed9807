"""The model as JSON, for scripts and for everything that is made from it later."""

import hashlib
import json
import re
from collections.abc import Callable

from blastiq_conformance.report.shape import Model
from fake_idp.system.plain_text import COMMAND, CONTROL


def dump(value: object) -> str:
    """Write any JSON value with two-space indent, its members in their order, and a final new line.

    What would steer a reader, or has no UTF-8, is written as an escape.
    """
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
    # Between values, new lines are the only control characters.
    tamed = CONTROL.sub(lambda match: match[0] if match[0] == "\n" else _escape(match), text)
    # To look for these two is quick, and few reports have them.
    return (COMMAND.sub(_escape, tamed) if "::" in tamed or "##" in tamed else tamed) + "\n"


# The JSON report is the model.
write: Callable[[Model], str] = dump


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def digest(model: Model) -> str:
    """Give the SHA-256 of the JSON report, in hexadecimal: that of the file that `--report json=FILE` writes."""
    return hashlib.sha256(write(model).encode()).hexdigest()
