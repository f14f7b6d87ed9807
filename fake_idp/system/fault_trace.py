"""The report of a fault of the kit: where it happened and of what kind it is, without any value of the run.

The message of an exception may quote values, and asyncio's own messages show arguments: neither is printed.
"""

import errno
import os
import sys
import threading
import traceback
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

if TYPE_CHECKING:
    import asyncio

# What the system, or its limit for this process, may run out of (accept(2), bind(2)), and what helps.
_DESCRIPTORS = "close programs or connections that are not needed, or raise the limit (ulimit -n)"
_MEMORY = "end programs that are not needed"
_PORTS = "every port is taken: end programs that hold many connections, or wait a minute for the system to free theirs"
_SHORTAGES = {errno.EMFILE: _DESCRIPTORS, errno.ENFILE: _DESCRIPTORS, errno.ENOBUFS: _MEMORY, errno.ENOMEM: _MEMORY}
_SHORTAGES[errno.EADDRINUSE] = _PORTS  # if any port would have done
_SHORTAGES[errno.ENOSPC] = "make room on the disk, or have it written elsewhere"
_short: "WeakSet[asyncio.AbstractEventLoop]" = WeakSet()  # the loops that have reported a shortage


def trace(fault: BaseException) -> str:
    """Give the lines of code that led to a fault, and its kind; likewise for the faults that caused it."""
    return "".join(_told(fault, set()))


def _told(fault: BaseException, told: set[int]) -> Iterator[str]:
    told.add(id(fault))
    before = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
    if before is not None and id(before) not in told:
        yield from _told(before, told)
        yield "\nThat led to this:\n\n"
    yield "Traceback (most recent call last):\n"
    yield from traceback.format_tb(fault.__traceback__)
    yield f"{type(fault).__qualname__}: {_reason(fault)}\n"


def _reason(fault: BaseException) -> str:
    match fault:
        case OSError(errno=int() as number):
            # The system's words only; the file name is the user's.
            return os.strerror(number)
        case ModuleNotFoundError(name=str() as name):
            return f"no module {name}"
        case _:
            return "(its message is left out, for it may hold values of the run)"


def shortage(fault: BaseException) -> str:
    """Say what the system has run out of, and what to do; empty if a fault has another cause."""
    number = fault.errno if isinstance(fault, OSError) else None
    return f"{os.strerror(number)}: {_SHORTAGES[number]}" if number in _SHORTAGES else ""


def log(loop: "asyncio.AbstractEventLoop", context: dict[str, Any]) -> None:
    """Log what went wrong on a loop: its exception handler."""
    import logging  # there already, where there is a loop

    fault = context.get("exception")
    if isinstance(fault, OSError) and (lack := shortage(fault)):
        # asyncio tries again each second, and reports once for every connection that could be waiting.
        if loop not in _short:
            _short.add(loop)
            logging.getLogger(__name__).error("new connections have to wait: %s", lack)
        return
    # "Exception in callback f(b'...')": the rest shows arguments.
    what = str(context.get("message", "a fault")).partition(" in callback")[0]
    logging.getLogger(__name__).error("%s%s", what, f"\n{trace(fault)}" if isinstance(fault, BaseException) else "")


def guard() -> None:
    """Print no fault of this process with its message: neither a thread's nor a finaliser's."""
    sys.excepthook = lambda _kind, fault, _trace: _print("A fault", fault)
    threading.excepthook = lambda args: _print("A fault in a thread", args.exc_value)
    sys.unraisablehook = lambda args: _print("A fault on the way out", args.exc_value)


def _print(what: str, fault: BaseException | None) -> None:
    # There may be no standard error any more.
    if sys.stderr is not None and fault is not None and not isinstance(fault, SystemExit):
        sys.stderr.write(f"{what}:\n{trace(fault)}")
