"""A child process: started without a shell, watched, and ended with everything that it started."""

import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import Enum, auto
from io import BufferedReader
from typing import IO, cast

from blastiq_conformance.evidence import Child
from blastiq_conformance.runner import orphans
from blastiq_conformance.runner.fake import Traffic
from blastiq_conformance.runner.not_run import could_not_start
from blastiq_conformance.runner.process import descendants
from blastiq_conformance.runner.sightings import Sightings
from blastiq_conformance.runner.target import Target

_GRACE = 2.0
_LEFT_BEHIND_GRACE = 0.5
_TICKS = (0.05, 0.05, 0.1, 0.2)
_LAST_TICK = 0.25
# The answer to a prompt; a program that reads no input leaves it there.
_EMPTY_LINE = b"\n"
_KEPT = 512 * 1024
_CHUNK = 64 * 1024


class _Capture:
    """Reads a stream to its end in a thread, so that the child never blocks; keeps the first and the last 512 KiB."""

    def __init__(self, stream: IO[bytes] | None) -> None:
        """Start to read; the stream is closed at its end."""
        self._stream = cast("BufferedReader", stream)  # what Popen gives for PIPE
        self._lock = threading.Lock()
        self._head = bytearray()
        self._tail = bytearray()
        self._left_out = 0
        self._thread = threading.Thread(target=self._read, name="blastiq-capture", daemon=True)
        self._thread.start()

    def close(self, timeout: float) -> None:
        """Wait until the stream has ended, but not longer than this: a stray process may hold it open."""
        self._thread.join(timeout)

    @property
    def data(self) -> bytes:
        """The output so far; where it is too much, a line says how many bytes are left out."""
        with self._lock:
            if not self._left_out:
                return bytes(self._head + self._tail)
            gap = f"\n[… {self._left_out} bytes left out …]\n".encode()
            return bytes(self._head) + gap + bytes(self._tail)

    def _read(self) -> None:
        with self._stream as stream:
            while chunk := stream.read1(_CHUNK):
                self._keep(chunk)

    def _keep(self, chunk: bytes) -> None:
        with self._lock:
            room = max(_KEPT - len(self._head), 0)
            self._head += chunk[:room]
            self._tail += chunk[room:]
            surplus = len(self._tail) - _KEPT
            if surplus > 0:
                del self._tail[:surplus]
                self._left_out += surplus


class _End(Enum):
    EXIT = auto()
    TIMEOUT = auto()
    STOPPED = auto()


def attend(
    target: Target,
    env: Mapping[str, str],
    traffic: Traffic,
    sightings: Sightings,
    *,
    cancelled: threading.Event,
    hurried: threading.Event,
    on_start: Callable[[int], None] = lambda _: None,
) -> Child:
    """Start the child and watch it until it ends, or its timeout, a quiet time, a flood or the user ends it.

    The target's command has its placeholders filled in. `sightings` collects what is seen of the child's processes.
    `cancelled`: the user ends it, and once `hurried` is set, by force. `on_start` gets its process id. Raises NotRun
    where it cannot start.
    """
    with _question() as question:
        process = _start(target, env, question)
        on_start(process.pid)
        output, errors = _Capture(process.stdout), _Capture(process.stderr)
        try:
            end = _watch(process, target, traffic, sightings, cancelled)
            paused = traffic.idle() if end is _End.TIMEOUT else None
        finally:
            grace = _LEFT_BEHIND_GRACE if process.poll() is not None else _GRACE
            orphans.end(process.pid, sightings.marker, grace=grace, hurried=hurried)
            process.wait()
            output.close(_GRACE)
            errors.close(_GRACE)
        # A service that worked until its timeout did not hang, though it never was quiet.
        served = end is _End.TIMEOUT and target.quiet is not None and traffic.idle() is not None
        return Child(
            argv=target.command,
            exit_status=process.returncode if end is _End.EXIT else None,
            stopped=served or end is _End.STOPPED,
            timed_out=end is _End.TIMEOUT and not served,
            asked=not os.read(question, 1),
            flood=traffic.flood(),
            idle=paused,
            stdout=output.data,
            stderr=errors.data,
            processes=sightings.arguments,
        )


@contextmanager
def _question() -> Iterator[int]:
    """Open a standard input that holds one empty line; what is left of it shows whether the child read it."""
    reading, writing = os.pipe()
    try:
        os.write(writing, _EMPTY_LINE)
        os.close(writing)
        yield reading
    finally:
        os.close(reading)


def _start(target: Target, env: Mapping[str, str], question: int) -> subprocess.Popen[bytes]:
    # Bytes, not text: the locale of this process must not decide which passwords can be injected.
    given = {_encode(name): _encode(value) for name, value in env.items()}
    try:
        return subprocess.Popen(  # noqa: S603 - to run the vendor's command is the job; never by a shell
            [_encode(word) for word in target.command],
            env=given,
            cwd=target.cwd,
            stdin=question,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise could_not_start(target.command, target.cwd, error) from error


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _watch(
    process: subprocess.Popen[bytes],
    target: Target,
    traffic: Traffic,
    sightings: Sightings,
    cancelled: threading.Event,
) -> _End:
    ended = threading.Event()
    # A waiting thread costs nothing; Popen.wait with a timeout polls twenty times a second.
    threading.Thread(target=_reap, args=(process, ended), name="blastiq-child", daemon=True).start()
    deadline = time.monotonic() + target.timeout
    ticks = iter(_TICKS)
    while not ended.wait(min(next(ticks, _LAST_TICK), max(deadline - time.monotonic(), 0))):
        if cancelled.is_set() or traffic.flood():
            return _End.STOPPED
        if time.monotonic() >= deadline:
            return _End.TIMEOUT
        if target.quiet is not None and (traffic.idle() or 0.0) >= target.quiet:
            return _End.STOPPED
        sightings.see(descendants(process.pid))
    return _End.EXIT


def _reap(process: subprocess.Popen[bytes], ended: threading.Event) -> None:
    process.wait()
    ended.set()
