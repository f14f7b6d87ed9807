"""The shape of what the JSON report tells of plays: the sign-in, and requests with their times."""

from typing import TypedDict


class FieldShape(TypedDict):
    """A field of a token request, redacted, and where it stood."""

    name: str
    value: str
    place: str


class SignInShape(TypedDict):
    """The first token request where nothing is odd, in the order of its fields; `shown` is its place in `exchanges`."""

    shown: int
    fields: list[FieldShape]


class SentShape(TypedDict):
    """A request of a play; times are milliseconds since its first, `connection` is 0 where nobody knows it."""

    exchange: int
    shown: int | None
    kind: str
    method: str
    target: str
    status: int | None
    ending: str
    connection: int
    start: int
    end: int


class PlayShape(TypedDict):
    """What came in one play; `oddity` is what was done to the client, `odd` the exchange that met it first."""

    scenario: str
    variant: str
    oddity: str
    odd: int | None
    timed: bool
    exchanges: list[SentShape]


class VolatileShape(TypedDict, total=False):
    """What differs between two runs that saw the same: times, and what depends on them."""

    first: str
    last: str
    plays: list[PlayShape]
