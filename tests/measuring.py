"""Coverage measures the kit: neither the integrations that it starts, nor what proves verdicts by playing these."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

_BY = ("COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG")
# What a child needs to be measured. To start coverage costs more than most children do, so that only the kit's own
# processes are given it.
MEASURED = {name: os.environ[name] for name in _BY if name in os.environ}


def _tracing() -> tuple[Any, Any]:
    return sys.gettrace(), threading.gettrace()


_COVERAGE = _tracing()


@contextmanager
def _traced(by: tuple[Any, Any]) -> Iterator[None]:
    """Let the interpreter tell these, or nobody, of each line of this thread and of those it starts meanwhile."""
    # Coverage's own stop and start look through all modules that are loaded, which takes longer than most tests.
    before = _tracing()
    _trace(*by)
    try:
        yield
    finally:
        _trace(*before)


def _trace(here: Any, threads: Any) -> None:
    threading.settrace(threads)
    sys.settrace(here)


def measured() -> AbstractContextManager[None]:
    """Measure what runs meanwhile, as when this module was imported."""
    return _traced(_COVERAGE)


def unmeasured() -> AbstractContextManager[None]:
    """Measure nothing meanwhile: it takes twice the time."""
    return _traced((None, None))
