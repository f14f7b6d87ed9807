"""What is computed of an object once."""

import pytest

from fake_idp.lazy import kept
from fake_idp.wire import Request


def test_a_kept_answer_is_computed_once_for_each_object() -> None:
    """Also one that is None; a failure comes again."""
    asked: list[str] = []

    @kept
    def look(request: Request) -> None:
        asked.append(request.target)
        if request.target == "/fails":
            raise LookupError

    one, other, failing = (Request(method="GET", target=target) for target in ("/one", "/other", "/fails"))
    for request in (one, one, other, one):
        look(request)
    for _ in range(2):
        with pytest.raises(LookupError):
            look(failing)
    assert asked == ["/one", "/other", "/fails", "/fails"]
    assert one == Request(method="GET", target="/one")
