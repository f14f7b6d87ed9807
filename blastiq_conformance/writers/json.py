"""The model as it is, for scripts and for everything that is made from it later."""

import json

from blastiq_conformance.report_shape import Model


def write(model: Model) -> str:
    """Write JSON of two-space indent, its members in the order of the model, and a last new line."""
    return json.dumps(model, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
