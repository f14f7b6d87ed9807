"""Host names that do not resolve in this process for a while, so that no call to them bypasses the fake."""

import os
import socket
import threading
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import Any, Self, TypeAlias

_Call: TypeAlias = Callable[..., Any]

# The functions that look up a name: asyncio, anyio, trio and the usual HTTP libraries end up at the first.
_LOOKUPS = ("getaddrinfo", "gethostbyname", "gethostbyname_ex")
# A socket resolves the name that it connects to.
_CONNECTS = ("connect", "connect_ex")
# A proxy would resolve the name elsewhere: clients that heed these variables call the name without one.
_PROXY_EXCEPTIONS = ("NO_PROXY", "no_proxy")


class NameSealedError(socket.gaierror):
    """A name that does not resolve: the client would have left the machine; the text says what to do."""


class NameSeal:
    """Keeps names from being resolved while it is open, in every thread; `asked` are those that were looked up.

    It does not reach code that resolves names in C (uvloop, pycares, pycurl), nor other processes.
    """

    def __init__(self, names: Iterable[str], advice: str) -> None:
        """Take the names, and the advice for a client that looks one up."""
        self.names = frozenset(_plain(name) for name in names)
        self.advice = advice
        self.asked: list[str] = []

    def __enter__(self) -> Self:
        _watch.open(self)
        return self

    def __exit__(self, *exc: object) -> None:
        _watch.close(self)


class _Watch:
    """The open seals of all threads, and the functions that are patched while there is one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seals: tuple[NameSeal, ...] = ()
        self._patches = ExitStack()
        self._environment: dict[str, str | None] = {}

    def open(self, seal: NameSeal) -> None:
        with self._lock:
            if not self._seals:
                self._environment = {name: os.environ.get(name) for name in _PROXY_EXCEPTIONS}
                for name in _LOOKUPS:
                    self._patches.callback(_patch(socket, name, self._lookup))
                for name in _CONNECTS:
                    self._patches.callback(_patch(socket.socket, name, self._connect))
            self._seals = (*self._seals, seal)
            self._except_from_proxies()

    def close(self, seal: NameSeal) -> None:
        with self._lock:
            self._seals = tuple(other for other in self._seals if other is not seal)
            self._except_from_proxies()
            if not self._seals:
                self._patches.close()

    def _except_from_proxies(self) -> None:
        names = sorted(frozenset().union(*(seal.names for seal in self._seals)))
        for name, value in self._environment.items():
            if names:
                os.environ[name] = ",".join([*filter(None, [value]), *names])
            elif value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

    def _refuse(self, host: object) -> None:
        called = _plain(host)
        for seal in self._seals:
            if called in seal.names:
                seal.asked.append(called)
                raise NameSealedError(socket.EAI_NONAME, f"{called} does not resolve in this test: {seal.advice}")

    def _lookup(self, real: _Call) -> _Call:
        def lookup(host: object, *args: Any, **kwargs: Any) -> Any:
            self._refuse(host)
            return real(host, *args, **kwargs)

        return lookup

    def _connect(self, real: _Call) -> _Call:
        def connect(this: socket.socket, address: Any) -> Any:
            if isinstance(address, tuple) and address:
                self._refuse(address[0])
            return real(this, address)

        return connect


def _patch(owner: object, name: str, replacement: Callable[[_Call], _Call]) -> Callable[[], None]:
    """Put one function in place of another, and give what undoes that."""
    before, ours = vars(owner).get(name), replacement(getattr(owner, name))
    setattr(owner, name, ours)

    def undo() -> None:
        # A later patch by somebody else is left alone: without an open seal ours only passes on.
        if vars(owner).get(name) is not ours:
            return
        if before is None:  # it was inherited
            delattr(owner, name)
        else:
            setattr(owner, name, before)

    return undo


def _plain(host: object) -> str:
    text = host.decode("ascii", "replace") if isinstance(host, bytes | bytearray) else str(host)
    return text.rstrip(".").lower()


_watch = _Watch()
