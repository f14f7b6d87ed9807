"""Fields that were written as JSON, an object or a list of key and value pairs, even where it is labelled a form."""

from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from fake_idp.wire import FORM, Json, Request, parse_json

_BEGINS = {b"{": "a JSON object", b"[": "a JSON list"}
_NAMES = ("key", "name")


def json_pairs(request: Request) -> tuple[tuple[str, Json], ...]:
    """Give the names and values in a JSON body, in order; nothing where it is not JSON or names nothing."""
    body = _text(request)
    if body[:1] not in _BEGINS:
        return ()
    parsed = parse_json(body)
    if isinstance(parsed, dict):
        return tuple(parsed.items())
    return tuple(pair for item in parsed for pair in _pairs(item)) if isinstance(parsed, list) else ()


def json_shape(request: Request) -> str:
    """Say what JSON a body labelled as a form is or is meant to be; empty for any other."""
    body = _text(request)
    shape = _BEGINS.get(body[:1])
    if shape is None:
        return ""
    if json_pairs(request):
        return shape
    # The printed form of an object is not JSON; but every form has an equals sign.
    return "" if b"=" in body else f"a text that begins like {shape}"


def _text(request: Request) -> bytes:
    body = request.body.strip()
    return as_name(body) if request.media_type == FORM and body[:3].upper() in {b"%7B", b"%5B"} else body


def as_name(body: bytes) -> bytes:
    """Undo a form encoder that made a single name of a text, as it does with a text instead of pairs."""
    return unquote_to_bytes(body.removesuffix(b"=").replace(b"+", b" "))


def _pairs(item: Json) -> Iterator[tuple[str, Json]]:
    match item:
        case [str(name), value]:
            yield name, value
        case dict() if len(item) == 1:
            yield from item.items()
        case dict():
            lower = {name.lower(): value for name, value in item.items()}
            for key in _NAMES:
                named = lower.get(key)
                if lower.keys() == {key, "value"} and isinstance(named, str):
                    yield named, lower["value"]
