"""The entries of a HAR file that is too large for memory, one by one, and what is kept of them."""

import json
from codecs import getincrementaldecoder
from collections.abc import Iterator
from dataclasses import replace
from typing import IO, cast

from blastiq_conformance import given_file
from blastiq_conformance.sources.json_text import STRICT
from blastiq_conformance.sources.recorded import Message
from blastiq_conformance.sources.source_error import SourceError
from fake_idp.wire import Headers, Json

_ADVICE = "export the traffic again as HAR 1.2"
# As much as is read at once; twice as much where that does not hold a whole value.
_PIECE = 64 * 1024
# Where a text ends within a token that is not a string, the error is at most so far from its end.
_LONGEST_TOKEN = 16
_BLANK = frozenset({"", " ", "\t", "\r", "\n"})
# No answer of a token endpoint is that long; pictures and scripts are.
_LONGEST_BODY = 64 * 1024
# Words in a token request, and in an answer that brings a token or an endpoint, or says why not.
_ASKING = (b"token", b"grant_type")
_TELLING = (b"_token", b"issuer", b"error")


class EntryStream:
    """The entries of a HAR file as they come; `creator` is known once the file has named it."""

    def __init__(self, file: str, stream: IO[bytes]) -> None:
        """Read from the stream when entries are asked for."""
        self._file, self._stream = file, stream
        self._decode = getincrementaldecoder("utf-8-sig")().decode
        self._text, self._at = "", 0
        self._octets = self._at_last_entry = 0
        self.creator: Json = None

    def __iter__(self) -> Iterator[Json]:
        """Give the entries; raises SourceError where the file is truncated or is not a HAR."""
        try:
            for name in self._items("{", "}"):
                if name == "log":
                    yield from self._log()
                else:
                    self._value()
        except (ValueError, RecursionError) as error:
            what = "nested too deeply" if isinstance(error, RecursionError) else getattr(error, "msg", error)
            place = f"before byte {self._stream.tell()}"
            raise SourceError(self._file, place, f"broken JSON ({what})", _ADVICE) from None

    def _log(self) -> Iterator[Json]:
        found = False
        for name in self._items("{", "}"):
            if name == "entries":
                found = True
                for _ in self._items("[", "]"):
                    yield self._value()
                    self._at_last_entry = self._octets
            elif name == "creator":
                self.creator = self._value()
            else:
                self._value()
        if not found:
            raise self._no_entries()

    def _no_entries(self) -> SourceError:
        return SourceError(self._file, "log", "no list of entries", _ADVICE)

    def _items(self, begin: str, end: str) -> Iterator[Json]:
        """Stop before each item of a list, or, with its name, before each member of an object."""
        if self._sign() != begin:
            raise self._no_entries()
        sign = self._sign() if self._next() == end else ","
        while sign == ",":
            name = self._value() if begin == "{" else None
            if begin == "{" and self._sign() != ":":
                raise ValueError(f"the member {name!r:.60} has no value")
            yield name
            sign = self._sign()
        if sign != end:
            raise ValueError(f"{sign!r} where a comma or {end!r} was expected")

    def _value(self) -> Json:
        self._next()
        while True:
            try:
                value, end = STRICT.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                cut = error.msg.startswith("Unterminated") or error.pos > len(self._text) - _LONGEST_TOKEN
                if not (cut and self._more()):
                    raise
            else:
                # A number that ends with the text may go on.
                if end < len(self._text) or not self._more():
                    self._at = end
                    return cast("Json", value)

    def _sign(self) -> str:
        sign = self._next()
        self._at += 1
        return sign

    def _next(self) -> str:
        """Give the next character that is not white space, and stop before it."""
        while (sign := self._text[self._at : self._at + 1]) in _BLANK:
            if sign:
                self._at += 1
            elif not self._more():
                raise ValueError("it was cut off")
        return sign

    def _more(self) -> bool:
        """Read on, whether there is more; raises ValueError beyond a bound for one entry, and for all of them."""
        rest = self._text[self._at :]
        data = self._stream.read(max(_PIECE, len(rest)))
        self._octets += len(data)
        if self._octets - self._at_last_entry > given_file.LARGEST or self._octets > given_file.LARGEST_RECORDING:
            raise ValueError("an entry larger than 64 MiB, or more than 2 GiB of them")
        self._text, self._at = rest + self._decode(data, final=not data), 0
        return bool(data)


def lightened(message: Message) -> Message:
    """Leave out an answer that no rule reads; where a rule might read it, the message says that it is missing."""
    request, answer = message.request, message.response
    if answer is None or not answer.body:
        return message
    sent = f"{request.url}{request.query_string}".encode("utf-8", "replace") + request.body
    # Parameters without a body may be those of a grant.
    asked = bool(message.request_missing) or any(word in sent.lower() for word in _ASKING)
    long = len(answer.body) > _LONGEST_BODY
    if not long and (asked or any(word in answer.body for word in _TELLING)):
        return message
    # The headers of an error or a redirect count too, but not the length of a removed body.
    fields = () if answer.status < 300 else answer.headers.raw
    kept = Headers(tuple(pair for pair in fields if pair[0].lower() != "content-length"))
    lost = f"its answer of {len(answer.body):,} bytes is too long to be kept" if asked else ""
    return replace(
        message, response=replace(answer, headers=kept, body=b""), response_missing=lost or message.response_missing
    )
