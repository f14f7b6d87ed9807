"""A TLS ClientHello, read before any TLS library sees it: whether it is one, and for which server name."""

from io import BytesIO

_HANDSHAKE, _CLIENT_HELLO = 22, 1
_SERVER_NAME, _HOST_NAME = 0, 0
_RECORD_HEAD = 5


def is_hello(received: bytes) -> bool:
    """Say whether a TLS client speaks: a record of type handshake, major version 3 (RFC 8446 5.1)."""
    return received.startswith(b"\x16\x03")


def server_name(received: bytes) -> str | None:
    """Find the server name (SNI), as latin-1, which loses no byte; None without one, or if the hello is incomplete."""
    try:
        return _find_name(BytesIO(_message(received)))
    except EOFError:
        return None


def _message(received: bytes) -> bytes:
    """Join the records into which the hello was split."""
    message, start = b"", 0
    while received[start : start + 1] == bytes((_HANDSHAKE,)):
        end = start + _RECORD_HEAD + int.from_bytes(received[start + 3 : start + _RECORD_HEAD])
        message += received[start + _RECORD_HEAD : end]
        start = end
    return message


def _find_name(hello: BytesIO) -> str | None:
    # RFC 8446 4.1.2: version and random have a fixed length; session, ciphers, compression and extensions state theirs.
    if _number(hello, 1) != _CLIENT_HELLO:
        return None
    hello = _counted(hello, 3)
    _take(hello, 34)
    for width in (1, 2, 1):
        _counted(hello, width)
    extensions = _counted(hello, 2)
    while _number(extensions, 2) != _SERVER_NAME:
        _counted(extensions, 2)
    # RFC 6066 3: a list of names with their types; only one type exists.
    names = _counted(_counted(extensions, 2), 2)
    return _counted(names, 2).read().decode("latin-1") if _number(names, 1) == _HOST_NAME else None


def _take(data: BytesIO, size: int) -> bytes:
    piece = data.read(size)
    if len(piece) < size:
        raise EOFError
    return piece


def _number(data: BytesIO, width: int) -> int:
    return int.from_bytes(_take(data, width))


def _counted(data: BytesIO, width: int) -> BytesIO:
    """Take a field whose length stands before it in so many bytes."""
    return BytesIO(_take(data, _number(data, width)))
