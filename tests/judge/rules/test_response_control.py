"""What a control that copes with an odd answer says of the same trait elsewhere."""

from dataclasses import replace

import pytest

from blastiq_conformance.catalogue.example_messages import called, signed_in, story
from tests.judge.example import read_example
from tests.judge.rules.test_response_traits import answer
from tests.judge.rules.verdicts import verdict


@pytest.mark.parametrize(
    ("control", "expected"),
    [
        pytest.param(story(signed_in(answer(refresh_token=None)), called()), "inapplicable", id="copes with it"),
        pytest.param(story(signed_in(), called()), "error", id="never met it"),
    ],
)
def test_a_trait_that_the_control_copes_with_stops_nobody(control: str, expected: str) -> None:
    """Who never gets a refresh token, and stops at a token of another kind, stops at that."""
    stopped = story(signed_in(answer(refresh_token=None, token_type="mac")), "exit: 1")
    assert verdict("BIQ415", replace(read_example(stopped), control=read_example(control))) == expected
