"""Lists of keys and values as Postman writes all of them: fields, headers, variables, settings."""

from collections.abc import Iterator

from blastiq_conformance.sources.request import Pairs
from fake_idp.wire import Json


def enabled(listed: object) -> Iterator[tuple[str, dict[str, Json]]]:
    """Give the entries that are not switched off, each with its key."""
    for each in listed if isinstance(listed, list) else ():
        match each:
            case {"key": str(key)} if each.get("enabled", True) and not each.get("disabled"):
                yield key, each


def pairs(listed: object) -> Pairs:
    """Give the keys and values as texts."""
    return [(key, as_text(each.get("value"))) for key, each in enabled(listed)]


def as_text(value: Json) -> str:
    """Give a value as it is sent; empty for none, and for what is not a single value."""
    return value if isinstance(value, str) else "" if value is None or isinstance(value, list | dict) else str(value)
