"""One request being answered: asked of the fake, signed off the loop's thread, recorded, sent."""

import asyncio
from collections.abc import Callable
from functools import partial

from fake_idp.classify import Kind
from fake_idp.core import Arrival
from fake_idp.http.delivery import Frame, broken_off, chunk, frame, perform, reset
from fake_idp.http.far_end import is_held, watch
from fake_idp.http.port import Port, Stream
from fake_idp.http.reader import Received
from fake_idp.http.signers import Outcome, outcome_of
from fake_idp.wire import Ending, Request, Response

# Seconds between two pieces of a stream.
_TURN = 0.05


class Answer:
    """Answers one request; `done` is called once, with whether the connection stays usable."""

    def __init__(
        self,
        port: Port,
        transport: asyncio.Transport,
        request: Request,
        received: Received,
        done: Callable[[bool], None],
        *,
        via: int,
        client: str = "",
    ) -> None:
        """Prepare; nothing happens before `begin`. `via` is the number of the connection, `client` who opened it."""
        self._port, self._transport, self._received, self._done = port, transport, received, done
        self._request, self._via, self._client = request, via, client
        self._arrival: Arrival | None = None
        self._sending: asyncio.Task[None] | None = None
        self._portions = 0
        self._half_closed = False

    def begin(self) -> None:
        """Ask the fake, or the control route, and send what it says."""
        self._guard(self._ask)

    def peer_left(self) -> None:
        """Give up a slow answer."""
        if self._sending is not None:
            self._sending.cancel()

    def peer_ended(self) -> None:
        """Go on for a peer that only ended its own side; one that closed, whose FIN looks the same, has given up."""
        self._half_closed = True
        if self._sending is not None and is_held(self._transport) is None and not self._portions:
            # The kernel does not show it. A peer that ends its side while it gets nothing has most likely given up;
            # once something is sent, a failing write shows it.
            self.peer_left()
        else:
            self._watch()

    def _watch(self) -> None:
        watch(self._port.loop, self._transport, lambda: self._sending is None, self.peer_left)

    def _is_gone(self) -> bool:
        return self._half_closed and is_held(self._transport) is False

    def _guard(self, step: Callable[..., None], *given: object) -> None:
        try:
            step(*given)
        except Exception as error:  # noqa: BLE001 - a fault of the kit ends this connection, not the server
            self._fail(error)

    def _ask(self) -> None:
        received, idp = self._received, self._port.idp
        route = self._port.route(self._request)
        if route is not None:
            if received.refusal:
                self._send(Response(status=received.refusal))
            else:
                # A route may be slow and may open a port of this very server, so it runs neither on the loop nor on
                # the signing thread.
                made = self._port.loop.run_in_executor(None, outcome_of, partial(route, self._request))
                made.add_done_callback(lambda made: self._made(made.result()))
            return
        self._arrival = arrival = idp.arrive(self._request, via=self._via, client=self._client)
        if received.refusal:
            self._send(Response(status=received.refusal))
        elif idp.signs(arrival):
            quick = arrival.kind is Kind.TOKEN and idp.keys.ready
            self._port.signers.share(partial(idp.respond, arrival), self._made, quick=quick)
        else:
            self._send(idp.respond(arrival))

    def _made(self, outcome: Outcome) -> None:
        if isinstance(outcome, Exception):
            self._fail(outcome)
        else:
            self._guard(self._send, outcome)

    def _send(self, response: Response) -> None:
        # The peer may have left before the signature was ready.
        if self._transport.is_closing() or self._is_gone():
            self._transport.abort()
            self._finish(None, keep=False)
            return
        received, delivery = self._received, response.delivery
        close = bool(received.refusal) or not received.whole
        laid = frame(self._request, response, now=self._port.idp.clock.wall(), close=close)
        if not delivery.delay and not delivery.drip and delivery.ending is Ending.COMPLETE:
            # Recorded just before the last byte leaves: a client with the whole answer finds it in the journal.
            self._record(response)
            self._transport.write(b"".join(laid.portions))
            self._done(laid.keep)
        else:
            if isinstance(response, Stream) and self._request.method != "HEAD":
                sending = self._follow(response, laid)
            else:
                sending = perform(self._write, laid, delivery, lambda: self._conclude(response))
            task = self._port.loop.create_task(sending)
            task.add_done_callback(lambda task: self._sent(task, response, keep=laid.keep))
            self._sending = task
            if self._half_closed:
                self._watch()

    async def _follow(self, stream: Stream, laid: Frame) -> None:
        """Send a stream until the peer leaves; a peer that reads slowly gets fewer, larger pieces."""
        self._write(laid.portions[0])
        chunked = self._request.http_version != "1.0"
        while True:
            await asyncio.sleep(_TURN)
            if not self._transport.get_write_buffer_size() and (news := stream.more()):
                self._write(chunk(news) if chunked else news)

    def _write(self, portion: bytes) -> None:
        self._transport.write(portion)
        self._portions += 1

    def _conclude(self, response: Response) -> None:
        if self._is_gone():
            raise asyncio.CancelledError
        self._record(response)

    def _sent(self, task: "asyncio.Task[None]", response: Response, *, keep: bool) -> None:
        self._sending = None
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._fail(error)
            return
        if task.cancelled():
            self._transport.abort()
        elif response.delivery.ending is Ending.RESET:
            reset(self._transport)
        self._finish(broken_off(response, self._portions), keep=keep and not task.cancelled())

    def _fail(self, error: BaseException) -> None:
        self._port.loop.call_exception_handler({"message": "an answer of the fake failed", "exception": error})
        self._transport.abort()
        self._finish(None, keep=False)

    def _finish(self, response: Response | None, *, keep: bool) -> None:
        try:
            self._record(response)
        finally:
            self._done(keep)

    def _record(self, response: Response | None) -> None:
        arrival, self._arrival = self._arrival, None
        if arrival is not None:
            self._port.idp.record(arrival, response)
