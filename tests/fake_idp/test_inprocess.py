"""The httpx doors: what a client gets in-process is what it would get over a socket."""

import asyncio
from collections.abc import AsyncIterator, Callable

import httpx
import pytest
import respx

from fake_idp.classify import Kind
from fake_idp.core import FakeIdp
from fake_idp.faults import Fault
from fake_idp.inprocess import FakeTransport, intercept
from fake_idp.server_config import ServerConfig, ServiceUser
from fake_idp.wire import Delivery, Ending

USER = ServiceUser(username="svc", password="a b+c&d=e%f")
CONFIG = ServerConfig(users=(USER,))
FORM = {
    "grant_type": "password",
    "username": USER.username,
    "password": USER.password,
    "client_id": CONFIG.client_id,
}
TOKEN_URL = CONFIG.authority + "/connect/token"
DISCOVERY_URL = CONFIG.authority + "/.well-known/openid-configuration"

Send = Callable[..., httpx.Response]


def through_transport(idp: FakeIdp, method: str, url: str, **sent: object) -> httpx.Response:
    with httpx.Client(transport=FakeTransport(idp)) as client:
        return client.request(method, url, **sent)  # type: ignore[arg-type]  # keywords of httpx


def through_async_transport(idp: FakeIdp, method: str, url: str, **sent: object) -> httpx.Response:
    async def send() -> httpx.Response:
        async with httpx.AsyncClient(transport=FakeTransport(idp)) as client:
            return await client.request(method, url, **sent)  # type: ignore[arg-type]  # keywords of httpx

    return asyncio.run(send())


def through_respx(idp: FakeIdp, method: str, url: str, **sent: object) -> httpx.Response:
    with intercept(idp), httpx.Client() as client:
        return client.request(method, url, **sent)  # type: ignore[arg-type]  # keywords of httpx


def through_async_respx(idp: FakeIdp, method: str, url: str, **sent: object) -> httpx.Response:
    async def send() -> httpx.Response:
        async with httpx.AsyncClient() as client:
            return await client.request(method, url, **sent)  # type: ignore[arg-type]  # keywords of httpx

    with intercept(idp):
        return asyncio.run(send())


EVERY_DOOR = (through_transport, through_async_transport, through_respx, through_async_respx)


@pytest.fixture(params=EVERY_DOOR, ids=lambda door: door.__name__)
def send(request: pytest.FixtureRequest) -> Send:
    door: Send = request.param
    return door


def test_sign_in(send: Send) -> None:
    """A client gets its token, and head and body stand in the journal as it sent them."""
    idp = FakeIdp(CONFIG)
    answer = send(idp, "POST", TOKEN_URL + "?x=%zz", data=FORM, headers=[(b"X-Odd", b"1"), (b"x-odd", b"\xc3\xa9")])

    assert answer.status_code == 200
    assert answer.json()["token_type"] == "Bearer"
    assert answer.headers["content-type"] == "application/json; charset=UTF-8"
    exchange = idp.journal.exchanges[0]
    assert exchange.kind is Kind.TOKEN
    assert exchange.response is not None
    request = exchange.request
    assert request.scheme == "https"
    assert request.host == "www.blastiq.com"
    assert request.target == "/identity/connect/token?x=%zz"
    assert [pair for pair in request.headers if pair[0].lower() == "x-odd"] == [("X-Odd", "1"), ("x-odd", "\xc3\xa9")]
    assert [(pair.name, pair.value) for pair in request.form] == list(FORM.items())


def test_streamed_body(send: Send) -> None:
    """A body that comes in pieces arrives whole, and with the framing that the client chose."""

    async def pieces() -> AsyncIterator[bytes]:
        yield b"grant_type=pass"
        yield b"word"

    idp = FakeIdp(CONFIG)
    content = pieces() if "async" in send.__name__ else iter([b"grant_type=pass", b"word"])
    send(idp, "POST", TOKEN_URL, content=content)

    request = idp.journal.exchanges[0].request
    assert request.body == b"grant_type=password"
    assert request.headers.get("transfer-encoding") == "chunked"


def test_discovery_names_the_authority(send: Send) -> None:
    """In-process the issuer is the tenant's own authority."""
    assert send(FakeIdp(CONFIG), "GET", DISCOVERY_URL).json()["issuer"] == CONFIG.authority


@pytest.mark.parametrize(
    ("delivery", "error", "recorded"),
    [
        pytest.param(Delivery(ending=Ending.RESET), httpx.ReadError, False, id="reset"),
        pytest.param(Delivery(ending=Ending.RESET, after=3), httpx.ReadError, True, id="reset-in-the-body"),
        pytest.param(Delivery(ending=Ending.CUT), httpx.RemoteProtocolError, False, id="cut"),
        pytest.param(Delivery(ending=Ending.CUT, after=3), httpx.RemoteProtocolError, True, id="cut-in-the-body"),
        pytest.param(Delivery(ending=Ending.NEVER), httpx.ReadTimeout, False, id="never"),
        pytest.param(Delivery(delay=5.5), httpx.ReadTimeout, False, id="late"),
        pytest.param(Delivery(drip=5.5), httpx.ReadTimeout, True, id="dripped-too-slowly"),
        pytest.param(Delivery(delay=4.5), None, True, id="late-but-in-time"),
    ],
)
def test_delivery(send: Send, delivery: Delivery, error: type[Exception] | None, *, recorded: bool) -> None:
    """A delivery that breaks off raises what httpx raises over a socket, at once; httpx waits five seconds."""
    idp = FakeIdp(CONFIG, faults=[Fault(endpoint=Kind.DISCOVERY, delivery=delivery)])
    if error is None:
        assert send(idp, "GET", DISCOVERY_URL).status_code == 200
    else:
        with pytest.raises(error):
            send(idp, "GET", DISCOVERY_URL)

    assert (idp.journal.exchanges[0].response is not None) is recorded


def test_client_that_waits_no_longer_is_recorded_with_what_it_got(send: Send) -> None:
    """Of an answer that drips too slowly, the journal has the part that had left, and says that the peer went."""
    idp = FakeIdp(CONFIG, faults=[Fault(endpoint=Kind.DISCOVERY, delivery=Delivery(drip=5.5, drip_bytes=7))])
    with pytest.raises(httpx.ReadTimeout):
        send(idp, "GET", DISCOVERY_URL)

    response = idp.journal.exchanges[0].response
    assert response is not None
    assert response.delivery.ending is Ending.LEFT
    assert response.sent == response.body[:7]


def test_client_without_timeout_waits_for_any_delay() -> None:
    """A client that waits for ever gets a late answer."""
    idp = FakeIdp(CONFIG, faults=[Fault(endpoint=Kind.DISCOVERY, delivery=Delivery(delay=9999))])
    assert through_transport(idp, "GET", DISCOVERY_URL, timeout=None).status_code == 200


def test_odd_answer(send: Send) -> None:
    """Status, reason, fields with their repeats and an empty body come through."""
    fault = Fault(endpoint=Kind.DISCOVERY, status=204, body=b"ignored", headers=(("X-A", "1"), ("x-a", "2")))
    answer = send(FakeIdp(CONFIG, faults=[fault]), "GET", DISCOVERY_URL)

    assert answer.status_code == 204
    assert answer.content == b""
    assert answer.headers.get_list("x-a") == ["1", "2"]


@pytest.mark.parametrize("send", [through_respx, through_async_respx], indirect=True)
@pytest.mark.parametrize(
    "url",
    ["https://login.example/identity/connect/token", "https://www.blastiq.com:8443/identity", "http://127.0.0.1:9/"],
)
def test_other_hosts_are_recorded_and_cannot_be_reached(send: Send, url: str) -> None:
    """Nothing goes to any other host; the attempt stands in the journal, and the client sees no connection."""
    idp = FakeIdp(CONFIG)
    with pytest.raises(httpx.ConnectError, match="is not the fake BlastIQ"):
        send(idp, "POST", url, data=FORM)

    exchange = idp.journal.exchanges[0]
    assert exchange.kind is Kind.OTHER
    assert exchange.response is None
    assert exchange.request.url == url


def test_api_host_of_its_own_is_answered() -> None:
    """The API may live on a host other than the authority's."""
    config = ServerConfig(users=(USER,), api_url="https://api.example:8443/v1")
    assert through_respx(FakeIdp(config), "GET", "https://api.example:8443/v1/x").status_code == 401


def test_transports_of_the_users_own_are_left_alone() -> None:
    """A client with a transport of its own, such as one for an app under test, never meets the fake."""
    idp = FakeIdp(CONFIG)
    own = httpx.MockTransport(lambda _request: httpx.Response(299))
    with intercept(idp), httpx.Client(transport=own) as client:
        assert client.get("https://anywhere.example/").status_code == 299
    assert len(idp.journal) == 0


def test_door_closes() -> None:
    """After the block nothing of respx stays patched, also where the block failed."""
    before = len(respx.mocks.HTTPCoreMocker.routers)
    with pytest.raises(ZeroDivisionError), intercept(FakeIdp(CONFIG)):
        raise ZeroDivisionError
    assert len(respx.mocks.HTTPCoreMocker.routers) == before


def test_routes_of_the_users_own_come_first() -> None:
    """A respx router that was opened before the door keeps the hosts that it knows."""
    idp = FakeIdp(CONFIG)
    with respx.mock(assert_all_called=False) as router, intercept(idp):
        router.get("https://other.example/").respond(201)
        assert httpx.get("https://other.example/").status_code == 201
        assert httpx.get(DISCOVERY_URL).status_code == 200
    assert len(idp.journal) == 1
