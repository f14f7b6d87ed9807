"""A place of a message or a document: a value, and what the name above it makes of it."""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple, TypeAlias


class Kind(StrEnum):
    """What stands in a place that is not called by the kind of a secret."""

    TEXT = "text"
    PLAIN = "plain"  # a text in which a short secret is met by chance
    PROSE = "prose"  # what people and programs write, who name secrets in it
    ACCOUNT = "account"  # name and password of Basic, with a colon
    BEARER = "bearer"  # other credentials in a header, with whatever a client put around them
    CREDENTIAL = "credential"  # a secret by its name alone, if nothing in it is known
    COOKIE = "cookie"  # so is this
    USED = "used"  # the value of a variable: a secret where it is a piece of one
    UNUSED = "unused"  # a variable that nothing uses: a secret unless something in it is known


class Place(NamedTuple):
    """A place; `kind` is that of a secret or one of the above, `cut` what is left of a secret."""

    kind: str
    value: str
    raw: bytes = b""  # what the value was decoded from
    cut: bool = False


_TEXTS = frozenset({Kind.TEXT, Kind.PLAIN})
# Says what is to stand in a place.
Show: TypeAlias = Callable[[Place], str]


def places_in(walk: Callable[[Show], object]) -> list[Place]:
    """Give the places that a walk shows, in order; no texts, which are secret nowhere."""
    found: list[Place] = []

    def look(place: Place) -> str:
        if place.kind not in _TEXTS:
            found.append(place)
        return place.value

    walk(look)
    return found
