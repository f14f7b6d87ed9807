"""The proxy: a port on loopback for each fake; a tunnel (CONNECT), or plain HTTP as it comes, ends at that fake."""

import asyncio
import socket
from dataclasses import dataclass, field
from functools import partial
from typing import Self, cast

from fake_idp.http.delivery import end_side, reset
from fake_idp.http.far_end import watch
from fake_idp.http.loop_thread import Leaver, Listening, LoopThread, listen
from fake_idp.http.port import Address, Identify

_CONNECT = b"CONNECT "
_END_OF_HEAD = b"\r\n\r\n"
_LONGEST_HEAD = 64 * 1024
_ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
_PLAIN_PORT = b"80"


class Passage:
    """The names of clients, from the proxy that identifies each when it connects to the fake that asks for them."""

    def __init__(self, identify: Identify) -> None:
        """Take the function that names a client of the proxy."""
        self.identify = identify
        self._names: dict[int, str] = {}

    def hand_on(self, port: int, name: str) -> None:
        """Remember, before the proxy connects from a port, for which client it does."""
        self._names[port] = name

    def named(self, peer: Address, _here: Address) -> str:
        """Name the client behind a connection of the proxy; empty for any other connection."""
        return self._names.pop(peer[1], "")


@dataclass(kw_only=True)
class Gate:
    """Where one proxy port leads: tunnels to the TLS port of one fake, everything else to its plain one.

    `passage` passes on which client connects. A client has `patience` seconds to say where it wants to go, and `linger`
    seconds to end its side after the fake has ended its own.
    """

    secure: int
    plain: int
    passage: Passage | None = None
    patience: float = 60.0
    linger: float = 2.0
    open: set[Leaver] = field(default_factory=set)


class Side(asyncio.Protocol):
    """One end of a connection that is passed on: what one end receives, the other sends."""

    def __init__(self, gate: Gate) -> None:
        """Belong to a gate."""
        self._gate, self._loop = gate, asyncio.get_running_loop()
        self.other: Side | None = None
        self.transport: asyncio.Transport
        self.ended = self._made = self._leaving = False
        # From now on, not only once it has its transport: closing must not miss a connection.
        gate.open.add(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self.transport = cast("asyncio.Transport", transport)
        self._made = True
        if self._leaving:
            self.transport.abort()

    def data_received(self, data: bytes) -> None:
        """Pass it on."""
        if self.other is not None:
            self.other.transport.write(data)

    def eof_received(self) -> bool:
        """Pass on that this end has ended its side; the other may still answer, unless it had ended before."""
        self.ended = True
        if self.other is None or self.other.ended or self.other.transport.is_closing():
            return False
        end_side(self.other.transport)
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """End the other end as this one ended: in order, or by reset."""
        self._gate.open.discard(self)
        if self.other is not None:
            if exc is None:
                self.other.transport.close()
            else:
                reset(self.other.transport)

    def leave(self) -> None:
        """End at once."""
        self._leaving = True
        if self._made:
            self.transport.abort()

    def pause_writing(self) -> None:
        """Read no more from the other end than this one can send."""
        if self.other is not None:
            self.other.transport.pause_reading()

    def resume_writing(self) -> None:
        """Go on."""
        if self.other is not None:
            self.other.transport.resume_reading()


class ServerSide(Side):
    """The fake's end."""

    def eof_received(self) -> bool:
        """Pass it on, and wait for the client's end only as long as the fake itself would: it may be gone."""
        self._loop.call_later(self._gate.linger, self.transport.close)
        return super().eof_received()


class ClientSide(Side):
    """The client's end: the first bytes decide where it leads."""

    def __init__(self, gate: Gate) -> None:
        """Wait for the first bytes."""
        super().__init__(gate)
        self._first = bytearray()
        self._client = ""
        self._opening: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Identify the client at once: it may be gone later."""
        super().connection_made(transport)
        self._watch = self._loop.call_later(self._gate.patience, self.transport.abort)
        ends = [transport.get_extra_info(name) for name in ("peername", "sockname")]
        if self._gate.passage is not None and all(ends):
            self._client = self._gate.passage.identify(*(end[:2] for end in ends))

    def data_received(self, data: bytes) -> None:
        """Decide where it leads; then pass on."""
        if self.other is not None:
            super().data_received(data)
            return
        self._first += data
        if not _CONNECT.startswith(bytes(self._first[: len(_CONNECT)])):
            # It may not even be HTTP: the fake records what it was.
            self._lead(self._gate.plain, greeting=b"")
        elif (end_of_head := self._first.find(_END_OF_HEAD)) >= 0:
            target = bytes(self._first).split(b" ", 2)[1]
            del self._first[: end_of_head + len(_END_OF_HEAD)]
            over_tls = target.rpartition(b":")[2] != _PLAIN_PORT
            self._lead(self._gate.secure if over_tls else self._gate.plain, greeting=_ESTABLISHED)
        elif len(self._first) > _LONGEST_HEAD:
            self.transport.abort()

    def eof_received(self) -> bool:
        """Pass it on; once no process holds the client's end any more, the fake must learn that."""
        if not super().eof_received():
            return False
        watch(self._loop, self.transport, self.transport.is_closing, self.transport.close)
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """End what it led to, even if that is not open yet."""
        self._watch.cancel()
        if self._opening is not None:
            self._opening.cancel()
        super().connection_lost(exc)

    def _lead(self, port: int, *, greeting: bytes) -> None:
        self._watch.cancel()
        # What the client sends meanwhile, its FIN included, waits in the kernel.
        self.transport.pause_reading()
        self._opening = self._loop.create_task(self._open(port, greeting))

    async def _open(self, port: int, greeting: bytes) -> None:
        try:
            inner = await self._connect(port)
        except OSError:  # the fake is closing
            self.transport.abort()
            return
        inner.other, self.other = self, inner
        if greeting:
            self.transport.write(greeting)
        if self._first:
            inner.transport.write(bytes(self._first))
            self._first.clear()
        self.transport.resume_reading()

    async def _connect(self, port: int) -> ServerSide:
        loop, passage = self._loop, self._gate.passage
        if passage is None:
            _, inner = await loop.create_connection(lambda: ServerSide(self._gate), "127.0.0.1", port)
            return inner
        # The socket is bound before it connects, so that the fake finds the client's name by its port. Its protocol is
        # given, since asyncio disables Nagle's algorithm only then.
        outgoing = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            outgoing.setblocking(False)
            outgoing.bind(("127.0.0.1", 0))
            passage.hand_on(outgoing.getsockname()[1], self._client)
            await loop.sock_connect(outgoing, ("127.0.0.1", port))
            _, inner = await loop.create_connection(lambda: ServerSide(self._gate), sock=outgoing)
        except BaseException:
            outgoing.close()
            raise
        return inner


class Proxy:
    """Runs any number of ports; a context manager."""

    def __init__(self) -> None:
        """Start its thread."""
        self._thread = LoopThread("blastiq-proxy", asyncio.new_event_loop())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._thread.close()

    def open(self, gate: Gate) -> Listening:
        """Open a port that leads there; raises OSError if there is none to be had."""
        sockets = self._thread.run(listen(partial(ClientSide, gate), "127.0.0.1", 0))
        return Listening(self._thread, sockets, gate.open)
