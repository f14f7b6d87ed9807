"""How far a text goes with one of many forms of secrets that begin alike."""

from bisect import bisect_left
from collections.abc import Iterator

from fake_idp.secrets.patterns import Pattern


def furthest(text: str, begin: int, patterns: list[Pattern]) -> Iterator[tuple[int, int, Pattern]]:
    """Give begin, end and form of the one that goes furthest with a text, where that is enough of it."""
    # In sorted order, the pattern that goes furthest with the text stands beside the place where the text would stand.
    at = _place(patterns, text)
    length = max(common(text, pattern.form) for pattern in patterns[max(0, at - 1) : at + 1])
    pattern = patterns[_place(patterns, text[:length])]
    if length >= pattern.need:
        yield begin, begin + length, pattern


def _place(patterns: list[Pattern], text: str) -> int:
    return bisect_left(patterns, text, key=lambda pattern: pattern.form)


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
