"""Answers of a name server that has one address for every name: 127.0.0.1 (RFC 1035 4.1)."""

import struct

_HEAD = struct.Struct("!6H")
_TYPE_AND_CLASS = struct.Struct("!2H")
_RESPONSE, _RECURSION = 0x8400, 0x0080
_ASKED_FOR_RECURSION = 0x0100
_ADDRESS, _INTERNET = 1, 1
# The name as in the question, type A, class IN, a TTL of zero, four octets.
_ANSWER = struct.pack("!3HIH4B", 0xC00C, _ADDRESS, _INTERNET, 0, 4, 127, 0, 0, 1)


def resolve(query: bytes) -> bytes:
    """Give the answer to a query: the address, or that there is none of that type; empty if it is not a query."""
    end = _end_of_question(query)
    if not end:
        return b""
    number, flags, *_ = _HEAD.unpack_from(query)
    kind, family = _TYPE_AND_CLASS.unpack_from(query, end - _TYPE_AND_CLASS.size)
    answer = _ANSWER if (kind, family) == (_ADDRESS, _INTERNET) else b""
    said = _RESPONSE | _RECURSION | flags & _ASKED_FOR_RECURSION
    return _HEAD.pack(number, said, 1, bool(answer), 0, 0) + query[_HEAD.size : end] + answer


def _end_of_question(query: bytes) -> int:
    if len(query) < _HEAD.size or _HEAD.unpack_from(query)[2] != 1:
        return 0
    place = _HEAD.size
    while place < len(query) and query[place]:
        place += 1 + query[place]
    end = place + 1 + _TYPE_AND_CLASS.size
    return end if end <= len(query) else 0
