"""What the real products answered, compared with each flavour: their own is alike, the others differ."""

from functools import cache
from pathlib import Path

import pytest

from blastiq_conformance.fidelity.comparison import Comparison, compare_all
from blastiq_conformance.sources import read
from fake_idp.server_config import Flavour
from tests.fake_idp.recorded import API, FOLDER, RECORDINGS, Recording

SERVERS = [recording for recording in RECORDINGS if recording.name != API]
_CASES = [(recording, flavour) for recording in SERVERS for flavour in Flavour]


@cache
def compared(file: str, flavour: Flavour) -> Comparison:
    return compare_all(read(FOLDER / file), flavour)


@pytest.mark.unmeasured
@pytest.mark.parametrize(("recording", "flavour"), _CASES, ids=lambda each: getattr(each, "name", None))
def test_a_recording_is_alike_in_its_own_flavour_alone(recording: Recording, flavour: Flavour) -> None:
    """The others differ in a tenth of the answers and more."""
    comparison = compared(recording.file, flavour)
    found = [difference for each in comparison.differing for difference in each]
    if flavour is recording.flavour:
        assert found == []
        assert comparison.compared > 25
    else:
        assert len(comparison.differing) > comparison.compared // 10


@pytest.mark.parametrize("flavour", Flavour)
def test_the_api_is_the_same_in_every_flavour(flavour: Flavour) -> None:
    """It is compared by itself: whether a call is let in, and what is said to who is not."""
    comparison = compared(f"{API}.har", flavour)
    assert (comparison.differing, dict(comparison.alike)) == ([], {"API": 34})


CASSETTES = Path(__file__).parents[3] / "cassettes" / "good"


@pytest.mark.parametrize(
    ("client", "flavour"),
    [("curl--identityserver4-4.1.2", Flavour.IS4), ("php-curl--duende-identityserver-7.4.8", Flavour.DUENDE)],
)
def test_other_doors(client: str, flavour: Flavour) -> None:
    """A cassette tells the time by the second alone, in which a token may have died; its lifetime is taken over."""
    comparison = compare_all(read(CASSETTES / f"{client}.yaml"), flavour)
    assert (comparison.differing, comparison.settings) == ([], ["access tokens live 4 s"])


def test_what_the_client_is_registered_with_is_taken_over() -> None:
    """That a page may read the answers is not a trait of the product."""
    file = Path(__file__).parents[1] / "sources" / "real" / "playwright-right.har"
    comparison = compare_all(read(file), Flavour.IS4)
    assert comparison.differing == []
    assert comparison.settings == ["pages of http://127.0.0.1:37337 may read answers"]
