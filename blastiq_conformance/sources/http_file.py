""".http and .rest files, as VS Code's REST Client and JetBrains' HTTP Client read them: what would be sent."""

import re
from collections.abc import Iterator, Mapping

from blastiq_conformance.sources.recorded import UNSENT, MalformedError, Message
from blastiq_conformance.sources.request import field, to_request
from blastiq_conformance.sources.source_error import SourceError
from blastiq_conformance.sources.template import quote_unresolved, resolve
from fake_idp.wire import FORM

_METHODS = "GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|TRACE|CONNECT"
BEGINNING = re.compile(rf"^###|^@[\w.-]+\s*=|^(?:{_METHODS})\s+(?:https?://|\{{\{{|/)|^https?://\S+\s*$", re.MULTILINE)
_REQUEST = re.compile(rf"(?:({_METHODS})\s+)?(\S.*?)(?:\s+HTTP/([\d.]+))?\s*\Z")
_FILE_VARIABLE = re.compile(r"@([\w.-]+)\s*=\s*(.*)")
_COMMENT = ("#", "//")
_ADVICE = "write it as VS Code's REST Client or JetBrains' HTTP Client reads it"

Numbered = list[tuple[int, str]]


def read(file: str, text: str, variables: Mapping[str, str]) -> list[Message]:
    """Read every request; a finding names its line. Raises SourceError."""
    lines = text.splitlines()
    own = (found for line in lines if (found := _FILE_VARIABLE.match(line)))
    known = {found[1]: found[2].strip() for found in own} | dict(variables)
    messages = []
    for block in _blocks(lines):
        rest = _without_preamble(block)
        if not rest:
            continue
        try:
            messages.append(_message(file, rest, known))
        except ValueError as error:
            raise SourceError(file, f"line {rest[0][0]}", str(error), _ADVICE) from None
    return messages


def _blocks(lines: list[str]) -> Iterator[Numbered]:
    block: Numbered = []
    for number, line in enumerate(lines, start=1):
        if line.startswith("###"):
            yield block
            block = []
        else:
            block.append((number, line))
    yield block


def _without_preamble(block: Numbered) -> Numbered:
    """Leave out what stands before a request: comments, names, variables, scripts that run first."""
    script = False
    for index, (_, line) in enumerate(block):
        bare = line.strip()
        if script or bare.startswith("< {%"):
            script = "%}" not in bare
        elif bare and not bare.startswith(_COMMENT) and not _FILE_VARIABLE.match(line):
            return block[index:]
    return []


def _message(file: str, block: Numbered, variables: Mapping[str, str]) -> Message:
    number, first = block[0]
    lines = [line for _, line in block[1:]]
    # A long query goes on in lines that are indented.
    while lines and re.match(r"\s+[?&]", lines[0]):
        first = first.rstrip() + lines.pop(0).strip()
    found = _REQUEST.match(resolve(first.strip(), variables))
    end = next((index for index, line in enumerate(lines) if not line.strip()), len(lines))
    headers = []
    for line in lines[:end]:
        name, colon, value = resolve(line, variables).partition(":")
        if line.strip().startswith(_COMMENT):
            continue
        if not colon:
            raise MalformedError(f"{name.strip()[:40]!r} is no header field: a body begins after an empty line")
        headers.append((name.strip(), value.strip()))
    body, missing = _body(lines[end + 1 :])
    media_type = (field(headers, "content-type") or "").partition(";")[0].strip().lower()
    body = resolve(body, variables)
    if media_type == FORM:
        # Both editors let a form go on in the next line.
        body = quote_unresolved("".join(re.sub(r"\s*([&=])\s*", r"\1", line.strip()) for line in body.splitlines()))
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
    sent = to_request(
        method or "GET",
        url,
        headers,
        resolve(body, variables).encode("utf-8", "replace"),
        http_version=version or "1.1",
    )
    return Message(
        request=sent, response=None, source=f"{file}:{number}", request_missing=missing, response_missing=UNSENT
    )


def _body(lines: list[str]) -> tuple[str, str]:
    kept: list[str] = []
    missing = ""
    for line in lines:
        # What follows is for the editor: a script on the response, or where to keep it.
        if re.match(r"<?> (?:\{%|\S)|>>!? ", line):
            break
        if re.match(r"<@?\w* ", line):
            missing = "the request takes its body from a file that is not here"
            continue
        kept.append(line)
    return "\n".join(kept).strip(), missing
