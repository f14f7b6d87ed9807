"""What peers do to a TLS port and to the proxy: the shapes of `abuse` inside TLS, and what breaks TLS or the tunnel."""

from collections.abc import Iterator
from dataclasses import replace

from benchmarks.abuse import SHAPES, Leaving, Shape, request

_HELLO = bytes.fromhex("16030100c8010000c40303") + bytes(range(32)) + b"\x20" + bytes(32) + b"\x00\x04\x13\x01\x13\x02"
_CONNECT = request("CONNECT", "www.blastiq.com:443")
_PLAIN = request("GET", "/identity/.well-known/openid-configuration", "Connection: close")
_ABSOLUTE = _PLAIN.replace(b" /identity", b" http://127.0.0.1/identity", 1)


def _carried() -> Iterator[Shape]:
    for shape in SHAPES:
        if shape.leaving is not Leaving.HALF:
            yield shape
        elif shape.entries == 1:
            # TLS ends both sides at once: nothing is read after it.
            yield replace(shape, statuses=None, leaving=Leaving.AT_ONCE)


def _raw(name: str, *portions: bytes, leaving: Leaving = Leaving.AFTER_ANSWER, entries: int = 1) -> Shape:
    return Shape(name=name, portions=portions, statuses=(), entries=entries, leaving=leaving, raw=True)


OVER_TLS = (
    *_carried(),
    _raw("no TLS at all", _PLAIN),
    _raw("garbage for a hello", b"\x16\x03\x03\x00\xff" + b"\xaa" * 300),
    _raw("an alert for a hello", b"\x15\x03\x01\x00\x02\x02\x28"),
    _raw("half a hello", _HELLO[:60], leaving=Leaving.HALF),
    _raw("a hello in drips, then gone", *(bytes([octet]) for octet in _HELLO[:40]), leaving=Leaving.HALF),
    _raw("no hello", leaving=Leaving.HALF),
    _raw("reset in the hello", _HELLO[:60], leaving=Leaving.RESET),
    _raw("h2 before TLS", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
)

BY_PROXY = (
    *_carried(),
    replace(_raw("plain, absolute form", _ABSOLUTE), statuses=(200,), share=3),
    replace(_raw("plain, origin form", _PLAIN), statuses=(200,)),
    replace(_raw("a tunnel for plain http", _CONNECT.replace(b":443", b":80") + _PLAIN), statuses=(200, 200)),
    # 200 is the tunnel's; anything but TLS in it ends at the fake, and in its journal.
    replace(_raw("no TLS in the tunnel", _CONNECT + _PLAIN), statuses=(200,)),
    replace(_raw("garbage in the tunnel", _CONNECT, b"\xaa" * 5000), statuses=(200,)),
    replace(_raw("a tunnel in the tunnel", _CONNECT + _CONNECT), statuses=(200,)),
    _raw("half a CONNECT", _CONNECT[:30], leaving=Leaving.HALF, entries=0),
    _raw("a CONNECT in drips", *(bytes([octet]) for octet in _CONNECT[:40]), leaving=Leaving.HALF, entries=0),
    _raw("reset in CONNECT", _CONNECT[:20], leaving=Leaving.RESET, entries=0),
    replace(_raw("a CONNECT without end", b"CONNECT " + b"x" * 70_000, entries=0), statuses=None),
    _raw("nothing to the proxy", leaving=Leaving.HALF, entries=0),
    replace(_raw("noise to the proxy", bytes(range(128, 256)) * 20 + b"\r\n\r\n"), statuses=(400,)),
    replace(_raw("h2 to the proxy", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), statuses=(505,)),
)
