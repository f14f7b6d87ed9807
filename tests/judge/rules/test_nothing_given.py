"""What is sent where no user name and no password were given."""

import pytest

from blastiq_conformance.catalogue.example_messages import SIGN_IN, story
from tests.judge.rules.verdicts import verdict

_NONE = "facts: username = , password = "
_UNSET = SIGN_IN.replace("svc.pit-42%40mine.example", "undefined").replace("k7Fq2vN9xW4mZ8tR1pLs", "")


@pytest.mark.parametrize(("sent", "expected"), [(SIGN_IN, "error error"), (_UNSET, "passed")])
def test_305_tells_of_values_that_come_from_somewhere_else(sent: str, expected: str) -> None:
    """Both of them; but the word of a language for nothing is BIQ221's, and no value at all BIQ308's."""
    assert verdict("BIQ305", story(_NONE, sent)) == expected
