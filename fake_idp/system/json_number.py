"""Numbers that Python accepts in JSON and no other reader does."""

from math import isfinite
from typing import NoReturn

_LONGEST = 40


def finite(text: str) -> float:
    """Give a number with a point or an exponent; raises ValueError for one that no float holds."""
    number = float(text)
    if not isfinite(number):
        raise ValueError(f"{text[:_LONGEST]} is larger than any number that can be held")
    return number


def refuse(word: str) -> NoReturn:
    """Refuse NaN and Infinity (RFC 8259 6); raises ValueError."""
    raise ValueError(f"{word} is not a JSON number")
