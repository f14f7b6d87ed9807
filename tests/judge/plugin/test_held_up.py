"""A live server that was late itself, as on an overloaded machine or at a breakpoint, accuses no test's client."""

import httpx
import pytest

from blastiq_conformance.plugin.door import BlastiqViolation, BlastiqWarning, Door, fresh_user
from blastiq_conformance.plugin.live import LiveServer
from fake_idp.http.lag import Lag
from fake_idp.http.server import Server
from fake_idp.server_config import ServerConfig


def door_after(calls: int, **more: str) -> Door:
    """Sign in and call the API so many times, without a pause."""
    door = Door(ServerConfig(), fresh_user())
    user = {"username": door.user.username, "password": door.user.password}
    with Server() as server, httpx.Client() as client:
        live = LiveServer(server, door)
        document = client.get(f"{live.authority}/.well-known/openid-configuration").json()
        form = {"grant_type": "password", **user, "client_id": "external.customer", **more}
        token = client.post(document["token_endpoint"], data=form).json()["access_token"]
        for _ in range(calls):
            client.get(live.api_url, headers={"Authorization": f"Bearer {token}"})
        live.close()
    return door


@pytest.mark.slow
def test_conduct_is_not_judged_and_that_is_said() -> None:
    """Twenty-five calls at once exceed the limits, unless a kit that was held up let them through together."""
    door = door_after(25)
    with pytest.raises(BlastiqViolation, match="BIQ821"):
        door.check()
    door.held_up = lambda: 4.0
    with pytest.warns(BlastiqWarning, match=r"was not judged: the kit itself was held up for 4\.0 s"):
        door.check()


def test_what_was_sent_is_judged_all_the_same() -> None:
    """A client_secret fails the test however late the kit was."""
    door = door_after(1, client_secret="hunter2hunter2")
    door.held_up = lambda: 4.0
    with pytest.warns(BlastiqWarning, match="held up"), pytest.raises(BlastiqViolation, match="BIQ209"):
        door.check()


@pytest.mark.parametrize(("late", "told"), [(0.9, 0.0), (3.0, 3.0)])
def test_the_live_server_tells_its_door(monkeypatch: pytest.MonkeyPatch, late: float, told: float) -> None:
    """The evidence of a test holds for how long the server that it used was held up; up to a second does not matter."""
    monkeypatch.setattr(Lag, "since", lambda *_: late)
    door = Door(ServerConfig(), fresh_user())
    assert door.evidence.facts.held_up == 0.0
    with Server() as server:
        live = LiveServer(server, door)
        assert door.evidence.facts.held_up == told
        live.close()
