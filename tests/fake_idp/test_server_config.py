"""The tenant's derived values, and the clock."""

import pytest

from fake_idp.server_config import Clock, RefreshPolicy, ServerConfig, ServiceUser


@pytest.mark.parametrize(
    ("authority", "base"),
    [("https://a.test/identity", "/identity"), ("https://a.test/identity/", "/identity"), ("https://a.test", "")],
)
def test_base(authority: str, base: str) -> None:
    """The base path is the authority's, without a slash at its end."""
    assert ServerConfig(authority=authority).base == base


@pytest.mark.parametrize(("url", "path"), [("https://a.test/v3/", "/v3"), ("https://a.test", "")])
def test_api_path(url: str, path: str) -> None:
    """So is the API's."""
    assert ServerConfig(api_url=url).api_path == path


def test_offline_access() -> None:
    """Refresh tokens are allowed under every policy but none."""
    allowed = {policy for policy in RefreshPolicy if ServerConfig(refresh_policy=policy).offline_access}
    assert allowed == set(RefreshPolicy) - {RefreshPolicy.NONE}


def test_subject() -> None:
    """A user's subject is stable, the same for any spelling of the name, and does not show it."""
    subject = ServiceUser(username="Svc-User", password="x").subject
    assert subject == ServiceUser(username="svc-user", password="y").subject
    assert subject != ServiceUser(username="other", password="x").subject
    assert "svc" not in subject.lower()


def test_clock() -> None:
    """Wall time is written as ISO 8601 in UTC, to the millisecond."""
    assert Clock(wall=lambda: 1_700_000_000.1234).now() == "2023-11-14T22:13:20.123+00:00"


def test_a_shifted_clock_records_in_true_time() -> None:
    """What a fake believes is one thing, what stands in a report another: nobody looks for it ten minutes ago."""
    clock = Clock(wall=lambda: 1_700_000_000.0).shifted(600).shifted(-60)
    assert clock.wall() == 1_700_000_540.0
    assert clock.now() == "2023-11-14T22:13:20.000+00:00"
