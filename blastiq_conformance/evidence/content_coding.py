"""Bodies with a Content-Encoding, decoded: one cause (BIQ220) is not four missing fields."""

from dataclasses import replace

from fake_idp.content_coding import inflate
from fake_idp.wire import Request

# A token request is small; a body that inflates to more is not one.
_LIMIT = 1 << 20


def decoded(request: Request) -> Request:
    """Give the request with its body inflated; as it stands where it is not coded, or cannot be read."""
    if request.headers.get("content-encoding") is None:
        return request
    return replace(request, body=inflate(request.body)[:_LIMIT])
