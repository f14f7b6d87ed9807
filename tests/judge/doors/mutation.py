"""A file made odd: by its members where it is JSON or lines of it, by its words and bytes where it is anything."""

import json
import random
from collections.abc import Callable, Sequence

_DEEP: object = []
for _ in range(60):
    _DEEP = [_DEEP]

# What a member may be instead.
VALUES: tuple[object, ...] = (None, True, [], {}, "", 0, -1, 1.5, 10**30, 10**400, float("inf"), float("nan"), _DEEP)
VALUES += ("\ud800", "\x1b[2J\x9b\u202e", "::error::x\n##vso[x]y", "https://[", "http://[::1", "//", "%zz%", "{{a}}")
VALUES += (
    ["a"],
    [["a", "b"]],
    {"a": "b"},
    [None],
    "x" * 3000,
    "é" * 50,
    "2026-01-01",
    "BIQ211",
    "base64",
    "<password:1>",
)

# What may stand in a text, in one of the languages that are read.
WORDS: tuple[bytes, ...] = (
    b"1e999",
    b"-1e999",
    b"NaN",
    b"9" * 500,
    b"9" * 5000,
    b"0x" + b"f" * 4000,
    b"null",
    b"[]",
    b"{}",
)
WORDS += (
    b"\\ud800",
    b"\xff\xfe",
    b"\x00",
    b"\x1b[31m",
    b"\xc2\x9b",
    b"'",
    b'"',
    b"\\",
    b"$'",
    b"\r\n",
    b"\n",
    b"\t",
    b" ",
)
WORDS += (
    b"~",
    b".inf",
    b"!!binary x",
    b"!!set {a}",
    b"!!python/object:a.b",
    b"&a [*a]",
    b"<<: {}",
    b"2001-01-01",
    b"190:20:30",
)
WORDS += (
    b"0b11",
    b"0o7",
    b"---\n",
    b"- ",
    b": ",
    b"{{a}}",
    b"{{",
    b"}}",
    b"<% x %>",
    b"###\n",
    b"@a = {{a}}\n",
    b"<@ ./f\n",
)
WORDS += (
    b"https://[",
    b"http://x:99999999/",
    b"--next",
    b"-d",
    b"--json",
    b"-:",
    b"-u",
    b"> GET / HTTP/1.1\n",
    b"< HTTP/1.1 999 x\n",
)
WORDS += (
    b"Content-Length: -1\n",
    b"[[target]]",
    b"a.b = 1",
    b"\xef\xbb\xbf",
    b"PK\x05\x06",
    b"\x1f\x8b\x08",
    b"[" * 300,
    b'{"a":' * 300,
)

_Parent = dict[str, object] | list[object]
_SEPARATORS = b" \n\t\"':,{}[]=&"


def mutated(seeds: Sequence[bytes], chance: random.Random) -> bytes:
    """Give one of the files, changed in one place or in a few."""
    content = chance.choice(seeds)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        ways: list[Callable[[bytes, random.Random], bytes]] = [_in_bytes, _in_words]
        if content.lstrip()[:1] in {b"{", b"["}:
            ways += [_in_json] * 4
        content = chance.choice(ways)(content, chance)
    if chance.random() < 0.05:
        other = chance.choice(seeds)
        content = content[: chance.randrange(len(content) + 1)] + other[chance.randrange(len(other) + 1) :]
    return content


def _in_json(content: bytes, chance: random.Random) -> bytes:
    """Change a member; of several lines, one in one of them."""
    try:
        return _written(_changed(json.loads(content), chance))
    except ValueError:
        lines = content.split(b"\n")
    except RecursionError:
        return content
    index = chance.randrange(len(lines))
    try:
        lines[index] = _written(_changed(json.loads(lines[index]), chance))
    except (ValueError, RecursionError):
        lines.insert(index, chance.choice(lines))
    return b"\n".join(lines)


def _written(value: object) -> bytes:
    return json.dumps(value).replace("Infinity", "1e999").encode()


def _changed(document: object, chance: random.Random) -> object:
    places: list[tuple[_Parent, str | int]] = []
    waiting: list[object] = [document]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            places += ((part, name) for name in part)
            waiting += part.values()
        elif isinstance(part, list):
            places += ((part, index) for index in range(len(part)))
            waiting += part
    if not places:
        return chance.choice(VALUES)
    parent, key = chance.choice(places)
    other, name = chance.choice(places)
    match chance.randrange(6):
        case 0:
            del parent[key]  # type: ignore[arg-type]  # the key is of its parent's kind
        case 1 if isinstance(parent, dict):
            parent[chance.choice(["", "\ud800", "x" * 300, "name", "text", "log", "run", "item"])] = parent.pop(
                str(key)
            )
        case 2:
            # Not into itself.
            parent[key] = json.loads(json.dumps(other[name]))  # type: ignore[index]  # as above
        case _:
            parent[key] = chance.choice(VALUES)  # type: ignore[index]  # as above
    return document


def _in_words(content: bytes, chance: random.Random) -> bytes:
    """Put a word in, or in the place of another."""
    begin = end = chance.randrange(len(content) + 1)
    if chance.random() < 0.7:
        while begin > 0 and content[begin - 1] not in _SEPARATORS:
            begin -= 1
        while end < len(content) and content[end] not in _SEPARATORS:
            end += 1
    return content[:begin] + chance.choice(WORDS) + content[end:]


def _in_bytes(content: bytes, chance: random.Random) -> bytes:
    """Change, cut, double or leave out some bytes."""
    begin, end = sorted(chance.randrange(len(content) + 1) for _ in range(2))
    end = min(end, begin + chance.choice((1, 4, 40, 400)))
    match chance.randrange(5):
        case 0:
            return content[:begin] + content[end:]
        case 1:
            return content[:end] + content[begin:end] * chance.choice((1, 2, 50)) + content[end:]
        case 2:
            return content[:begin]
        case 3:
            return content[:begin] + chance.randbytes(end - begin) + content[end:]
        case _:
            return content[:begin] + bytes([chance.randrange(256)]) + content[begin + 1 :]
