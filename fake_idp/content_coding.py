"""Bodies under a Content-Encoding, made readable."""

import zlib

# The most that a body is inflated to, and zlib's word for "gzip or zlib, see for yourself".
_LIMIT = 1 << 24
_GZIP_OR_ZLIB = 47


def inflate(body: bytes) -> bytes:
    """Undo gzip or deflate; give the body as it stands where it has neither, for a recorder may have unpacked it."""
    try:
        return zlib.decompressobj(_GZIP_OR_ZLIB).decompress(body, _LIMIT)
    except zlib.error:
        return body
