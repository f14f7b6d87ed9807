"""What Kestrel refuses of a request that is HTTP, before the product sees it."""

import pytest

from fake_idp.http.server import Server
from fake_idp.wire import Headers, Request
from tests.fake_idp.calls import fake
from tests.fake_idp.peer import get, serve

DISCOVERY = "/identity/.well-known/openid-configuration"
HOST = ("Host", "www.blastiq.com")
CLOSE = ("Connection", "close")


def head(target: str = DISCOVERY, *fields: tuple[str, str], method: str = "GET", version: str = "1.1") -> Request:
    return Request(method=method, target=target, headers=Headers(fields or (HOST,)), http_version=version)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        pytest.param(head("/" + "a" * (8192 - len("GET / HTTP/1.1\r\n"))), 404, id="longest line"),
        pytest.param(head("/" + "a" * (8193 - len("GET / HTTP/1.1\r\n"))), 414, id="too long a line"),
        pytest.param(head("/identity/connect/token%00"), 400, id="NUL in the path"),
        pytest.param(head(f"{DISCOVERY}?a=%00"), 200, id="NUL in the query"),
        pytest.param(head("*", method="OPTIONS"), 404, id="OPTIONS *"),
        pytest.param(head("%2Fidentity"), 400, id="escape first"),
        pytest.param(head("?a=b"), 400, id="no path"),
        pytest.param(head("ftp://www.blastiq.com/identity"), 400, id="another scheme"),
        pytest.param(head("http://"), 400, id="no authority"),
        pytest.param(head("www.blastiq.com:443", method="CONNECT"), 400, id="CONNECT elsewhere"),
        pytest.param(head("www.blastiq.com", method="CONNECT"), 404, id="CONNECT"),
        pytest.param(head(DISCOVERY, HOST, ("A", "a" * (32_768 - 32))), 200, id="longest fields"),
        pytest.param(head(DISCOVERY, HOST, ("A", "a" * 32_768)), 431, id="too long fields"),
        pytest.param(head(DISCOVERY, HOST, *[("A", "b")] * 99), 200, id="most fields"),
        pytest.param(head(DISCOVERY, HOST, *[("A", "b")] * 100), 431, id="too many fields"),
        pytest.param(head(DISCOVERY, HOST, ("A", "\xc3\xa9")), 200, id="UTF-8"),
        pytest.param(head(DISCOVERY, HOST, ("A", "\xe9")), 400, id="latin-1"),
        pytest.param(head(DISCOVERY, HOST, *[("Content-Length", "0")] * 2), 400, id="two lengths"),
        pytest.param(head(DISCOVERY, HOST, ("Content-Length", "0, 0")), 400, id="two lengths in one"),
        pytest.param(head(DISCOVERY, HOST, HOST), 400, id="two hosts"),
        pytest.param(head(DISCOVERY, ("Host", "")), 200, id="empty host"),
        pytest.param(head(DISCOVERY, ("Host", "a_b-c.d:80")), 200, id="host"),
        pytest.param(head(DISCOVERY, ("Host", "[::1]:80")), 200, id="IPv6"),
        pytest.param(head(DISCOVERY, ("Host", "a b")), 400, id="blank in the host"),
        pytest.param(head(DISCOVERY, ("Host", "a:")), 400, id="no port"),
        pytest.param(head(DISCOVERY, ("Host", ":80")), 400, id="port alone"),
        pytest.param(head(f"http://www.blastiq.com{DISCOVERY}"), 200, id="absolute"),
        pytest.param(head(f"http://user@WWW.blastiq.com:80{DISCOVERY}"), 200, id="absolute, other spelling"),
        pytest.param(
            head(f"http://www.blastiq.com{DISCOVERY}", ("Host", "www.blastiq.com:80")), 200, id="default port"
        ),
        pytest.param(head(f"http://www.blastiq.com:81{DISCOVERY}"), 400, id="other port"),
        pytest.param(head(f"http://other.example{DISCOVERY}"), 400, id="other host"),
        pytest.param(head("/identity/connect/token", method="POST"), 400, id="POST without length"),
        pytest.param(head("/identity/connect/userinfo", method="POST"), 401, id="POST without length elsewhere"),
        pytest.param(head("/identity/connect/userinfo", method="POST", version="1.0"), 400, id="POST of 1.0"),
        pytest.param(
            head("/identity/connect/userinfo", HOST, ("Content-Length", "0"), method="POST", version="1.0"),
            401,
            id="POST of 1.0 with length",
        ),
    ],
)
def test_what_the_web_server_refuses(request_: Request, status: int) -> None:
    """Limits, targets, hosts and values are checked as Kestrel does."""
    answer = fake().handle(request_)
    assert answer.status == status
    if status in {414, 431}:
        assert (answer.headers.raw, answer.body) == ((CLOSE,), b"")


def test_a_proxy_takes_the_host_from_the_target() -> None:
    """Whatever the field says; nobody else may send two."""
    request = head(f"http://www.blastiq.com{DISCOVERY}", ("Host", "127.0.0.1:3128"))
    assert fake().handle(request).status == 400
    assert fake(refuse_others=True, intercepted=frozenset({"www.blastiq.com"})).handle(request).status == 200


@pytest.mark.parametrize(("target", "allowed"), [("*", "OPTIONS"), ("www.blastiq.com:443", "CONNECT")])
def test_targets_that_belong_to_a_method(target: str, allowed: str) -> None:
    """Of these alone the web server says which method it would have allowed."""
    answer = fake().handle(head(target))
    assert (answer.status, answer.headers.raw) == (405, (CLOSE, ("Allow", allowed)))


def test_a_refusal_ends_the_connection() -> None:
    """Nothing is read after it."""
    with Server() as server:
        answers = serve(server).talk(get("/identity%00") + get())
    assert answers.count(b"HTTP/1.1 ") == 1
    assert b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\nDate: " in answers
