"""The limits of the sister article: how many calls in which time, for each user."""

import pytest

from fake_idp.server_config import ServiceUser
from tests.fake_idp.calls import USER, Now, call, fake, form, members, post, sign_in


@pytest.mark.parametrize(
    ("calls", "pause", "allowed", "retry_after"),
    [(21, 0.0, 20, "10"), (61, 0.9, 60, "6"), (1201, 3.0, 1200, "10800")],
    ids=["20 in 10 s", "60 in a minute", "1200 in 4 h"],
)
def test_limits(calls: int, pause: float, allowed: int, retry_after: str) -> None:
    """R69: each window slides; the answer says after how many seconds a call is allowed again."""
    now = Now()
    idp = fake(now, access_token_lifetime=100_000)
    token = sign_in(idp)["access_token"]
    answers = []
    for _ in range(calls):
        answers.append(call(idp, token))
        now.sleep(pause)
    assert [answer.status for answer in answers] == [200] * allowed + [429]
    assert answers[-1].headers.get("retry-after") == retry_after
    now.sleep(float(retry_after) - pause)
    assert call(idp, token).status == 200


def test_limits_are_for_each_user() -> None:
    """One user's calls do not count against another's, and a refused call does not count at all."""
    other = ServiceUser(username="other", password="x", site="south")
    idp = fake(users=(USER, other))
    first, second = sign_in(idp), members(post(idp, form(username="other", password="x")))
    assert [call(idp, first["access_token"]).status for _ in range(22)][-2:] == [429, 429]
    assert members(call(idp, second["access_token"]))["site"] == "south"


def test_limits_off() -> None:
    """A tenant may do without limits."""
    idp = fake(rate_limits=())
    token = sign_in(idp)["access_token"]
    assert {call(idp, token).status for _ in range(40)} == {200}
