"""Reports in the formats of their readers, each made from the one JSON model alone."""

import importlib
from collections.abc import Callable

from blastiq_conformance.report.shape import Model

# Each by the module of that name.
FORMATS = (
    *("terminal", "json", "junit", "html", "sarif", "markdown", "ctrf", "har", "intoto", "badge", "statement"),
    *("statement-html", "github"),
)


def writer(name: str) -> Callable[[Model], str]:
    """Give the function that writes this format; raises KeyError if there is none."""
    if name not in FORMATS:
        raise KeyError(f"there is no format {name!r}; known are {', '.join(FORMATS)}")
    write: Callable[[Model], str] = importlib.import_module(f"{__name__}.{name.replace('-', '_')}").write
    return write
