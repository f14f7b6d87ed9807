"""What one connection carries: requests of every legal shape, peers that break the rules, peers that leave."""

import json
import shutil
import subprocess
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import suppress

import pytest

from fake_idp.classify import Kind
from fake_idp.http.port import Limits
from fake_idp.http.server import Server
from tests.fake_idp.peer import FORM_BODY, PATIENCE, Peer, Served, get, post, serve


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture
def served(server: Server) -> Served:
    return serve(server)


@pytest.fixture
def hasty() -> Iterator[Served]:
    with Server(limits=Limits(unfinished=0.05, idle=0.05, linger=0.05)) as running:
        yield serve(running)


CLOSE = "/identity/.well-known/openid-configuration"
FETCH = """fetch('{url}', {{method: 'POST', body: new URLSearchParams('{form}')}})
    .then(answer => answer.text()).then(console.log)"""
CHUNKED = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (FORM_BODY[:7], FORM_BODY[7:])) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    "request_bytes",
    [
        pytest.param(post(), id="plain"),
        pytest.param(post(version="1.0"), id="http-1.0"),
        pytest.param(post(CHUNKED, "Transfer-Encoding: chunked"), id="chunked"),
        pytest.param(
            post(CHUNKED, "Transfer-Encoding: chunked", "Trailer: X-T")[:-2] + b"X-T: 1\r\n\r\n", id="trailer"
        ),
        pytest.param(
            post(FORM_BODY, "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAEAAEAA"), id="h2c"
        ),
        pytest.param(b"\r\n" + post(), id="empty-line-first"),
        pytest.param(post().replace(b"POST /", b"POST http://127.0.0.1/"), id="absolute-form"),
    ],
)
def test_body_arrives(served: Served, request_bytes: bytes) -> None:
    """However a legal request is framed, its body arrives whole and is answered."""
    answer = served.talk(request_bytes)

    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    exchange = served.exchange()
    assert exchange.kind is Kind.TOKEN
    assert exchange.request.body == FORM_BODY
    assert exchange.response is not None


def test_head_is_kept_as_sent(served: Served) -> None:
    """Order, spelling and repeats of the fields, and the target with its fragment, stand in the journal as sent."""
    fields = ("X-one: 1", "ACCEPT:  a", "x-One: 2", "accept: \xe9")
    served.talk(get("/identity/x?a=%zz&b#c", *fields))

    request = served.exchange().request
    assert request.target == "/identity/x?a=%zz&b#c"
    assert request.headers.raw == (
        ("Host", "127.0.0.1"),
        ("X-one", "1"),
        ("ACCEPT", "a"),
        ("x-One", "2"),
        ("accept", "\xe9"),
    )


def test_connection_is_kept(served: Served) -> None:
    """Several requests go over one connection, one after the other."""
    with served.peer() as peer:
        statuses = [peer.send(get()).answer()[0], peer.send(post()).answer()[0], peer.send(get("/none")).answer()[0]]

    assert statuses == [200, 200, 404]
    assert [entry.number for entry in served.entries(3)] == [1, 2, 3]


def test_it_is_known_what_came_by_one_connection(served: Served) -> None:
    """Requests on a kept connection bear its number, one on a new connection another."""
    with served.peer() as peer, served.peer() as other:
        for each in (peer, peer, other):
            each.send(get("/none")).answer()

    first, second, third = served.idp.journal.exchanges
    assert first.via == second.via > 0
    assert third.via not in {0, first.via}


@pytest.mark.parametrize(
    ("fields", "version", "told"),
    [
        pytest.param((), "1.1", None, id="1.1"),
        pytest.param(("Connection: foo, Close",), "1.1", "close", id="1.1-close"),
        pytest.param((), "1.0", "close", id="1.0"),
        pytest.param(("Connection: Keep-Alive",), "1.0", "keep-alive", id="1.0-keep-alive"),
    ],
)
def test_persistence_follows_the_request(
    served: Served, fields: tuple[str, ...], version: str, told: str | None
) -> None:
    """RFC 9112 9.3, C.2.2: 1.1 persists unless told otherwise, 1.0 only when asked; what departs from that is told."""
    with served.peer() as peer:
        _, answered, _ = peer.send(get("/identity/.well-known/openid-configuration", *fields, version=version)).answer()
        assert answered.get("connection") == told
        if told == "close":
            assert peer.rest() == b""


def test_pipelined_requests_are_answered_in_order(served: Served) -> None:
    """A thousand requests in one packet are all answered, in order, signed ones among them."""
    answers = served.talk((get("/none") * 499 + post()) * 2)

    statuses = [int(part[:3]) for part in answers.split(b"HTTP/1.1 ")[1:]]
    assert statuses == ([404] * 499 + [200]) * 2
    assert len(served.entries(1000)) == 1000


def test_peer_that_holds_its_body_back_is_told_to_go_on(served: Served) -> None:
    """Expect: 100-continue gets its go-ahead, once, and then the answer."""
    request = post(FORM_BODY, "Expect: 100-continue")
    with served.peer() as peer:
        peer.send(request[: -len(FORM_BODY)])
        assert peer.socket.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        peer.send(FORM_BODY[:5])
        status, _, _ = peer.send(FORM_BODY[5:]).answer()

    assert status == 200


def test_peer_that_takes_no_answers_waits(served: Served) -> None:
    """A peer that asks and asks without reading is read no further; once it reads, it gets every answer."""
    count = 4000
    with served.peer() as peer:
        sender = threading.Thread(target=peer.send, args=(get() * (count - 1) + get(CLOSE, "Connection: close"),))
        sender.start()
        answered = -1
        while answered < len(served.idp.journal):
            answered = len(served.idp.journal)
            time.sleep(0.1)
        assert answered < count
        answers = peer.rest()
        sender.join()

    assert answers.count(b"HTTP/1.1 200 OK") == count


def send_on(peer: Peer) -> None:
    for _ in range(1000):
        peer.send(post(b"x" * 10_000, length=10**9))
        time.sleep(0.001)


def test_peer_that_sends_on_after_a_refusal_is_cut_off() -> None:
    """What comes after a refusal is thrown away, and not for ever."""
    with Server(limits=Limits(body=10, discarded=1000)) as running:
        served = serve(running)
        with served.peer() as peer, pytest.raises(ConnectionError):
            send_on(peer)


@pytest.mark.parametrize("chunked", [False, True])
def test_large_body_is_answered_and_cut(served: Served, *, chunked: bool) -> None:
    """Of 10 MB the fake keeps what it needs to refuse them; the peer can send all of it and still read the answer."""
    size = 10_000_000
    body = b"x" * size
    request = post(b"%x\r\n%b\r\n0\r\n\r\n" % (size, body), "Transfer-Encoding: chunked") if chunked else post(body)
    with served.peer() as peer:
        status, answered, _ = peer.send(request).answer()

    assert status == 413
    assert answered["connection"] == "close"
    assert len(served.exchange().request.body) == 1024 * 1024 + 1


@pytest.mark.parametrize(
    ("sent", "statuses"),
    [
        pytest.param(post(FORM_BODY, length=999), [408], id="body"),
        pytest.param(b"GET / HTTP/1.1\r\n", [408], id="head"),
        pytest.param(b"", [], id="nothing"),
        pytest.param(get("/none"), [404], id="idle-after-an-answer"),
    ],
)
def test_slow_peer_is_given_up(hasty: Served, sent: bytes, statuses: list[int]) -> None:
    """A peer of which nothing more comes is refused where a request is unfinished, and the connection ends."""
    with hasty.peer() as peer:
        answers = peer.send(sent).rest()

    assert [int(part[:3]) for part in answers.split(b"HTTP/1.1 ")[1:]] == statuses
    assert len(hasty.entries()) == 1


@pytest.mark.parametrize("drop", [b"x", b"\r\n"], ids=["head", "empty-lines"])
def test_a_head_that_drips_is_not_waited_for_for_ever(drop: bytes) -> None:
    """Each byte comes in time, and still the whole must: after `head_seconds` the peer is given up."""
    with Server(limits=Limits(unfinished=0.3, head_seconds=0.12)) as running:
        served = serve(running)
        started = time.monotonic()
        with served.peer() as peer, suppress(ConnectionError):
            while time.monotonic() - started < PATIENCE:
                peer.send(drop)
                time.sleep(0.01)
        assert 0.1 < time.monotonic() - started < PATIENCE

        assert served.connection().ending == "no whole head came within 0.12 s"


@pytest.mark.parametrize(
    ("program", "arguments"),
    [
        pytest.param("curl", ["-s", "--fail", "--data", "{form}", "{url}"], id="curl"),
        pytest.param("curl", ["-s", "--fail", "--http2", "--data", "{form}", "{url}"], id="curl-h2c"),
        pytest.param("curl", ["-s", "--fail", "--http1.0", "--data", "{form}", "{url}"], id="curl-1.0"),
        pytest.param(
            "node",
            [
                "-e",
                FETCH,
            ],
            id="node-fetch",
        ),
    ],
)
def test_real_clients_are_served(served: Served, program: str, arguments: list[str]) -> None:
    """Real clients get a token, and their body arrives."""
    if shutil.which(program) is None:
        pytest.skip(f"needs {program}")
    filled = [argument.format(url=served.listener.token_url, form=FORM_BODY.decode()) for argument in arguments]
    done = subprocess.run([program, *filled], capture_output=True, text=True, check=True, timeout=20)

    assert json.loads(done.stdout)["token_type"] == "Bearer"
    sent = dict(urllib.parse.parse_qsl(served.exchange().request.body.decode()))
    assert sent["password"] == "a b+c&d=e%f"
