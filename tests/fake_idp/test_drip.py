"""How a dripped response keeps to its clock."""

import asyncio

import pytest

from fake_idp.http.delivery import frame, perform
from fake_idp.wire import Delivery, Request, Response

GET = Request(method="GET", target="/")


def test_a_busy_machine_does_not_stretch_a_drip(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is late leaves at once: a client whose timeout the drip does not reach sees all of it in time."""
    delivery = Delivery(drip=2.0, drip_bytes=1)
    pauses: list[float] = []
    sent: list[bytes] = []

    async def drip() -> None:
        late = [0.0]
        monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: late[0])

        async def oversleep(seconds: float) -> None:
            pauses.append(seconds)
            late[0] += 5.0

        monkeypatch.setattr(asyncio, "sleep", oversleep)
        laid = frame(GET, Response(status=200, body=b"abcd", delivery=delivery), now=0.0)
        await perform(sent.append, laid, delivery, lambda: None)

    asyncio.run(drip())
    assert pauses == [2.0, 0, 0]
    assert b"".join(sent).endswith(b"abcd")
