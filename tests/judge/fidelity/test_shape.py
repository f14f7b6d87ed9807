"""The shape of what differs from one answer to the next."""

import pytest

from blastiq_conformance.fidelity.shape import _kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("AB12" * 16, "64 HEX"),
        ("AB12" * 16 + "-1", "64 HEX-1"),
        ("Zz_9" * 10 + "x-0", "43 base64url"),
        ("12345678", "8 digits"),
    ],
)
def test_only_a_refresh_token_has_a_version(text: str, kind: str) -> None:
    """A base64url value that ends in a dash and a digit by chance is one like any other."""
    assert _kind(text) == kind
