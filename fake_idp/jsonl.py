"""A journal as JSON Lines, out and in, without loss: a line a thing, ASCII, so that it can be appended as it happens.

    {"journal": "blastiq-journal/1"}                    opens a section; numbers start over
    {"facts": {…}, "child": {…}}                        what the judge may know beside the traffic; opens one too
    {"issued": "password", "value": "…"}                a secret that the kit itself gave out
    {"exchange": 2, "kind": "token", "request": {…}, "response": {…}, …}
    {"connection": 3, "received": …, …}

Whatever has its default value is left out. A body is text where it is UTF-8, else base64.
"""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import TypeVar

from fake_idp.classify import Kind
from fake_idp.journal import Connection, Entry, Exchange, Journal
from fake_idp.redact import Secret
from fake_idp.wire import AT_ONCE, Delivery, Ending, Headers, Json, Request, Response

FORMAT = "blastiq-journal/1"
T = TypeVar("T")
Object = Mapping[str, Json]


class JournalError(ValueError):
    """A line that no journal has; the message names the line, what is wrong and what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A new section begins; `facts` and `child` are the judge's, None where they are not known."""

    facts: Object | None = None
    child: Object | None = None


Record = Opening | Secret | Exchange | Connection


def to_jsonl(
    entries: Iterable[Entry], issued: Iterable[Secret] = (), *, facts: Object | None = None, child: Object | None = None
) -> str:
    """Write one section: header, facts where given, the issued secrets, then the entries."""
    openings = [Opening(facts=facts, child=child)] if facts is not None or child is not None else []
    return "".join(map(to_line, [Opening(), *openings, *issued, *entries]))


def from_jsonl(text: str) -> Journal:
    """Read entries and issued secrets into one journal, the facts left aside; raises JournalError."""
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
    return json.dumps(_encode(record), separators=(",", ":"), allow_nan=False) + "\n"


def _encode(record: Record) -> dict[str, object]:
    match record:
        case Opening(facts=None, child=None):
            return {"journal": FORMAT}
        case Opening(facts=facts, child=child):
            return {"facts": facts or {}} | _changed(child=(child, None))
        case Secret(kind=kind, value=value):
            return {"issued": kind, "value": value}
        case Connection():
            line = {"connection": record.number} | _body(record.received) | _when(record)
            return line | _changed(server_name=(record.server_name, None), ending=(record.ending, ""))
        case Exchange():
            line = {"exchange": record.number, "kind": str(record.kind), "request": _request(record.request)}
            if record.response is not None:
                line["response"] = _response(record.response)
            marks = {"edited": (record.edited, ""), "lost": (sorted(record.lost), []), "source": (record.source, "")}
            return line | _when(record) | _changed(**marks)


def _when(entry: Entry) -> dict[str, object]:
    times = _changed(started=(entry.started, 0.0), ended=(entry.ended, 0.0))
    return times | _changed(at=(entry.at, ""), scenario=(entry.scenario, ""))


def _changed(**values: tuple[object, object]) -> dict[str, object]:
    return {name: value for name, (value, default) in values.items() if value != default}


def _request(request: Request) -> dict[str, object]:
    line: dict[str, object] = {"method": request.method, "target": request.target, "headers": request.headers.raw}
    framing = _changed(http_version=(request.http_version, "1.1"), scheme=(request.scheme, "http"))
    return line | _body(request.body) | framing


def _response(response: Response) -> dict[str, object]:
    line = {"status": response.status, "headers": response.headers.raw} | _body(response.body)
    line |= _changed(reason=(response.reason, ""))
    if response.delivery != AT_ONCE:
        values = ((item.name, getattr(response.delivery, item.name), item.default) for item in fields(Delivery))
        line["delivery"] = _changed(**{name: (value, default) for name, value, default in values})
    return line


def _body(data: bytes) -> dict[str, object]:
    if not data:
        return {}
    try:
        return {"body": data.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}


def read_lines(lines: Iterable[str]) -> Iterator[Record]:
    """Read records as they come, empty lines skipped; raises JournalError at the first line that is none."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line, object_pairs_hook=_unique, parse_constant=_refuse)
            yield _decode(record)
        except (ValueError, OverflowError, RecursionError) as error:
            what = "nested too deeply" if isinstance(error, RecursionError) else error
            raise JournalError(
                f"line {number} is no journal line: {what}; expected lines as `blastiq serve --journal FILE` writes "
                "them; record again, or remove the line"
            ) from None


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    record = dict(pairs)
    if len(record) != len(pairs):
        raise ValueError("a member stands twice in one object")
    return record


def _refuse(word: str) -> Json:
    raise ValueError(f"{word} is no JSON number")


def _decode(record: Json) -> Record:
    line = record if isinstance(record, dict) else {}
    match line:
        case {"exchange": _}:
            return _exchange(line)
        case {"connection": _}:
            return _connection(line)
        case {"issued": _}:
            return Secret(_get(line, "issued", str), _get(line, "value", str))
        case {"facts": _}:
            child = _get(line, "child", dict) if "child" in line else None
            return Opening(facts=_get(line, "facts", dict), child=child)
        case {"journal": version} if version == FORMAT:
            return Opening()
        case {"journal": version}:
            raise ValueError(f"it is of version {version!r}, and this kit reads {FORMAT}")
        case _:
            raise ValueError("it is no object with a member exchange, connection, issued, facts or journal")


def _connection(line: Object) -> Connection:
    return Connection(
        number=_get(line, "connection", int),
        started=_get(line, "started", float, 0.0),
        ended=_get(line, "ended", float, 0.0),
        at=_get(line, "at", str, ""),
        received=_bytes(line),
        server_name=_get(line, "server_name", str) if "server_name" in line else None,
        ending=_get(line, "ending", str, ""),
        scenario=_get(line, "scenario", str, ""),
    )


def _exchange(record: Object) -> Exchange:
    request, response = _get(record, "request", dict), _get(record, "response", dict, {})
    return Exchange(
        number=_get(record, "exchange", int),
        kind=Kind(_get(record, "kind", str)),
        request=Request(
            method=_get(request, "method", str),
            target=_get(request, "target", str),
            headers=_headers(request),
            body=_bytes(request),
            http_version=_get(request, "http_version", str, "1.1"),
            scheme=_get(request, "scheme", str, "http"),
        ),
        response=None if "response" not in record else _answer(response),
        started=_get(record, "started", float, 0.0),
        ended=_get(record, "ended", float, 0.0),
        at=_get(record, "at", str, ""),
        scenario=_get(record, "scenario", str, ""),
        edited=_get(record, "edited", str, ""),
        lost=frozenset(map(str, _get(record, "lost", list, []))),
        source=_get(record, "source", str, ""),
    )


def _answer(record: Object) -> Response:
    delivery = AT_ONCE
    if "delivery" in record:
        bent = _get(record, "delivery", dict)
        delivery = Delivery(
            delay=_get(bent, "delay", float, 0.0),
            drip=_get(bent, "drip", float, 0.0),
            drip_bytes=_get(bent, "drip_bytes", int, 1),
            ending=Ending(_get(bent, "ending", str, "complete")),
            after=_get(bent, "after", int) if "after" in bent else None,
            chunked=_get(bent, "chunked", bool, default=False),
        )
    return Response(
        status=_get(record, "status", int),
        headers=_headers(record),
        body=_bytes(record),
        reason=_get(record, "reason", str, ""),
        delivery=delivery,
    )


def _headers(record: Object) -> Headers:
    pairs = []
    for pair in _get(record, "headers", list, []):
        match pair:
            case [str(name), str(value)]:
                pairs.append((name, value))
            case _:
                raise ValueError("a header is no pair of texts [name, value]")
    return Headers(tuple(pairs))


def _bytes(record: Object) -> bytes:
    if "base64" in record:
        return base64.b64decode(_get(record, "base64", str), validate=True)
    return _get(record, "body", str, "").encode()


def _get(record: Object, name: str, kind: type[T], default: T | None = None) -> T:
    value: object = record.get(name, default)
    if kind is float and type(value) is int:
        value = float(value)
    if type(value) is not kind:
        raise ValueError(f"{name} is of type {type(value).__name__}, and not {kind.__name__}")
    return value
