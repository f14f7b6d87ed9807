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


@pytest.mark.parametrize(
    ("control", "expected"),
    [
        pytest.param(story(signed_in(), *[called()] * 4, "exit: 3"), "cant_tell", id="it always ends so"),
        pytest.param(story(signed_in(), *[called()] * 3, "exit: 3"), "warning", id="a later call went wrong"),
        pytest.param(story(signed_in(), *[called()] * 4), "warning", id="it ends well"),
    ],
)
def test_a_failure_after_all_the_work_is_a_habit(control: str, expected: str) -> None:
    """The control makes more calls: what ended it is known to be no oddity only where all of them went well."""
    failed = story("facts: scenario = api-extra, api_calls = 2", signed_in(), called(), called(), "exit: 3")
    compared = read_example(story("facts: api_calls = 4, benign = yes", control))
    assert verdict("BIQ828", replace(read_example(failed), control=compared)) == expected
