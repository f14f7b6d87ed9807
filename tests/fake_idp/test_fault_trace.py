"""What a loop says of its faults."""

import asyncio
import errno
from collections.abc import Iterator

import pytest

from fake_idp.fault_trace import log


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
        "Too many open files: new connections wait until others have ended. Let the client close those that it needs "
        "no more, or raise the limit (ulimit -n)"
    )


def test_any_other_fault_is_told_each_time(loop: asyncio.AbstractEventLoop, caplog: pytest.LogCaptureFixture) -> None:
    """With where it happened."""
    for _ in range(2):
        log(loop, {"message": "a fault", "exception": OSError(errno.EPIPE, "x")})

    assert caplog.text.count("Error: Broken pipe") == 2
