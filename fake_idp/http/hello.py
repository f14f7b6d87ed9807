"""A TLS ClientHello, read before any TLS library sees it: whether it is one, and for which server name."""

_HANDSHAKE, _CLIENT_HELLO = 22, 1
_SERVER_NAME, _HOST_NAME = 0, 0
_RECORD_HEAD = 5


def is_hello(received: bytes) -> bool:
    """Say whether a TLS client speaks: a record of type handshake, major version 3 (RFC 8446 5.1)."""
    return received.startswith(b"\x16\x03")


def server_name(received: bytes) -> str | None:
    """Find the server name (SNI), as latin-1, which loses no byte; None without one, or if the hello is incomplete."""
    try:
        return _find_name(_Reading(_message(received)))
    except IndexError:
        return None


def _message(received: bytes) -> bytes:
    """Join the records into which the hello was split."""
    message, start = b"", 0
    while received[start : start + 1] == bytes((_HANDSHAKE,)):
        end = start + _RECORD_HEAD + int.from_bytes(received[start + 3 : start + _RECORD_HEAD])
        message += received[start + _RECORD_HEAD : end]
        start = end
    return message


def _find_name(hello: "_Reading") -> str | None:
    # RFC 8446 4.1.2: version and random have a fixed length; session, ciphers, compression and extensions state theirs.
    if hello.number(1) != _CLIENT_HELLO:
        return None
    hello = _Reading(hello.counted(3))
    hello.take(34)
    for width in (1, 2, 1):
        hello.counted(width)
    extensions = _Reading(hello.counted(2))
    while extensions.number(2) != _SERVER_NAME:
        extensions.counted(2)
    # RFC 6066 3: a list of names with their types; only one type exists.
    names = _Reading(_Reading(extensions.counted(2)).counted(2))
    return names.counted(2).decode("latin-1") if names.number(1) == _HOST_NAME else None


class _Reading:
    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def take(self, size: int) -> bytes:
        end = self._at + size
        if end > len(self._data):
            raise IndexError
        piece = self._data[self._at : end]
        self._at = end
        return piece

    def number(self, width: int) -> int:
        return int.from_bytes(self.take(width))

    def counted(self, width: int) -> bytes:
        """Take a field whose length stands before it in so many bytes."""
        return self.take(self.number(width))
