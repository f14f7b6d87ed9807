"""Credentials that are wrong, empty, changed, of the greatest length, or full of special characters."""

from collections.abc import Mapping
from dataclasses import replace

from blastiq_conformance.evidence import special_characters
from blastiq_conformance.evidence.special_characters import Given
from blastiq_conformance.scenarios.scenario import Variant, configured

ALL_WRONG = (configured(users=()),)
UNKNOWN_CLIENT = (Variant(prepare=lambda config: replace(config, client_id=config.client_id + ".unknown")),)


# The same user twice: what a client stored in the first run must not hide the new password.
CHANGED = (Variant(name="first-run"), Variant(name="new-password"))
EMPTY = (Variant(username="", password=""),)
AT_LENGTH = (Variant(verbose=True),)


def _variants(given: Mapping[str, Given]) -> tuple[Variant, ...]:
    return tuple(Variant(name=name, username=user, password=word) for name, (user, word) in given.items())


COMBINED, ONE_BY_ONE = _variants(special_characters.COMBINED), _variants(special_characters.ONE_BY_ONE)
