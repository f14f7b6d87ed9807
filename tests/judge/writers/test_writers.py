"""The formats as a whole."""

import json

import pytest

from blastiq_conformance.writers import FORMATS, writer
from tests.judge.judged import AUDIENCE, report


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_can_be_written(name: str) -> None:
    """Each is found by its name and ends its last line."""
    assert writer(name)(report(AUDIENCE).to_model()).endswith("\n")


def test_an_unknown_format_is_named() -> None:
    """The error lists those that there are."""
    with pytest.raises(KeyError, match="no format 'pdf'; known are terminal"):
        writer("pdf")


def test_json_is_the_model() -> None:
    """Nothing is added or lost."""
    model = report(AUDIENCE).to_model()
    assert json.loads(writer("json")(model)) == model
