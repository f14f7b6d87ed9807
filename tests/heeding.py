"""A program that is called in this process leaves the signals as they were."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from fake_idp.system.stop_signals import stop_signals


@contextmanager
def signals_kept() -> Iterator[None]:
    """Heed signals afterwards as before."""
    heeded = {number: signal.getsignal(number) for number in stop_signals()}
    try:
        yield
    finally:
        for number, handler in heeded.items():
            signal.signal(number, handler)
