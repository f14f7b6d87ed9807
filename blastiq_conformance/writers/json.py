"""The model as it is, for scripts and for everything that is made from it later."""

import hashlib
import json
import re

from blastiq_conformance.report_shape import Model

# Halves of surrogate pairs: JSON can spell them, UTF-8 cannot.
_LONE = re.compile("[\ud800-\udfff]")


def write(model: Model) -> str:
    """Write JSON of two-space indent, its members in the order of the model, and a last new line."""
    return dump(model)


def dump(value: object) -> str:
    """Write any JSON value so; what is no character is spelt as an escape."""
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    return _LONE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def digest(model: Model) -> str:
    """Give the SHA-256 of the JSON report, in hexadecimal: that of the file that `--report json=FILE` writes."""
    return hashlib.sha256(write(model).encode()).hexdigest()
