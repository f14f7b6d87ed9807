"""What curl reports of its own traffic: `-v`, which shows no request bodies, and `--trace-ascii`, which does."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from blastiq_conformance.sources.recorded import NO_RESPONSE_BODY, Message
from blastiq_conformance.sources.request import Pairs, claims_body, to_request
from blastiq_conformance.sources.source_error import SourceError, placed
from fake_idp.wire import Headers, Response

_STAMP = r"(?:\d\d:\d\d:\d\d\.\d+ )?(?:\[[\d-]+\] )?"
BEGINNING = re.compile(
    rf"^{_STAMP}(?:== Info: |=> Send header|<= Recv header)|^{_STAMP}> [A-Z]+ \S+ HTTP/[\d.]+\s*$", re.MULTILINE
)
_MARK = re.compile(rf"{_STAMP}(==|=>|<=|[*><{{}}])(?: |$)(.*)", re.DOTALL)
_BLOCK = re.compile(r"(Send|Recv) (header|data), (\d{1,15}) bytes")
_ROW = re.compile(r"([0-9a-f]{4,}): (.*)", re.DOTALL)
_HEX = re.compile(r"[0-9a-f]{2}(?: [0-9a-f]{2})+ ")
START = re.compile(r"([A-Z]+) (\S+) HTTP/([\d.]+)\Z")
_STATUS = re.compile(r"HTTP/([\d.]+) (\d{3})(?: (.*))?\Z")
# Lines about a new connection, in either order; with a proxy, the port is the proxy's.
_OPENING = re.compile(r"\s*Trying ")
_SECURE = re.compile(r"SSL connection using|Connected to .* port 443\b")
# Follows the body directly where its last line had no end.
GLUED = re.compile(r"\* Connection #\d+ to host .* left intact$")
# A stand-in of ours, or the beginning of one.
_REDACTED = re.compile(rb"<[a-z_]+:\d")
_ADVICE = "record again with curl --trace-ascii FILE"
_NO_BODY = "curl -v does not show the body of a request: --trace-ascii does"


class Piece(NamedTuple):
    """A piece of a trace and the line where it begins.

    Its kind: info, sent (a header line), sent data, received (a header line), received data.
    """

    kind: str
    text: str
    line: int


@dataclass(slots=True)
class _Talk:
    line: int
    scheme: str
    start: re.Match[str]
    headers: Pairs = field(default_factory=list)
    data: str = ""
    status: re.Match[str] | None = None
    answer: Pairs = field(default_factory=list)
    body: str = ""


def read(file: str, text: str) -> list[Message]:
    """Read the requests and responses of a trace; a finding names the line of its request. Raises SourceError."""
    lines = text.splitlines()
    traced = is_traced(lines)
    talks = _talks(pieces(file, lines))
    with placed(file, "", _ADVICE):
        # A tunnel is not an exchange: what went through it follows.
        return [_message(talk, file, traced) for talk in talks if talk.start[1] != "CONNECT"]


def is_traced(lines: list[str]) -> bool:
    """Whether they are of `--trace-ascii`, not of `-v`."""
    return any(_BLOCK.search(line) for line in lines)


def pieces(file: str, lines: list[str]) -> Iterator[Piece]:
    """Give what a trace tells, in order; raises SourceError."""
    return _traced(file, lines) if is_traced(lines) else _verbose(lines)


def _traced(file: str, lines: list[str]) -> Iterator[Piece]:
    block, size, place, begun = "", 0, 0, 0
    for number, line in enumerate(lines, start=1):
        if row := _ROW.match(line) if block else None:
            if _HEX.match(row[2]):
                raise SourceError(file, f"line {number}", "a trace in hexadecimal numbers", _ADVICE)
            offset = int(row[1], 16)
            # A row ends early where a line of the message ends, and the next one begins two bytes further on.
            lead = "\r\n" if "data" in block and 0 < place < offset else ""
            place = offset + len(row[2])
            if place <= size + 2:
                yield Piece(block, lead + row[2], begun)
            continue
        mark = _MARK.match(line)
        block, place = "", 0
        if mark is not None and (head := _BLOCK.match(mark[2])):
            what = "sent" if head[1] == "Send" else "received"
            block, size, begun = what if head[2] == "header" else f"{what} data", int(head[3]), number
        elif mark is not None:
            yield Piece("info", mark[2], number)


def _verbose(lines: list[str]) -> Iterator[Piece]:
    for number, line in enumerate(lines, start=1):
        found = _MARK.match(line)
        mark, text = found.groups() if found else ("", line)
        match mark:
            case ">" | "<":
                yield Piece("sent" if mark == ">" else "received", text, number)
            case "*" | "==":
                yield Piece("info", text, number)
            case "{" | "}" if "bytes data]" in line:
                continue
            case _:
                yield Piece("received data", GLUED.sub("", line) + ("" if GLUED.search(line) else "\n"), number)


def _talks(pieces: Iterator[Piece]) -> list[_Talk]:
    talks: list[_Talk] = []
    scheme = "http"
    for kind, text, line in pieces:
        start = START.match(text.strip()) if kind == "sent" else None
        if kind == "info":
            scheme = "http" if _OPENING.match(text) else "https" if _SECURE.search(text) else scheme
        elif start is not None:
            talks.append(_Talk(line, scheme, start))
        elif talks:
            _add(talks[-1], kind, text)
    return talks


def _add(talk: _Talk, kind: str, text: str) -> None:
    if kind == "sent data":
        talk.data += text
    elif kind == "received data":
        talk.body += text if talk.status is not None else ""
    elif kind == "received" and (status := _STATUS.match(text.strip())):
        # The one before was an interim answer.
        talk.status, talk.answer = status, []
    elif ":" in text:
        name, _, value = text.partition(":")
        (talk.headers if kind == "sent" else talk.answer).append((name.strip(), value.strip()))


def _message(talk: _Talk, file: str, traced: bool) -> Message:
    method, target, version = talk.start.groups()
    host = next((value for name, value in talk.headers if name.lower() == "host"), "")
    url = target if "://" in target else f"{talk.scheme}://{host}{target}"
    request = to_request(method, url, talk.headers, talk.data.encode("utf-8", "replace"), http_version=version)
    has_body = claims_body(request.headers) or "transfer-encoding" in request.headers
    response = None
    if talk.status is not None:
        body = talk.body.removesuffix("\n") if not traced else talk.body
        response = Response(
            status=int(talk.status[2]),
            reason=(talk.status[3] or "").strip(),
            headers=Headers(tuple(talk.answer)),
            body=body.encode("utf-8", "replace"),
        )
    return Message(
        request=request,
        response=response,
        source=f"{file}:{talk.line}",
        request_missing=_NO_BODY if has_body and not traced else "",
        response_missing=_gap(response, traced),
    )


def _gap(response: Response | None, traced: bool) -> str:
    if response is None:
        return ""
    if not response.body:
        return NO_RESPONSE_BODY if claims_body(response.headers) else ""
    # A stand-in may be for a token with dots in it.
    dots = b"." in response.body or _REDACTED.search(response.body) is not None
    dotted = traced and dots and response.headers.media_type == "application/json" and response.json is None
    return "the trace has dots where the response had line ends" if dotted else ""
