"""What a loop says of its faults."""

import asyncio
import errno
from collections.abc import Iterator

import pytest

from fake_idp.system.fault_trace import log, shortage


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


def test_a_shortage_of_descriptors_is_said_in_one_line(
    loop: asyncio.AbstractEventLoop, caplog: pytest.LogCaptureFixture
) -> None:
    """A loop tells of it five hundred times a second: no trace, what to do, and not again."""
    context = {"message": "socket.accept() out of system resource", "exception": OSError(errno.EMFILE, "x")}
    for _ in range(3):
        log(loop, context)

    (record,) = caplog.records
    assert record.getMessage() == (
        "new connections have to wait: Too many open files: close programs or connections that are not needed, "
        "or raise the limit (ulimit -n)"
    )


def test_any_other_fault_is_told_each_time(loop: asyncio.AbstractEventLoop, caplog: pytest.LogCaptureFixture) -> None:
    """With where it happened."""
    for _ in range(2):
        log(loop, {"message": "a fault", "exception": OSError(errno.EPIPE, "x")})

    assert caplog.text.count("Error: Broken pipe") == 2


def test_a_fault_that_is_no_shortage_is_none() -> None:
    """A port that was asked for and is taken is somebody's choice, and so is told by who asked for it."""
    assert shortage(ValueError("x")) == shortage(OSError("x")) == shortage(OSError(errno.EACCES, "x")) == ""
    assert shortage(OSError(errno.EADDRINUSE, "x")).startswith("Address already in use: every port is taken")
