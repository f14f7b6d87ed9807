"""One connection: bytes in, requests answered one after the other; everything that a peer does is journaled."""

import asyncio
from functools import partial
from itertools import takewhile

from fake_idp.http.answer import Answer
from fake_idp.http.delivery import end_side, frame
from fake_idp.http.far_end import unread
from fake_idp.http.hello import is_hello, server_name
from fake_idp.http.port import Port, named
from fake_idp.http.reader import Received, RequestReader
from fake_idp.http.reading import ReadingProtocol
from fake_idp.wire import Request, Response

_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_UNREADABLE = Request(method="", target="")
_BAD_REQUEST, _TIMED_OUT = 400, 408
# How many portions of pipelined bytes are read before other peers get their turn.
_IN_A_ROW = 32


class HttpConnection(ReadingProtocol):
    """Serves one peer of a port; lives on the loop's thread."""

    def __init__(self, port: Port, server_name: str | None = None, client: str = "") -> None:
        """Serve a connection of that port; `server_name` and `client` are what TLS has learned about the peer."""
        self._port, self._server_name, self._client = port, server_name, client
        self._number = port.idp.connect()
        self._reader = self._new_reader()
        self._answer: Answer | None = None
        self._ahead = bytearray()  # bytes from which no request has been read yet
        self._since: float | None = None  # when the first byte of an unfinished head came
        self._clogged = self._draining = self._lost = self._going = False
        self._recorded = False  # whether the journal has something of this connection, or needs nothing of it
        self._discarded = 0
        port.open.add(self)

    def _new_reader(self) -> RequestReader:
        port = self._port
        return RequestReader(scheme=port.scheme, head_limit=port.limits.head, body_limit=port.limits.body)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin; a timer ends a connection on which too little happens."""
        super().connection_made(transport)
        self._started = self._port.idp.clock.monotonic()
        self._heard = self._port.loop.time()
        self._watch = self._port.loop.call_later(self._port.limits.unfinished, self._look)
        self._client = self._client or named(transport, self._port.identify)

    def data_received(self, data: bytes) -> None:
        """Process the bytes now, or after the answer that is under way."""
        self._heard = self._port.loop.time()
        if self._draining:
            self._discarded += len(data)
            if self._discarded > self._port.limits.discarded:
                self._transport.abort()
            return
        waits = self._is_busy() or bool(self._ahead)
        self._ahead += data
        if not waits:
            self._feed()
        if len(self._ahead) > self._port.limits.head:
            self._transport.pause_reading()

    def eof_received(self) -> bool:
        """Answer a peer that only ended its own side."""
        self._ending = self._ending or "closed by peer"
        if self._answer is not None:
            self._answer.peer_ended()
            return True
        if not self._draining and not self._ahead:
            self._end()
        return bool(self._ahead)

    def connection_lost(self, exc: Exception | None) -> None:
        """End; the kernel still holds what the peer had sent and nobody has read."""
        self.lose(exc, unread(self._transport))

    def lose(self, exc: Exception | None, rest: bytes) -> None:
        """Record what is unrecorded, `rest` included; an answer that is being signed is recorded once it is ready."""
        self._ending = self._ending or ("closed by peer" if exc is None else "reset")
        self._lost = True
        self._watch.cancel()
        self._ahead += rest
        if self._answer is not None:
            self._answer.peer_left()
        else:
            self._conclude()

    def pause_writing(self) -> None:
        """Read no further request of a peer that does not read its answers."""
        self._clogged = True

    def resume_writing(self) -> None:
        """Read on."""
        self._clogged = False
        self._go_on()

    def _feed(self) -> None:
        received = self._reader.take(self._ahead)
        if received is None:
            self._since = self._since or self._heard
            if self._ahead and not self._going:
                self._port.loop.call_soon(self._go_on)
            if self._reader.must_continue():
                self._transport.write(_CONTINUE)
        elif received.request is None:
            self._no_http(received)
        else:
            self._take(received.request, received)

    def _take(self, request: Request, received: Received) -> None:
        self._recorded, self._since = True, None
        if self._reader.begun:
            self._reader = self._new_reader()
        done = partial(self._done, received.whole)
        self._answer = Answer(
            self._port, self._transport, request, received, done, via=self._number, client=self._client
        )
        self._answer.begin()

    def _done(self, whole: bool, keep: bool) -> None:
        self._answer = None
        self._heard = self._port.loop.time()
        if self._lost:
            self._conclude()
        elif not whole:
            self._drain()
        elif not keep or (self._ending and not self._ahead):
            # Nothing is read after an answer that ends the connection (RFC 9112 9.6), unless the peer ended it.
            self._draining = not self._transport.is_closing()
            self._transport.close()
        elif self._ahead and not self._going:
            # In a turn of its own: ten thousand requests in one packet must not nest ten thousand frames deep.
            self._port.loop.call_soon(self._go_on)

    def _go_on(self) -> None:
        if self._lost or self._is_busy():
            return
        self._going = True
        for _ in takewhile(lambda _: self._ahead and not self._is_busy(), range(_IN_A_ROW)):
            self._feed()
        self._going = False
        if self._ahead and not self._is_busy():
            self._port.loop.call_soon(self._go_on)
        if len(self._ahead) <= self._port.limits.head:
            self._transport.resume_reading()
        if self._ending and not self._ahead and not self._is_busy():
            self._end()
            self._transport.close()

    def _end(self) -> None:
        if self._reader.head and not is_hello(bytes(self._reader.head)):
            self._refuse(_BAD_REQUEST)
        self._settle()

    def _is_busy(self) -> bool:
        return self._answer is not None or self._draining or self._clogged

    def _no_http(self, received: Received) -> None:
        hello = bytes(self._reader.head)
        self._ending = f"no HTTP: {received.reason}"
        if is_hello(hello):
            self._ending, self._server_name = "TLS hello on a plain port", server_name(hello)
            self._ahead.clear()
        self._settle()
        self._refuse(received.refusal)

    def _settle(self) -> None:
        """Record a request that will never be whole, or that there was no request."""
        reader = self._reader
        if reader.in_body:
            self._keep(reader.request())
        elif reader.head or not self._recorded:
            self._port.record(
                started=self._started,
                received=bytes(reader.head),
                ending=self._ending,
                server_name=self._server_name,
            )
        self._recorded = True
        self._reader = self._new_reader()

    def _keep(self, request: Request) -> None:
        """Record a request that gets no answer."""
        if self._port.route(request) is None:
            idp = self._port.idp
            idp.record(idp.arrive(request, via=self._number, client=self._client), None)

    def _conclude(self) -> None:
        """Record the unanswered requests of a peer that has left."""
        try:
            while self._ahead and not self._draining:
                received = self._reader.take(self._ahead)
                if received and received.request:
                    self._recorded, self._reader = True, self._new_reader()
                    self._keep(received.request)
                if received and not received.whole:
                    break
            self._settle()
        finally:
            self._port.open.discard(self)

    def _refuse(self, status: int) -> None:
        laid = frame(_UNREADABLE, Response(status=status), now=self._port.idp.clock.wall(), close=True)
        self._transport.write(b"".join(laid.portions))
        self._drain()

    def _drain(self) -> None:
        # If closed with bytes unread, the kernel would send a reset, and the peer might lose the answer.
        self._draining = True
        self._transport.resume_reading()
        end_side(self._transport)
        self._watch.cancel()
        self._watch = self._port.loop.call_later(self._port.limits.linger, self._transport.abort)

    def _look(self) -> None:
        limits, reader = self._port.limits, self._reader
        limit = limits.unfinished if reader.begun else limits.idle
        due, why = self._heard + limit, f"nothing more came for {limit:g} s"
        if self._since is not None and not reader.in_body:
            drips = self._since + limits.head_seconds, f"no whole head came within {limits.head_seconds:g} s"
            due, why = min((due, why), drips)
        left = limit if self._answer is not None else due - self._port.loop.time()
        if left > 0:
            self._watch = self._port.loop.call_later(left, self._look)
            return
        self._ending = why
        if reader.in_body:
            self._take(reader.request(), Received(refusal=_TIMED_OUT, whole=False))
        elif reader.head:
            self._settle()
            self._refuse(_TIMED_OUT)
        else:
            self._settle()
            self._transport.close()
