"""The fake inside the caller's process, for httpx: as a transport, or in front of every client by respx.

This is the only file that names a client library.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from fake_idp.classify import Kind
from fake_idp.core import FakeIdp
from fake_idp.http.delivery import BODILESS, broken_off
from fake_idp.journal import Exchange
from fake_idp.wire import Delivery, Ending, Headers, Request, Response


class FakeTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Answers sync and async clients by a fake, whatever host they call, without a socket and without waiting."""

    def __init__(self, idp: FakeIdp) -> None:
        """Answer by that fake."""
        self._idp = idp

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a sync client."""
        request.read()
        return answer(self._idp, request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer an async client."""
        await request.aread()
        return answer(self._idp, request)


@contextmanager
def intercept(idp: FakeIdp) -> Iterator[None]:
    """Answer every httpx client at authority, API and intercepted names; record a call to any other host and refuse it.

    Clients with a transport of their own are left alone.
    """
    import respx

    ours = {_address(httpx.URL(url)) for url in (idp.config.authority, idp.config.api_url)}
    # On the default port alone: on another port, no name is the product's.
    ours |= {(name, None) for name in idp.config.intercepted}

    def answered(request: httpx.Request) -> httpx.Response:
        return answer(idp, request) if _address(request.url) in ours else _refuse(idp, request)

    # Below the client and its transports, where only calls pass that would leave the machine.
    router = respx.MockRouter(assert_all_called=False, using="httpcore")
    router.route().mock(side_effect=answered)
    with router:
        yield


def answer(idp: FakeIdp, request: httpx.Request) -> httpx.Response:
    """Answer a request that has been read.

    Raises:
        httpx.TransportError: what a client sees if a response never comes or ends too early.
    """
    arrival = idp.arrive(_wire(request))
    response = idp.respond(arrival)
    delivery = response.delivery
    error = _broken(delivery, request)
    idp.record(arrival, _left(response, request))
    if error is not None:
        raise error
    bodiless = request.method == "HEAD" or response.status in BODILESS
    return httpx.Response(
        response.status,
        headers=[(name.encode("latin-1"), value.encode("latin-1")) for name, value in response.headers],
        content=b"" if bodiless else response.body,
        extensions={"reason_phrase": response.reason.encode("latin-1")} if response.reason else {},
    )


def _wire(request: httpx.Request) -> Request:
    raw = request.headers.raw
    return Request(
        method=request.method,
        target=request.url.raw_path.decode("latin-1"),
        headers=Headers(tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in raw)),
        body=request.content,
        scheme=request.url.scheme,
    )


def _broken(delivery: Delivery, request: httpx.Request) -> httpx.TransportError | None:
    """Give what httpx raises over a socket in that case; a delay within the client's timeout is skipped."""
    if delivery.ending is Ending.NEVER or _outlasts(max(delivery.delay, delivery.drip), request):
        return httpx.ReadTimeout("The read operation timed out", request=request)
    if delivery.ending is Ending.RESET:
        return httpx.ReadError("Connection reset by peer", request=request)
    if delivery.ending is Ending.CUT:
        what = "response" if delivery.silent else "complete message body"
        return httpx.RemoteProtocolError(f"Server disconnected without sending a {what}.", request=request)
    return None


def _left(response: Response, request: httpx.Request) -> Response | None:
    """Give the part of a response that leaves before the client's timeout."""
    delivery = response.delivery
    if delivery.silent or _outlasts(delivery.delay, request):
        return None
    return broken_off(response, 1) if _outlasts(delivery.drip, request) else response


def _outlasts(seconds: float, request: httpx.Request) -> bool:
    patience = request.extensions.get("timeout", {}).get("read")
    return patience is not None and seconds > patience


def _address(url: httpx.URL) -> tuple[str, int | None]:
    return url.host, url.port


def _refuse(idp: FakeIdp, request: httpx.Request) -> httpx.Response:
    now = idp.clock.monotonic()
    idp.journal.append(
        Exchange(
            number=idp.journal.next_number(),
            kind=Kind.OTHER,
            request=_wire(request),
            started=now,
            ended=now,
            at=idp.clock.now(),
            scenario=idp.scenario,
        )
    )
    raise httpx.ConnectError(
        f"{request.url.host} is not the fake BlastIQ ({idp.config.authority}, {idp.config.api_url}): "
        "nothing was sent; let the integration call the authority that it was given",
        request=request,
    )
