"""Coverage measures the kit: neither the integrations that it starts, nor what proves verdicts by playing these."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_BY = ("COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG")
# What a child needs to be measured. To start coverage costs more than most children do, so that only the kit's own
# processes are given it.
MEASURED = {name: os.environ[name] for name in _BY if name in os.environ}


@contextmanager
def unmeasured() -> Iterator[None]:
    """Measure nothing of this thread, nor of those it starts, meanwhile: it takes twice the time."""
    # Coverage's own stop and start look through all modules that are loaded, which takes longer than most tests.
    here, threads = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)  # ends it
    try:
        yield
    finally:
        threading.settrace(threads)
        sys.settrace(here)
