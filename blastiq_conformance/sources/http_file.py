""".http and .rest files, as VS Code's REST Client and JetBrains' HTTP Client read them: what would be sent."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from blastiq_conformance.sources.recorded import MalformedError, Message, unsent
from blastiq_conformance.sources.request import field, to_request
from blastiq_conformance.sources.source_error import placed
from blastiq_conformance.sources.template import quote_unresolved, resolve
from fake_idp.wire import FORM

_METHODS = "GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|TRACE|CONNECT"
BEGINNING = re.compile(rf"^###|^@[\w.-]+\s*=|^(?:{_METHODS})\s+(?:https?://|\{{\{{|/)|^https?://\S+\s*$", re.MULTILINE)
REQUEST = re.compile(rf"(?:({_METHODS})\s+)?(\S.*?)(?:\s+HTTP/([\d.]+))?\s*\Z")
FILE_VARIABLE = re.compile(r"@([\w.-]+)\s*=\s*(.*)")
COMMENT = ("#", "//")
_ADVICE = "write it as VS Code's REST Client or JetBrains' HTTP Client reads it"

Numbered = list[tuple[int, str]]


class Block(NamedTuple):
    """The lines of a request with their numbers; `separator` is the index of the line that begins it."""

    separator: int
    lines: Numbered


def read(file: str, text: str, variables: Mapping[str, str]) -> list[Message]:
    """Read every request; a finding names its line. Raises SourceError."""
    lines = text.splitlines()
    known = own_variables(lines) | dict(variables)
    messages = []
    for block in blocks(lines):
        rest = without_preamble(block.lines)
        if not rest:
            continue
        with placed(file, f"line {rest[0][0]}", _ADVICE):
            messages.append(_message(file, rest, known))
    return messages


def own_variables(lines: list[str]) -> dict[str, str]:
    """Give the variables that a file defines, as they are written."""
    return {found[1]: found[2].strip() for line in lines if (found := FILE_VARIABLE.match(line))}


def blocks(lines: list[str]) -> Iterator[Block]:
    """Give the parts between the separators, and the one before the first."""
    block = Block(-1, [])
    for number, line in enumerate(lines, start=1):
        if line.startswith("###"):
            yield block
            block = Block(number - 1, [])
        else:
            block.lines.append((number, line))
    yield block


def without_preamble(block: Numbered) -> Numbered:
    """Leave out what precedes a request: comments, names, variables, scripts that run first."""
    script = False
    for index, (_, line) in enumerate(block):
        bare = line.strip()
        if script or bare.startswith("< {%"):
            script = "%}" not in bare
        elif bare and not bare.startswith(COMMENT) and not FILE_VARIABLE.match(line):
            return block[index:]
    return []


def _message(file: str, block: Numbered, variables: Mapping[str, str]) -> Message:
    number = block[0][0]
    first, lines = first_line([line for _, line in block])
    found = REQUEST.match(resolve(first.strip(), variables))
    end = next((index for index, line in enumerate(lines) if not line.strip()), len(lines))
    headers = []
    for line in lines[:end]:
        name, colon, value = resolve(line, variables).partition(":")
        if line.strip().startswith(COMMENT):
            continue
        if not colon:
            raise MalformedError(f"{name.strip()[:40]!r} is not a header field: a body begins after an empty line")
        headers.append((name.strip(), value.strip()))
    body, files, _ = body_parts(lines[end + 1 :])
    missing = "the request takes its body from a file that is not here" if files else ""
    media_type = (field(headers, "content-type") or "").partition(";")[0].strip().lower()
    body = resolve(body, variables)
    if media_type == FORM:
        body = as_form(body)
    if found is None:
        raise MalformedError("no request line")
    method, url, version = found.groups()
    if url.startswith("/"):
        host = field(headers, "host")
        if host is None:
            raise MalformedError("a request without a host: give the whole URL, or a Host header")
        url = f"http://{host}{url}"
    elif "://" not in url and not url.startswith("{{"):
        url = f"http://{url}"
    sent = to_request(method or "GET", url, headers, body.encode("utf-8", "replace"), http_version=version or "1.1")
    return unsent(sent, f"{file}:{number}", missing=missing)


def first_line(lines: list[str]) -> tuple[str, list[str]]:
    """Give the request line and the lines after it; a long query continues in indented lines."""
    first, rest = lines[0], lines[1:]
    while rest and re.match(r"\s+[?&]", rest[0]):
        first = first.rstrip() + rest.pop(0).strip()
    return first, rest


def joined(form: str) -> str:
    """Give a form as one line: both editors allow line breaks in it."""
    return "".join(re.sub(r"\s*([&=])\s*", r"\1", line.strip()) for line in form.splitlines())


def as_form(form: str) -> str:
    """Give a form as it is sent."""
    return quote_unresolved(joined(form))


def body_parts(lines: list[str]) -> tuple[str, list[str], list[str]]:
    """Give the text of a body, the lines that name files, and those for the editor: a script, where to keep it."""
    kept: list[str] = []
    files: list[str] = []
    for index, line in enumerate(lines):
        if re.match(r"<?> (?:\{%|\S)|>>!? ", line):
            return "\n".join(kept).strip(), files, lines[index:]
        (files if re.match(r"<@?\w* ", line) else kept).append(line)
    return "\n".join(kept).strip(), files, []
