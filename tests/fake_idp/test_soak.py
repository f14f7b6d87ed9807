"""The soak of `benchmarks` in short: load and abuse leave a fake that answers, forgets nothing and holds nothing."""

import sys

import pytest

from benchmarks.soak import soak

pytestmark = pytest.mark.slow


@pytest.mark.skipif(sys.platform != "linux", reason="what a process holds is read from /proc")
@pytest.mark.parametrize(("way", "requests"), [("plain", 2000), ("tls", 400), ("proxy", 400)])
@pytest.mark.unmeasured
def test_abuse_breaks_nothing_and_leaves_nothing(way: str, requests: int) -> None:
    """Every shape is answered as it should be, each is in the journal, and no descriptor and no thread is left."""
    first, second = soak(requests, rounds=2, way=way, at_once=100)
    for played in (first, second):
        assert played.wrong == {}
        assert (played.entries, played.under_way) == (played.expected, 0)
    assert second.descriptors <= first.descriptors
    assert second.threads == first.threads
