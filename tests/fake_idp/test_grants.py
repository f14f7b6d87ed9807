"""The two grants: which scopes are granted, what a refresh gives under each policy, and that only one of many wins."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from fake_idp.server_config import Flavour, RefreshPolicy
from tests.fake_idp.calls import (
    FLAVOURS,
    USER,
    Now,
    claims,
    error,
    fake,
    flavoured,
    form,
    members,
    post,
    refresh,
    sign_in,
)


@pytest.mark.parametrize(
    ("scope", "granted", "renewable"),
    [
        (None, "cosmos offline_access", True),
        ("", "cosmos offline_access", True),
        ("cosmos", "cosmos", False),
        ("offline_access cosmos", "cosmos offline_access", True),
        ("cosmos cosmos", "cosmos", False),
        ("offline_access", "offline_access", True),
        (" cosmos ", "cosmos", False),
    ],
)
def test_granted_scopes(scope: str | None, granted: str, *, renewable: bool) -> None:
    """The scopes that are granted are sorted and named once; offline_access brings a refresh token (1.3)."""
    read = sign_in(fake(), **({} if scope is None else {"scope": scope}))
    assert (read["scope"], "refresh_token" in read) == (granted, renewable)


def test_all_scopes_are_granted_in_order() -> None:
    """Without a scope all are granted, sorted as ever, where people may sign in too (1.3)."""
    read = sign_in(fake(scopes=("openid", "profile", "cosmos")))
    assert read["scope"] == "cosmos offline_access openid profile"


def test_second_version_names_no_scope() -> None:
    """Up to 2.3 the answer has no scope."""
    assert list(sign_in(flavoured(Flavour.IS4_V2))) == ["access_token", "expires_in", "token_type", "refresh_token"]


def test_client_without_scopes() -> None:
    """A client that may have no scope is refused."""
    assert post(fake(scopes=()), form()).body == error("invalid_scope")


def test_id_token_on_refresh_alone() -> None:
    """With openid, a refresh brings an id_token, the sign-in none; it stands first."""
    idp = fake(scopes=("cosmos", "openid"))
    first = sign_in(idp)
    assert "id_token" not in first
    renewed = members(refresh(idp, first["refresh_token"]))
    assert next(iter(renewed)) == "id_token"
    assert claims(renewed["access_token"])["scope"] == ["cosmos", "openid", "offline_access"]


def test_an_id_token_may_come_with_every_grant() -> None:
    """Another version may bring one with the password grant: signed like the others, and good for nobody's API."""
    idp = fake(identity_tokens=True)
    first = sign_in(idp)
    assert list(first)[:2] == ["id_token", "access_token"]
    assert claims(first["id_token"])["aud"] == "external.customer"
    assert "id_token" in members(refresh(idp, first["refresh_token"]))


def test_every_secret_is_remembered() -> None:
    """What the fake gives out is in the journal's list of issued secrets."""
    idp = fake()
    read = sign_in(idp)
    assert {secret.value for secret in idp.journal.issued} == {read["access_token"], read["refresh_token"]}


RETURNED = {RefreshPolicy.ONE_TIME: "another", RefreshPolicy.REUSE: "the same", RefreshPolicy.KEEP: "none"}


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("policy", RETURNED)
def test_refresh(flavour: Flavour, policy: RefreshPolicy) -> None:
    """R42: a refresh brings a new access token for the scopes of the sign-in, and the refresh token of the policy."""
    idp = fake(flavour=flavour, refresh_policy=policy)
    first = sign_in(idp)
    renewed = members(refresh(idp, first["refresh_token"], scope="other"))
    assert renewed["access_token"] != first["access_token"]
    assert renewed.get("scope") == first.get("scope")
    refresh_token = renewed.get("refresh_token")
    told = "none" if refresh_token is None else "the same" if refresh_token == first["refresh_token"] else "another"
    assert told == RETURNED[policy]


@pytest.mark.parametrize("policy", RETURNED)
def test_refresh_token_used_again(policy: RefreshPolicy) -> None:
    """R44: a one-time refresh token is dead once it was used, and the others live on."""
    idp = fake(refresh_policy=policy)
    refresh_token = sign_in(idp)["refresh_token"]
    assert refresh(idp, refresh_token).status == 200
    again = refresh(idp, refresh_token)
    assert again.status == (400 if policy is RefreshPolicy.ONE_TIME else 200)
    assert again.status == 200 or again.body == error("invalid_grant")


def test_family_survives_reuse() -> None:
    """A one-time refresh token that is used twice does not take its successor with it."""
    idp = fake()
    first = sign_in(idp)["refresh_token"]
    second = members(refresh(idp, first))["refresh_token"]
    assert refresh(idp, first).status == 400
    assert refresh(idp, second).status == 200


def test_no_refresh_tokens_at_all() -> None:
    """With policy none nothing is issued, and offline_access is not allowed (1.3)."""
    idp = fake(refresh_policy=RefreshPolicy.NONE)
    assert sign_in(idp).get("refresh_token") is None
    assert sign_in(idp)["scope"] == "cosmos"
    assert post(idp, form(scope="cosmos offline_access")).body == error("invalid_scope")
    assert refresh(idp, "AB").body == error("invalid_grant")


def test_lifetime_counts_from_the_sign_in() -> None:
    """A refresh token expires when its time is over, and a rotated one at the same moment: the lifetime is absolute."""
    now = Now()
    idp = fake(now, refresh_token_lifetime=100)
    refresh_token = sign_in(idp)["refresh_token"]
    now.sleep(60)
    rotated = members(refresh(idp, refresh_token))["refresh_token"]
    now.sleep(40)
    assert refresh(idp, rotated).body == error("invalid_grant")


def test_locked_since() -> None:
    """A user who was locked after signing in gets no further token."""
    idp = fake()
    refresh_token = sign_in(idp)["refresh_token"]
    idp.become(replace(idp.config, users=(replace(USER, locked=True),)))
    assert refresh(idp, refresh_token).body == error("invalid_grant")


def test_eight_at_once() -> None:
    """Of eight threads that refresh with one refresh token at once exactly one wins."""
    idp = fake()
    for _ in range(20):
        refresh_token, barrier = sign_in(idp)["refresh_token"], Barrier(8)

        def race(refresh_token: object = refresh_token, barrier: Barrier = barrier) -> int:
            barrier.wait()
            return refresh(idp, str(refresh_token)).status

        with ThreadPoolExecutor(8) as pool:
            statuses = [future.result() for future in [pool.submit(race) for _ in range(8)]]
        assert sorted(statuses) == [200] + [400] * 7
