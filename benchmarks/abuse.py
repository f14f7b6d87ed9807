"""What peers do to a server, well-behaved and not: the bytes, the expected answers, and the expected journal."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum, auto

BODY = b"grant_type=password&username=svc&password=soak-password&client_id=external.customer"
_REFUSED = b"grant_type=password&username=svc&password=wrong&client_id=external.customer"


class Leaving(StrEnum):
    """How a peer ends a connection."""

    AFTER_ANSWER = auto()  # once the server has closed it
    HALF = auto()  # its own side at once, then it reads
    AT_ONCE = auto()  # without a look at the answer
    RESET = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One connection: `statuses` are the answers (None: not checked), `entries` are left in the journal.

    `portions` are sent one by one with a pause between them. `share` is its frequency, relative to the others.
    `raw`: directly to the port, when the others go through TLS or a tunnel of the proxy.
    """

    name: str
    portions: tuple[bytes, ...]
    statuses: tuple[int, ...] | None
    entries: int = 1
    leaving: Leaving = Leaving.AFTER_ANSWER
    share: int = 1
    raw: bool = False


def request(
    method: str, target: str, *fields: str, body: bytes = b"", version: str = "1.1", framed: bool = True
) -> bytes:
    """Write a request by hand."""
    lines = [f"{method} {target} HTTP/{version}", "Host: 127.0.0.1", *fields]
    if body and framed:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join((*lines, "", "")).encode("latin-1") + body


def _get(*fields: str, version: str = "1.1") -> bytes:
    return request("GET", "/identity/.well-known/openid-configuration", *fields, version=version)


def _post(*fields: str, body: bytes = BODY, framed: bool = True) -> bytes:
    return request("POST", "/identity/connect/token", *fields, body=body, framed=framed)


_LAST = "Connection: close"
_SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
_CHUNKED = b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY)

SHAPES = (
    Shape(name="discovery", portions=(_get(_LAST),), statuses=(200,), share=8),
    Shape(name="sign-in", portions=(_post(_LAST),), statuses=(200,), share=6),
    Shape(name="wrong password", portions=(_post(_LAST, body=_REFUSED),), statuses=(400,), share=3),
    Shape(name="kept", portions=(_get(), _get(), _get(), _get(_LAST)), statuses=(200,) * 4, entries=4, share=4),
    Shape(name="pipelined", portions=(_get() * 19 + _get(_LAST),), statuses=(200,) * 20, entries=20, share=2),
    Shape(
        name="pipelined sign-ins",
        portions=((_post() + _get()) * 2 + _get(_LAST),),
        statuses=(200,) * 5,
        entries=5,
    ),
    Shape(name="pipelined, then gone", portions=(_get() * 5,), statuses=(200,) * 5, entries=5, leaving=Leaving.HALF),
    Shape(name="HTTP/1.0", portions=(_get(version="1.0"),), statuses=(200,), share=2),
    Shape(name="byte by byte", portions=tuple(bytes([octet]) for octet in _get(_LAST)), statuses=(200,)),
    Shape(
        name="slow loris",
        portions=(b"GET / HTTP/1.1\r\n", b"A: b\r\n", b"C: d\r\n", b"E"),
        statuses=(400,),
        leaving=Leaving.HALF,
    ),
    Shape(name="slow body", portions=(_post()[:-9], BODY[-9:-4]), statuses=None, leaving=Leaving.AT_ONCE),
    Shape(name="half-open", portions=(_get(),), statuses=(200,), leaving=Leaving.HALF, share=2),
    Shape(name="nothing at all", portions=(), statuses=(), leaving=Leaving.HALF),
    Shape(name="gone before the answer", portions=(_post(),), statuses=None, leaving=Leaving.AT_ONCE, share=2),
    Shape(name="reset before the answer", portions=(_post(),), statuses=None, leaving=Leaving.RESET, share=2),
    Shape(name="reset in the head", portions=(b"GET / HT",), statuses=None, leaving=Leaving.RESET),
    Shape(name="TLS hello", portions=(b"\x16\x03\x01\x00\xf0\x01\x00\x00" + bytes(range(240)),), statuses=(400,)),
    Shape(name="TLS garbage", portions=(b"\x16\x03\x03\xff\xff" + b"\xaa" * 3000,), statuses=(400,)),
    Shape(name="noise", portions=(bytes(range(128, 256)) * 20 + b"\r\n\r\n",), statuses=(400,)),
    Shape(
        name="chunked and a length",
        portions=(
            _post("Transfer-Encoding: chunked", "Content-Length: 4", _LAST, body=_CHUNKED, framed=False) + _SMUGGLED,
        ),
        statuses=(400,),
    ),
    Shape(name="two lengths", portions=(_post("Content-Length: 1", _LAST) + _SMUGGLED,), statuses=(400,)),
    Shape(name="a folded field", portions=(_get("A: b\r\n c", _LAST),), statuses=(400,)),
    Shape(name="a space before the colon", portions=(_get("Content-Length : 5", _LAST) + b"12345",), statuses=(400,)),
    Shape(name="a bare line feed", portions=(_get(_LAST).replace(b"\r\n", b"\n"),), statuses=(200,)),
    Shape(name="an odd coding", portions=(_post("Transfer-Encoding: xchunked", _LAST, framed=False),), statuses=(400,)),
    Shape(
        name="a chunk too large",
        portions=(_post("Transfer-Encoding: chunked", body=b"f" * 30 + b"\r\n", framed=False),),
        statuses=(400,),
    ),
    Shape(
        name="100-continue",
        portions=(_post("Expect: 100-continue", _LAST)[: -len(BODY)], BODY),
        statuses=(200,),
    ),
    Shape(
        name="100-continue, then gone",
        portions=(_post("Expect: 100-continue")[: -len(BODY)],),
        statuses=None,
        leaving=Leaving.AT_ONCE,
    ),
    Shape(name="h2 preface", portions=(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0",), statuses=(505,)),
    Shape(
        name="h2c upgrade",
        portions=(_post("Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA", _LAST),),
        statuses=(200,),
    ),
    Shape(name="a flood of fields", portions=(_get(*(f"X-{n}: y" for n in range(9000)), _LAST),), statuses=(431,)),
    Shape(name="a field too long", portions=(_get("X: " + "y" * 90_000, _LAST),), statuses=(431,)),
    Shape(name="a body too long", portions=(_post(_LAST, body=b"a=" + b"b" * 1_100_000),), statuses=(413,)),
)


def connections(shapes: Iterable[Shape]) -> list[Shape]:
    """Repeat each shape as often as its share says."""
    return [shape for shape in shapes for _ in range(shape.share)]
