"""Reports in the formats of their readers, each made from the one JSON model alone."""

import importlib
from collections.abc import Callable

from blastiq_conformance.report.shape import Model

# Format → the module that writes it.
_MODULES = {
    "terminal": "terminal",
    "json": "json",
    "junit": "junit",
    "html": "html",
    "sarif": "sarif",
    "markdown": "markdown",
    "ctrf": "ctrf",
    "har": "har",
    "intoto": "intoto",
    "badge": "badge",
    "statement": "statement",
    "statement-html": "statement_page",
    "github": "github",
}
FORMATS = tuple(_MODULES)


def writer(name: str) -> Callable[[Model], str]:
    """Give the function that writes this format; raises KeyError if there is none."""
    if name not in _MODULES:
        raise KeyError(f"there is no format {name!r}; known are {', '.join(FORMATS)}")
    write: Callable[[Model], str] = importlib.import_module(f"{__name__}.{_MODULES[name]}").write
    return write
