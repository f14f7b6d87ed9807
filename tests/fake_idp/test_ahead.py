"""What a peer has sent ahead of its turn: nothing is lost, and nothing changes places."""

from hypothesis import given
from hypothesis import strategies as st

from fake_idp.http.ahead import Ahead

SIZES = st.lists(st.integers(0, 30_000), max_size=8)


@given(SIZES, st.lists(st.integers(0, 30_000)))
def test_it_comes_out_as_it_went_in(added: list[int], kept: list[int]) -> None:
    """However much is added at once, taken, and put back of what was taken."""
    sent = bytes(number % 251 for number in range(sum(added)))
    ahead, start, received = Ahead(10), 0, b""
    for size in added:
        ahead.add(sent[start : start + size])
        start += size
    keeping = iter(kept)
    while portion := ahead.take():
        whole = min(next(keeping, len(portion)) + 1, len(portion))
        received += portion[:whole]
        ahead.put_back(portion[whole:])
    assert received == sent
    assert not ahead


def test_what_was_read_at_once_waits_in_front() -> None:
    """A first packet of many requests goes back whole, before what came later."""
    ahead = Ahead(10)
    ahead.add(b"later")
    ahead.put_back(b"x" * 100_000)
    taken = b""
    while portion := ahead.take():
        taken += portion
    assert taken == b"x" * 100_000 + b"later"


def test_it_is_full_with_more_than_enough() -> None:
    """Then the peer is read no further; what was on its way is still taken."""
    ahead = Ahead(10)
    ahead.add(b"x" * 10)
    assert not ahead.full
    ahead.add(b"x")
    assert ahead.full
