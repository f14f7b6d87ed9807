"""The shape of scenario runs in the JSON report: the sign-in, and requests with their times."""

from typing import TypedDict


class FieldShape(TypedDict):
    """A field of a token request, redacted, and its place."""

    name: str
    value: str
    place: str


class SignInShape(TypedDict):
    """The first token request of the control, with its fields in order; `shown` is its place in `exchanges`."""

    shown: int
    fields: list[FieldShape]


class SentShape(TypedDict):
    """A request of a scenario run; times are milliseconds since the first, `connection` is 0 if it is unknown."""

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


class RunShape(TypedDict):
    """What came in one scenario run; `oddity` was done to the client, `odd` is the exchange that met it first."""

    scenario: str
    variant: str
    oddity: str
    odd: int | None
    timed: bool
    exchanges: list[SentShape]


class VolatileShape(TypedDict, total=False):
    """What differs between two runs that saw the same: times, and what depends on times."""

    first: str
    last: str
    plays: list[RunShape]
