"""A fake BlastIQ for a block of code: for property tests and plain scripts, which cannot use a fixture."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from blastiq_conformance.catalogue import Profile
from blastiq_conformance.plugin.door import Door, demand_traffic, fresh_user
from fake_idp.inprocess import intercept
from fake_idp.server_config import ServerConfig, ServiceUser
from fake_idp.wire import Headers, Request


@contextmanager
def fake_blastiq(
    config: ServerConfig | None = None,
    user: ServiceUser | None = None,
    *,
    scenario: str = "",
    expect: Iterable[str] = (),
    profile: Profile | str = Profile.ARTICLE,
    traffic: bool = True,
) -> Iterator[Door]:
    """Answer httpx in this block as BlastIQ would, and judge at its end: for property tests and plain scripts.

    Under `@given`, a fixture of function scope fails hypothesis' health check; this does not. A block that sends
    nothing fails, unless `traffic` is False.
    """
    door = Door(config or ServerConfig(), user or fresh_user(), scenario=scenario)
    with door.seal, intercept(door.idp):
        yield door
    if traffic:
        demand_traffic([door])
    door.check(expect=expect, profile=Profile(profile))


def _pay_for_the_first() -> None:
    """Make the key, read the rules and judge once, so that the first block takes no longer than any other.

    Hypothesis gives each example 200 ms, and calls a test flaky if only its first example took longer.
    """
    door = Door(ServerConfig(), fresh_user())
    form = Headers((("Host", "www.blastiq.com"), ("Content-Type", "application/x-www-form-urlencoded")))
    fields = f"grant_type=password&username={door.user.username}&password={door.user.password}"
    body = f"{fields}&client_id=external.customer".encode()
    with intercept(door.idp):
        door.idp.handle(Request(method="POST", target="/identity/connect/token", headers=form, body=body))
    door.report(Profile.ARTICLE)


_pay_for_the_first()
