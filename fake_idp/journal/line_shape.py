"""The members of the lines of a journal, and the check that a line has them, each of its type."""

from typing import NotRequired, TypedDict, get_origin, get_type_hints

from fake_idp.wire import Json


class MessageShape(TypedDict):
    """What requests and responses share; a body is text if it is UTF-8, else base64."""

    headers: NotRequired[list[Json]]
    body: NotRequired[str]
    base64: NotRequired[str]


class RequestShape(MessageShape):
    """A request."""

    method: str
    target: str
    http_version: NotRequired[str]
    scheme: NotRequired[str]


class DeliveryShape(TypedDict, total=False):
    """How a response left."""

    delay: float
    drip: float
    drip_bytes: int
    ending: str
    after: int
    chunked: bool


class ResponseShape(MessageShape):
    """A response."""

    status: int
    reason: NotRequired[str]
    delivery: NotRequired[dict[str, Json]]


class EntryShape(TypedDict, total=False):
    """What exchanges and connections share."""

    started: float
    ended: float
    at: str
    scenario: str


class ExchangeShape(EntryShape):
    """An exchange."""

    exchange: int
    kind: str
    request: dict[str, Json]
    response: NotRequired[dict[str, Json]]
    edited: NotRequired[str]
    lost: NotRequired[list[Json]]
    source: NotRequired[str]
    via: NotRequired[int]
    client: NotRequired[str]


class ConnectionShape(EntryShape):
    """A connection without an exchange."""

    connection: int
    body: NotRequired[str]
    base64: NotRequired[str]
    server_name: NotRequired[str]
    ending: NotRequired[str]


class SecretShape(TypedDict):
    """A secret that the kit issued."""

    issued: str
    value: str


class OpeningShape(TypedDict):
    """The facts that open a section."""

    facts: dict[str, Json]
    child: NotRequired[dict[str, Json]]


class Check:
    """Looks at the members of an object; made once for a shape, for there are many lines."""

    def __init__(self, shape: type) -> None:
        """Take the types from the shape."""
        hints = get_type_hints(shape)
        self._types: dict[str, type] = {name: get_origin(hint) or hint for name, hint in hints.items()}
        self._required: frozenset[str] = shape.__required_keys__  # type: ignore[attr-defined]  # every TypedDict has them

    def demand(self, record: dict[str, Json]) -> None:
        """Raise ValueError for what is missing or of another type; whole numbers become floats where one is due."""
        if not self._required <= record.keys():
            name = min(self._required - record.keys())
            raise ValueError(f"{name} is missing, and should be {self._types[name].__name__}")
        for name, value in record.items():
            due = self._types.get(name)
            if due is type(value) or due is None:
                continue
            if due is not float or type(value) is not int:
                raise ValueError(f"{name} is of type {type(value).__name__}, and not {due.__name__}")
            record[name] = float(value)
