"""Signing keys: late, shared, rotated; the newest signs."""

import jwt

from fake_idp.oidc.keys import Keys, default_keys
from fake_idp.server_config import Flavour
from tests.fake_idp.calls import fake, sign_in


def test_made_when_needed() -> None:
    """Nothing is generated before the first use, and then once."""
    keys = Keys()
    assert not keys.ready
    assert keys.current is keys.current
    assert keys.ready


def test_shared_by_the_process() -> None:
    """Fakes share their keys unless they are given some."""
    assert fake().keys is fake().keys is default_keys()
    assert fake(keys=Keys()).keys is not default_keys()


def test_newest_signs() -> None:
    """After a rotation the new key signs; with the last one retired, another is made."""
    keys = Keys()
    idp = fake(keys=keys)
    first = keys.current
    second = keys.rotate()
    for key in (second, first):
        assert jwt.get_unverified_header(str(sign_in(idp)["access_token"]))["kid"] == key.kid(Flavour.IS4)
        keys.retire(key)
    assert not keys.ready
    assert keys.current not in {first, second}


def test_id_follows_from_the_key() -> None:
    """A key's id is the same whenever it is asked for, in the case that the flavour writes."""
    key = Keys().current
    assert key.kid(Flavour.IS4) == key.kid(Flavour.DUENDE) == key.kid(Flavour.IS4_V2).upper()
    assert len(key.kid(Flavour.IS4)) == 32
