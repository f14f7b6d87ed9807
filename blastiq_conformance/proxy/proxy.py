"""The proxy: a port on loopback for each fake; a tunnel (CONNECT), or plain HTTP as it comes, ends at that fake."""

import asyncio
import socket
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

from fake_idp.http.delivery import end_side, reset
from fake_idp.http.far_end import watch
from fake_idp.http.loop_thread import Leaver, Listening, LoopThread, listen
from fake_idp.http.port import Address, Identify, named

_CONNECT = b"CONNECT "
_END_OF_HEAD = b"\r\n\r\n"
_LONGEST_HEAD = 64 * 1024
_ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
_PLAIN_PORT = b"80"
_READ_SIZE = 64 * 1024


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


class Relay:
    """A client's connection, and the one to the fake to which its first bytes lead it."""

    def __init__(self, gate: Gate) -> None:
        """Belong to a gate."""
        self._gate = gate
        self._task: asyncio.Task[None] | None = None
        self._left = False
        # From now on, not only once it has its transport: closing must not miss a connection.
        gate.open.add(self)

    def begin(self, reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        """Identify the client at once, for it may be gone later, and find out where it wants to go."""
        passage = self._gate.passage
        name = named(client.transport, passage.identify if passage else None)
        self._task = asyncio.get_running_loop().create_task(self._run(reader, client, name))
        self._task.add_done_callback(lambda _: self._end(client))
        if self._left:
            self._task.cancel()

    def leave(self) -> None:
        """End at once."""
        self._left = True
        if self._task is not None:
            self._task.cancel()

    def _end(self, client: asyncio.StreamWriter) -> None:
        client.transport.abort()
        self._gate.open.discard(self)

    async def _run(self, reader: asyncio.StreamReader, client: asyncio.StreamWriter, name: str) -> None:
        # Whoever ends a connection otherwise than in order, or says too little, is not told anything.
        with suppress(OSError):
            async with asyncio.timeout(self._gate.patience):
                port, greeting, first = await self._find_way(reader)
            answers, fake = await self._connect(port, name)
            client.write(greeting)
            fake.write(first)
            asking = asyncio.create_task(_ask(reader, fake, client))
            try:
                await _copy(answers, client, fake)
                # The client may be gone: it is waited for only as long as the fake itself would.
                await asyncio.wait((asking,), timeout=self._gate.linger)
                for each in (fake, client):
                    each.close()
                await client.wait_closed()
            finally:
                asking.cancel()
                fake.transport.abort()

    async def _find_way(self, reader: asyncio.StreamReader) -> tuple[int, bytes, bytes]:
        """Give the port, what the client is told, and the first bytes for the fake."""
        first = b""
        while _CONNECT.startswith(first[: len(_CONNECT)]):
            head, end, rest = first.partition(_END_OF_HEAD)
            if end:
                over_tls = head.split(b" ", 2)[1].rpartition(b":")[2] != _PLAIN_PORT
                return self._gate.secure if over_tls else self._gate.plain, _ESTABLISHED, rest
            if len(first) > _LONGEST_HEAD or not (data := await reader.read(_READ_SIZE)):
                raise ConnectionAbortedError
            first += data
        # It may not even be HTTP: the fake records what it was.
        return self._gate.plain, b"", first

    async def _connect(self, port: int, name: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        # asyncio disables Nagle's algorithm only where the protocol is given.
        line = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            line.setblocking(False)
            # Bound before it connects, so that the fake finds the client's name by its port.
            line.bind(("127.0.0.1", 0))
            if self._gate.passage is not None:
                self._gate.passage.hand_on(line.getsockname()[1], name)
            await asyncio.get_running_loop().sock_connect(line, ("127.0.0.1", port))
            return await asyncio.open_connection(sock=line)
        except BaseException:
            line.close()
            raise


async def _ask(reader: asyncio.StreamReader, fake: asyncio.StreamWriter, client: asyncio.StreamWriter) -> None:
    """Pass on what the client sends; once no process holds its end any more, the fake must learn that."""
    await _copy(reader, fake, client)
    watch(asyncio.get_running_loop(), client.transport, client.is_closing, fake.close)


async def _copy(source: asyncio.StreamReader, sink: asyncio.StreamWriter, back: asyncio.StreamWriter) -> None:
    """Pass on what comes, and that it has ended: in order, or by reset; `back` leads to the source."""
    try:
        while data := await source.read(_READ_SIZE):
            sink.write(data)
            await sink.drain()
        end_side(sink.transport)
    except OSError:
        reset(sink.transport)
        reset(back.transport)


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

        def protocol() -> asyncio.StreamReaderProtocol:
            return asyncio.StreamReaderProtocol(asyncio.StreamReader(), Relay(gate).begin)

        sockets = self._thread.run(listen(protocol, "127.0.0.1", 0))
        return Listening(self._thread, sockets, gate.open)
