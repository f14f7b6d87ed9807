"""What a fault of the kit says of itself: where it happened and of what kind it is, and no value of the run.

The message of an exception quotes whatever it stumbled over, and asyncio's own words show arguments: neither is told.
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

# What the system, or its limit for this process, has no more of (accept(2), bind(2)), and what helps.
_DESCRIPTORS = "close programs or connections that are not needed, or raise the limit (ulimit -n)"
_MEMORY = "end programs that are not needed"
_PORTS = "every port is taken: end programs that hold many connections, or wait a minute for the system to free theirs"
_SHORTAGES = {errno.EMFILE: _DESCRIPTORS, errno.ENFILE: _DESCRIPTORS, errno.ENOBUFS: _MEMORY, errno.ENOMEM: _MEMORY}
_SHORTAGES[errno.EADDRINUSE] = _PORTS  # where any would have done
_SHORTAGES[errno.ENOSPC] = "make room on the disk, or have it written elsewhere"
_short: "WeakSet[asyncio.AbstractEventLoop]" = WeakSet()  # the loops that have told so


def trace(fault: BaseException) -> str:
    """Give the lines of code that led to a fault, and its kind; the same for the faults that led to it."""
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
            # The system's words; the name of the file is the user's.
            return os.strerror(number)
        case ModuleNotFoundError(name=str() as name):
            return f"no module {name}"
        case _:
            return "(its message is left out, for it may hold values of the run)"


def shortage(fault: BaseException) -> str:
    """Tell what the system has no more of, and what to do; empty where that is not the reason of a fault."""
    number = fault.errno if isinstance(fault, OSError) else None
    return f"{os.strerror(number)}: {_SHORTAGES[number]}" if number in _SHORTAGES else ""


def log(loop: "asyncio.AbstractEventLoop", context: dict[str, Any]) -> None:
    """Log what went wrong on a loop: the handler of its exceptions."""
    import logging  # there already, where there is a loop

    fault = context.get("exception")
    if isinstance(fault, OSError) and (lack := shortage(fault)):
        # asyncio tries again each second, and each time tells once for every connection that could be waiting.
        if loop not in _short:
            _short.add(loop)
            logging.getLogger(__name__).error("new connections have to wait: %s", lack)
        return
    # "Exception in callback f(b'...')": from there on it is arguments.
    what = str(context.get("message", "a fault")).partition(" in callback")[0]
    logging.getLogger(__name__).error("%s%s", what, f"\n{trace(fault)}" if isinstance(fault, BaseException) else "")


def guard() -> None:
    """Let no fault of this process be printed with its message: not of a thread, and not of a finaliser."""
    sys.excepthook = lambda _kind, fault, _trace: _print("A fault", fault)
    threading.excepthook = lambda args: _print("A fault in a thread", args.exc_value)
    sys.unraisablehook = lambda args: _print("A fault on the way out", args.exc_value)


def _print(what: str, fault: BaseException | None) -> None:
    # Nobody is left to tell where there is no standard error any more.
    if sys.stderr is not None and fault is not None and not isinstance(fault, SystemExit):
        sys.stderr.write(f"{what}:\n{trace(fault)}")
