"""How far a text goes with one of many forms of secrets that begin alike."""

from bisect import bisect_left
from collections.abc import Iterator

from fake_idp.secrets.needles import Needle


def furthest(text: str, begin: int, needles: list[Needle]) -> Iterator[tuple[int, int, Needle]]:
    """Give begin, end and form of the one that goes furthest with a text, where that is enough of it."""
    # In sorted order, the needle that goes furthest with the text stands beside the place where the text would stand.
    at = _place(needles, text)
    length = max(common(text, needle.form) for needle in needles[max(0, at - 1) : at + 1])
    needle = needles[_place(needles, text[:length])]
    if length >= needle.need:
        yield begin, begin + length, needle


def _place(needles: list[Needle], text: str) -> int:
    return bisect_left(needles, text, key=lambda needle: needle.form)


def common(text: str, form: str) -> int:
    """Tell how many characters the beginnings of both share."""
    if text.startswith(form):
        return len(form)
    low, high = 0, min(len(form), len(text))
    while low < high:
        middle = (low + high + 1) // 2
        if text.startswith(form[:middle]):
            low = middle
        else:
            high = middle - 1
    return low
