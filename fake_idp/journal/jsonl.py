"""A journal as JSON Lines, written and read without loss: one record a line, ASCII, appended as it happens.

    {"journal": "blastiq-journal/1"}                    opens a section; numbers start over
    {"facts": {…}, "child": {…}}                        what the judge may know beside the traffic; opens one too
    {"issued": "password", "value": "…"}                a secret that the kit itself issued
    {"exchange": 2, "kind": "token", "request": {…}, "response": {…}, …}
    {"connection": 3, "received": …, …}

Default values are left out. A body is text if it is UTF-8, else base64.
"""

import base64
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields

from fake_idp.journal import Connection, Entry, Exchange, Journal
from fake_idp.journal.line_reader import LineReader
from fake_idp.journal.record import FORMAT, JournalError, Object, Opening, Record, Torn
from fake_idp.secrets.redact import Secret
from fake_idp.wire import AT_ONCE, Delivery, Request, Response

__all__ = [
    "FORMAT",
    "JournalError",
    "Object",
    "Opening",
    "Record",
    "Torn",
    "from_jsonl",
    "read_lines",
    "to_jsonl",
    "to_line",
]


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


def to_line(record: Record, shown: Callable[[str], str] | None = None) -> str:
    """Write one record as a line, its end included; `shown` gives what may stand there for each text in it."""
    if isinstance(record, Torn):
        return "{\n"
    line: object = _encode(record)
    return json.dumps(_shown(line, shown) if shown else line, separators=(",", ":"), allow_nan=False) + "\n"


def _shown(value: object, shown: Callable[[str], str]) -> object:
    match value:
        case str():
            return shown(value)
        case dict():
            # Names of members are the format's own, and a change inside base64 would ruin it.
            return {name: each if name == "base64" else _shown(each, shown) for name, each in value.items()}
        case list() | tuple():
            return [_shown(each, shown) for each in value]
        case _:
            return value


def _encode(record: Opening | Secret | Exchange | Connection) -> dict[str, object]:
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
            return line | _when(record) | _changed(**marks, via=(record.via, 0), client=(record.client, ""))


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


def read_lines(lines: Iterable[str], file: str = "") -> Iterator[Record]:
    """Read records as they come, skipping empty lines; exchanges of a file know their place in it.

    Raises JournalError at the first invalid line, except one that is torn at the end of its section.
    """
    reader = LineReader()
    broken: tuple[int, ValueError] | None = None
    for number, line in enumerate(lines, start=1):
        if not line or line.isspace():
            continue
        try:
            record = reader.read(line, f"{file}:{number}" if file else "")
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


def _refusal(number: int, error: Exception) -> JournalError:
    what = "nested too deeply" if isinstance(error, RecursionError) else error
    return JournalError(
        f"line {number} is not a journal line: {what}; expected lines as `blastiq serve --journal FILE` writes them; "
        "record again, or remove the line"
    )
