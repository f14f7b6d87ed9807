"""The entries of a HAR file that is too large for memory, one by one, without what no rule reads."""

from collections.abc import Iterator, Mapping
from typing import IO, cast

from blastiq_conformance import given_file
from blastiq_conformance.sources.recorded import LOST
from blastiq_conformance.sources.source_error import SourceError
from fake_idp.wire import Json

_ADVICE = "export the traffic again as HAR 1.2"
_NO_ENTRIES = "no list of entries"
_MARK = b"\xef\xbb\xbf"
_DEEPEST = 100
# Long members that are irrelevant to a sign-in.
_LEFT_OUT = frozenset({"cookies", "queryString", "timings", "cache", "_initiator", "_webSocketMessages"})
# No answer of a token endpoint is that long; pictures and scripts are.
_LONGEST_TEXT = 64 * 1024
# Words in a token request, and in an answer that brings a token or an endpoint, or says why not.
_ASKING = ("token", "grant_type")
_TELLING = ("_token", "issuer", "error")

Events = Iterator[tuple[str, Json]]


class EntryStream:
    """The entries of a HAR file as they come; `creator` is known once the file has named it."""

    def __init__(self, file: str, stream: IO[bytes]) -> None:
        """Read from the stream when entries are asked for."""
        self._file, self._stream = file, stream
        self._octets = self._at_last_entry = 0
        self.creator: Json = None

    def read(self, size: int = -1) -> bytes:
        """Read on, for the parser; raises ValueError beyond a bound for one entry, and for all of them."""
        data = self._stream.read(size)
        self._octets += len(data)
        if self._octets - self._at_last_entry > given_file.LARGEST or self._octets > given_file.LARGEST_RECORDING:
            raise ValueError("an entry larger than 64 MiB, or more than 2 GiB of them")
        return data

    def __iter__(self) -> Iterator[Json]:
        """Give the entries; raises SourceError where the file is truncated or is not a HAR."""
        import ijson  # only what is large needs it

        if self._stream.read(len(_MARK)) != _MARK:
            self._stream.seek(0)
        try:
            # Only events: ijson's own objects refuse neither duplicate members nor any depth.
            yield from self._top(iter(ijson.basic_parse(self, use_float=True)))
        except (ijson.JSONError, ValueError) as error:
            said = error.args[0] if error.args else ""
            text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
            what = f"broken JSON ({text.partition(chr(10))[0].strip()})"
            raise SourceError(self._file, f"before byte {self._stream.tell()}", what, _ADVICE) from None

    def _top(self, events: Events) -> Iterator[Json]:
        found = False
        self._expect("start_map", events)
        for name in _names(events):
            if name != "log":
                _skip(events)
                continue
            self._expect("start_map", events)
            for member in _names(events):
                if member == "entries":
                    found = True
                    yield from self._list(events)
                elif member == "creator":
                    self.creator = _build(events)
                else:
                    _skip(events)
        if not found:
            raise SourceError(self._file, "log", _NO_ENTRIES, _ADVICE)

    def _list(self, events: Events) -> Iterator[Json]:
        self._expect("start_array", events)
        for event, value in events:
            if event == "end_array":
                return
            entry = excerpt(_value(event, value, events, 0))
            self._at_last_entry = self._octets
            yield entry

    def _expect(self, begin: str, events: Events) -> None:
        if next(events)[0] != begin:
            raise SourceError(self._file, "log", _NO_ENTRIES, _ADVICE)


def _names(events: Events) -> Iterator[str]:
    """Give the names of an object's members; the caller reads each value before the next name."""
    for event, name in events:
        if event == "end_map":
            return
        yield str(name)


def _build(events: Events, depth: int = 0) -> Json:
    return _value(*next(events), events, depth)


def _value(event: str, value: Json, events: Events, depth: int) -> Json:
    """Build the value that begins with this event."""
    if depth > _DEEPEST:
        raise ValueError("nested too deeply")
    if event == "start_array":
        listed: list[Json] = []
        for inner, item in events:
            if inner == "end_array":
                break
            listed.append(_value(inner, item, events, depth + 1))
        return listed
    if event != "start_map":
        return value
    members: dict[str, Json] = {}
    for name in _names(events):
        if name in members:
            raise ValueError(f"the member {name[:60]!r} stands twice in one object")
        if name in _LEFT_OUT:
            _skip(events)
        else:
            members[name] = _build(events, depth + 1)
    return members


def _skip(events: Events) -> None:
    depth = 0
    for event, _ in events:
        depth += event.startswith("start_") - event.startswith("end_")
        if depth == 0:
            return


def excerpt(entry: Json) -> Json:
    """Remove an answer that no rule reads; where a rule might read it, the entry says that it is lost."""
    match entry:
        case {"response": {"content": {"text": str(text)}}}:
            # They are members of a parsed file, which the pattern does not express.
            members = cast("dict[str, Json]", entry)
        case _:
            return entry
    response = cast("dict[str, Json]", members["response"])
    asked = _asks_for_token(members.get("request"))
    coded = "encoding" in cast("dict[str, Json]", response["content"])
    if len(text) <= _LONGEST_TEXT and (asked or coded or any(word in text for word in _TELLING)):
        return entry
    lost: dict[str, Json] = {"response": f"its answer of {len(text):,} characters is too long to be kept"}
    return members | {"response": _head(response)} | ({LOST: lost} if asked else {})


def _asks_for_token(request: Json) -> bool:
    if not isinstance(request, dict):
        return False
    return any(word in str(request.get(place)).lower() for place in ("url", "postData") for word in _ASKING)


def _head(response: Mapping[str, Json]) -> dict[str, Json]:
    # The headers of an error or a redirect count too, but not the length of a removed body.
    status, fields = response.get("status"), response.get("headers")
    if (isinstance(status, int) and status < 300) or not isinstance(fields, list):
        return {"status": status}
    return {"status": status, "headers": [field for field in fields if not _is_length(field)]}


def _is_length(field: Json) -> bool:
    return isinstance(field, dict) and str(field.get("name")).lower() == "content-length"
