"""A journal as JSON Lines, written and read without loss: one record a line, ASCII, appended as it happens.

    {"journal": "blastiq-journal/1"}                    opens a section; numbers start over
    {"facts": {…}, "child": {…}}                        what the judge may know beside the traffic; opens one too
    {"issued": "password", "value": "…"}                a secret that the kit itself issued
    {"exchange": 2, "kind": "token", "request": {…}, "response": {…}, …}
    {"connection": 3, "received": …, …}

Default values are left out. A body is text if it is UTF-8, else base64.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial

from fake_idp.classify import Kind
from fake_idp.journal import Connection, Entry, Exchange, Journal
from fake_idp.journal.shape import Member, Shape
from fake_idp.secrets.search import Secret
from fake_idp.system.json_number import finite, refuse
from fake_idp.wire import Delivery, Ending, Headers, Json, Request, Response

FORMAT = "blastiq-journal/1"
Object = Mapping[str, Json]


class JournalError(ValueError):
    """An invalid line; the message names the line, what is wrong and what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A new section begins; `facts` and `child` are the judge's, None if they are unknown."""

    facts: Object | None = field(default=None, repr=False)
    child: Object | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Torn:
    """The last line of a section is torn: the disk was full or the program was killed; `number` counts lines."""

    number: int


Record = Opening | Secret | Exchange | Connection | Torn


def _kind(text: str) -> Kind:
    try:
        return Kind(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a kind: expected one of {', '.join(Kind)}") from None


def _headers(given: list[Json]) -> Headers:
    try:
        return _known_headers(tuple(map(tuple, given)))  # type: ignore[arg-type]  # or it raises
    except TypeError:
        raise ValueError(_NO_HEADER) from None


# Clients repeat themselves: what has been parsed of the same header fields is there already.
@lru_cache(maxsize=1024)
def _known_headers(raw: tuple[tuple[Json, ...], ...]) -> Headers:
    return Headers(tuple(map(_header, raw)))


def _header(pair: tuple[Json, ...]) -> tuple[str, str]:
    match pair:
        case (str(name), str(value)):
            return name, value
    raise ValueError(_NO_HEADER)


def _body(name: str) -> dict[str, Member]:
    """Give the two forms of a body: text if it is UTF-8, else base64."""
    return {
        "body": Member(name, str, str.encode, bytes.decode),
        "base64": Member(name, str, partial(b64decode, validate=True), lambda data: b64encode(data).decode()),
    }


_NO_HEADER = "a header is not a pair of texts [name, value]"
_MESSAGE = {"headers": Member("headers", list, _headers, lambda headers: headers.raw), **_body("body")}
_DELIVERY = Shape(Delivery, ending=Member("ending", str, Ending))
_REQUEST = Shape(Request, **_MESSAGE)
_RESPONSE = Shape(Response, **_MESSAGE, delivery=Member("delivery", dict, _DELIVERY.read, _DELIVERY.write))
_EXCHANGE = Shape(
    Exchange,
    exchange=Member("number", int),
    kind=Member("kind", str, _kind),
    request=Member("request", dict, _REQUEST.read, _REQUEST.write),
    response=Member("response", dict, _RESPONSE.read, _RESPONSE.write),
    lost=Member("lost", list, lambda parts: frozenset(map(str, parts)), sorted),
)
_CONNECTION = Shape(Connection, connection=Member("number", int), **_body("received"))
_SECRET = Shape(Secret, issued=Member("kind", str))
_OPENING = Shape(Opening, facts=Member("facts", dict), child=Member("child", dict))
# By the member that tells what a line is.
_SHAPES: dict[str, Shape[Exchange] | Shape[Connection] | Shape[Secret] | Shape[Opening]] = {
    "exchange": _EXCHANGE,
    "connection": _CONNECTION,
    "issued": _SECRET,
    "facts": _OPENING,
}


def to_jsonl(
    entries: Iterable[Entry], issued: Iterable[Secret] = (), *, facts: Object | None = None, child: Object | None = None
) -> str:
    """Write one section: header, facts where given, the issued secrets, then the entries."""
    openings = [Opening(facts=facts, child=child)] if facts is not None or child is not None else []
    return "".join(map(to_line, [Opening(), *openings, *issued, *entries]))


def from_jsonl(text: str) -> Journal:
    """Read entries and issued secrets into one journal, without the facts; raises JournalError."""
    journal = Journal()
    for record in read_lines(text.split("\n")):
        match record:
            case Secret():
                journal.issue(record)
            case Exchange() | Connection():
                journal.append(record)
    return journal


def to_line(record: Record) -> str:
    """Write one record as a line, its end included."""
    if isinstance(record, Torn):
        return "{\n"
    return json.dumps(_encode(record), separators=(",", ":"), allow_nan=False) + "\n"


def _encode(record: Opening | Secret | Exchange | Connection) -> dict[str, object]:
    match record:
        case Opening(facts=None, child=None):
            return {"journal": FORMAT}
        case Opening():
            return _OPENING.write(replace(record, facts=record.facts or {}))
        case Secret():
            return _SECRET.write(record)
        case Connection():
            return _CONNECTION.write(record)
        case Exchange():
            return _EXCHANGE.write(record)


def read_lines(lines: Iterable[str], file: str = "") -> Iterator[Record]:
    """Read records as they come, skipping empty lines; exchanges of a file know their place in it.

    Raises JournalError at the first invalid line, except one that is torn at the end of its section.
    """
    broken: tuple[int, ValueError] | None = None
    for number, line in enumerate(lines, start=1):
        if not line or line.isspace():
            continue
        try:
            record = _record(line, f"{file}:{number}" if file else "")
        except (ValueError, OverflowError, RecursionError) as error:
            if broken is None and isinstance(error, json.JSONDecodeError) and line.startswith("{"):
                broken = number, error
                continue
            raise _refusal(*(broken or (number, error))) from None
        if broken is not None:
            if record != Opening():
                raise _refusal(*broken)
            yield Torn(number=broken[0])
            broken = None
        yield record
    if broken is not None:
        yield Torn(number=broken[0])


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    record = dict(pairs)
    if len(record) != len(pairs):
        raise ValueError("a member stands twice in one object")
    return record


_decode = json.JSONDecoder(object_pairs_hook=_unique, parse_float=finite, parse_constant=refuse).decode


def _record(text: str, source: str) -> Record:
    """Give the record of a line; `source` is where it stands. Raises ValueError that says what is wrong."""
    line: Json = _decode(text)
    if not isinstance(line, dict):
        line = {}
    if line.get("source", "") == "":
        line["source"] = source
    for name, shape in _SHAPES.items():
        if name in line:
            return shape.read(line)
    if line.get("journal") == FORMAT:
        return Opening()
    if "journal" in line:
        raise ValueError(f"it is of version {line['journal']!r}, and this kit reads {FORMAT}")
    raise ValueError("it is not an object with a member exchange, connection, issued, facts or journal")


def _refusal(number: int, error: Exception) -> JournalError:
    what = "nested too deeply" if isinstance(error, RecursionError) else error
    return JournalError(
        f"line {number} is not a journal line: {what}; expected lines as `blastiq serve --journal FILE` writes them; "
        "record again, or remove the line"
    )
