"""Coverage measures the kit: neither the integrations that it starts, nor what proves verdicts by playing these."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from coverage import Coverage

_BY = ("COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG")
# What a child needs to be measured. To start coverage costs more than most children do, so that only the kit's own
# processes are given it.
MEASURED = {name: os.environ[name] for name in _BY if name in os.environ}


@contextmanager
def unmeasured() -> Iterator[None]:
    """Measure nothing of this process meanwhile: it takes twice the time."""
    coverage = Coverage.current()
    if coverage is None:
        yield
        return
    coverage.stop()
    try:
        yield
    finally:
        coverage.start()
