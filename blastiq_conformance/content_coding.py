"""Bodies under a Content-Encoding, read all the same: one cause (BIQ220) is not four missing fields."""

import zlib
from dataclasses import replace

from fake_idp.wire import Request

# A token request is small; whatever inflates to more is no token request.
_LIMIT = 1 << 20
_GZIP_OR_ZLIB = 47


def decoded(request: Request) -> Request:
    """Give the request with its body inflated; as it stands where it is not coded, or cannot be read."""
    if request.headers.get("content-encoding") is None:
        return request
    try:
        body = zlib.decompressobj(_GZIP_OR_ZLIB).decompress(request.body, _LIMIT)
    except zlib.error:
        return request
    return replace(request, body=body)
