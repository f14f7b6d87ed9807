"""Reports in the formats of their readers, each made from the one JSON model alone."""

import importlib
from collections.abc import Callable

from blastiq_conformance.report_shape import Model

FORMATS = ("terminal", "json")


def writer(name: str) -> Callable[[Model], str]:
    """Give the function that writes this format; raises KeyError where there is none."""
    if name not in FORMATS:
        raise KeyError(f"there is no format {name!r}; known are {', '.join(FORMATS)}")
    write: Callable[[Model], str] = importlib.import_module(f"{__name__}.{name}").write
    return write
