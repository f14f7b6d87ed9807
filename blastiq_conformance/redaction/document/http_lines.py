""".http and .rest files: each block with its comments, variables and scripts, and no secret in any of them.

What JetBrains' environments beside the file, or one that was given, say of a variable is written where it was used:
the file is to be judged alike wherever it goes.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from blastiq_conformance.redaction.document.filled import Filled
from blastiq_conformance.secrets.body import body_text
from blastiq_conformance.secrets.message import named_value, url
from blastiq_conformance.secrets.place import Kind, Place, Show
from blastiq_conformance.sources import http_file
from blastiq_conformance.sources.template import resolve
from fake_idp.wire import FORM, Headers


def http_lines(text: str, given: Mapping[str, str]) -> Callable[[Show], str]:
    """Give what writes a file without secrets."""
    lines, used = text.splitlines(), set[str]()
    own = http_file.own_variables(lines)
    return lambda show: "\n".join(_Writer(show, Filled(own, given, used, show)).lines(lines)) + "\n"


class _Writer:
    def __init__(self, show: Show, filled: Filled) -> None:
        self.show = show
        self.filled = filled

    def lines(self, lines: list[str]) -> Iterator[str]:
        for index, block in enumerate(http_file.blocks(lines)):
            if index:
                # The line that begins the block is none of its own.
                yield self._prose(lines[block.separator])
            request = http_file.without_preamble(block.lines)
            yield from (self._preamble(line) for _, line in block.lines[: len(block.lines) - len(request)])
            if request:
                yield from self._request([line for _, line in request])

    def _prose(self, line: str) -> str:
        return self.show(Place(Kind.PROSE, line))

    def _preamble(self, line: str) -> str:
        found = http_file.FILE_VARIABLE.match(line)
        if found is None:
            return self._prose(line)
        value = found[2].strip()
        return f"@{found[1]} = {self.filled.value(found[1], value)}"

    def _request(self, lines: list[str]) -> Iterator[str]:
        first, rest = http_file.first_line(lines)
        yield self._first(first)
        end = next((index for index, line in enumerate(rest) if not line.strip()), len(rest))
        fields: list[tuple[str, str]] = []
        for line in rest[:end]:
            name, colon, value = line.partition(":")
            if line.strip().startswith(http_file.COMMENT) or not colon:
                yield self._prose(line)
                continue
            fields.append((resolve(name, self.filled.old).strip(), resolve(value, self.filled.old).strip()))
            yield f"{name}: {self.filled.place(value.strip(), partial(named_value, name.strip(), show=self.show))}"
        yield from self._body(rest[end:], is_form=Headers(tuple(fields)).media_type == FORM)

    def _first(self, line: str) -> str:
        found = http_file.REQUEST.match(line.strip())
        if found is None:
            return self._prose(line)
        method, address, version = found.groups()
        shown = self.filled.place(address, lambda text: url(text, self.show))
        return f"{f'{method} ' if method else ''}{shown}{f' HTTP/{version}' if version else ''}"

    def _body(self, lines: list[str], *, is_form: bool) -> Iterator[str]:
        """Give what follows the head: the empty line, the body in one piece, and what is for the editor."""
        yield from lines[:1]
        content, files, others = http_file.body_parts(lines[1:])
        content, read = (http_file.joined(content), http_file.as_form) if is_form else (content, str)
        write = partial(body_text, show=self.show)
        shown = self.filled.place(content, write, read) if content else ""
        yield from shown.split("\n") if shown else ()
        yield from map(self._prose, (*files, *others))
