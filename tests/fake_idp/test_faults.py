"""Faults: where and when they strike, how they bend an answer, how they add up."""

import pytest

from fake_idp.classify import Kind
from fake_idp.core import FakeIdp
from fake_idp.faults import Fault
from fake_idp.wire import AT_ONCE, Delivery, Ending
from tests.fake_idp.calls import call, error, fake, form, get, members, post, refresh, sign_in

METADATA = "/identity/.well-known/openid-configuration"
TOKEN = Kind.TOKEN


def test_replaces_an_answer() -> None:
    """Status and body stand for the real answer, which is never made: nothing is issued."""
    idp = fake()
    idp.add_fault(Fault(endpoint=TOKEN, status=503, headers=(("Retry-After", "2"),)))
    answer = post(idp, form())
    assert (answer.status, answer.body) == (503, b"")
    assert answer.headers.raw == (("Retry-After", "2"),)
    assert idp.journal.issued == ()


@pytest.mark.parametrize(
    ("media_type", "expected"), [(None, "application/json; charset=UTF-8"), ("text/html", "text/html")]
)
def test_media_type(media_type: str | None, expected: str) -> None:
    """A body is JSON with status 200 unless the fault says otherwise."""
    idp = fake()
    idp.add_fault(Fault(endpoint=TOKEN, body=b"{}", media_type=media_type))
    answer = post(idp, form())
    assert (answer.status, answer.headers.raw) == (200, (("Content-Type", expected),))


def test_bends_members() -> None:
    """Members are set and taken away; the rest of the answer is the real one, in its order."""
    idp = fake()
    idp.add_fault(
        Fault(endpoint=TOKEN, members={"token_type": "mac", "more": {"a": [1]}}, without=frozenset({"scope"}))
    )
    answer = post(idp, form())
    assert list(members(answer)) == ["access_token", "expires_in", "token_type", "refresh_token", "more"]
    assert members(answer)["token_type"] == "mac"
    assert answer.headers.get("pragma") == "no-cache"


def test_members_of_what_is_no_object() -> None:
    """An answer without members stays as it is."""
    idp = fake()
    idp.add_fault(Fault(endpoint=Kind.API, members={"a": 1}))
    assert get(idp, "/api").body == b""


def test_replaces_a_header() -> None:
    """A header that is there is replaced, whatever its case."""
    idp = fake()
    idp.add_fault(Fault(endpoint=TOKEN, headers=(("pragma", "x"),)))
    assert post(idp, form()).headers.get_all("Pragma") == ["x"]


@pytest.mark.parametrize(
    ("calls", "statuses"), [(None, [500, 500, 500]), ({1}, [500, 200, 200]), (frozenset({2, 3}), [200, 500, 500])]
)
def test_call_numbers(calls: frozenset[int] | None, statuses: list[int]) -> None:
    """Calls are counted from 1 among the requests to the endpoint; preflights and other endpoints do not count."""
    idp = fake()
    idp.add_fault(Fault(endpoint=TOKEN, calls=calls, status=500))
    told = []
    for _ in range(3):
        get(idp, METADATA)
        get(idp, "/identity/connect/token", "OPTIONS")
        told.append(post(idp, form()).status)
    assert told == statuses


def test_one_grant_alone() -> None:
    """A fault may be for one grant, and its calls are then that grant's calls."""
    idp = fake()
    idp.add_fault(Fault(endpoint=TOKEN, grant="refresh_token", calls={1}, status=400, body=error("invalid_grant")))
    refresh_token = sign_in(idp)["refresh_token"]
    assert [refresh(idp, refresh_token).status, refresh(idp, refresh_token).status] == [400, 200]


def test_they_add_up() -> None:
    """Faults strike in their order: one replaces, the next bends what came of it, a third says how it leaves."""
    cut = Delivery(ending=Ending.CUT, after=3)
    body = Fault(endpoint=TOKEN, body=b'{"a":1}')
    idp = FakeIdp(faults=(body, Fault(endpoint=TOKEN, members={"b": 2}), Fault(endpoint=TOKEN, delivery=cut)))
    answer = post(idp, form())
    assert (answer.body, answer.delivery) == (b'{"a":1,"b":2}', cut)


def test_cleared() -> None:
    """Cleared faults strike no more."""
    idp = fake()
    idp.add_fault(Fault(endpoint=TOKEN, status=500, delivery=Delivery(delay=1)))
    idp.clear_faults()
    answer = post(idp, form())
    assert (answer.status, answer.delivery) == (200, AT_ONCE)


def test_bent_token_is_good() -> None:
    """An access token that a fault put in the real one's place is accepted by the API, and known as issued."""
    idp = fake()
    idp.add_fault(Fault(endpoint=TOKEN, members={"access_token": "0f" * 32}))
    token = sign_in(idp)["access_token"]
    assert call(idp, token).status == 200
    assert "0f" * 32 in {secret.value for secret in idp.journal.issued}


def test_bent_token_that_is_no_text() -> None:
    """A fault may put anything in the token's place; only text can be used."""
    idp = fake()
    idp.add_fault(Fault(endpoint=TOKEN, members={"access_token": None}))
    assert sign_in(idp)["access_token"] is None
    assert len(idp.journal.issued) == 2


def test_bent_error_brings_no_token() -> None:
    """Where there was no real token, none is accepted."""
    idp = fake()
    idp.add_fault(Fault(endpoint=TOKEN, members={"access_token": "abc"}))
    assert post(idp, form(password="wrong")).status == 400
    assert call(idp, "abc").status == 401
