"""The signals that tell a program to end."""

import signal

import pytest

from fake_idp.system.stop_signals import heed, stop_signals


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="not every system has it")
def test_one_that_was_ignored_stays_ignored() -> None:
    """Whoever starts a program by nohup wants it to survive a terminal that hangs up."""
    before = {number: signal.getsignal(number) for number in stop_signals()}
    assert signal.SIGHUP in before
    try:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        heed(lambda *_: None)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        assert all(callable(signal.getsignal(number)) for number in before if number is not signal.SIGHUP)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
