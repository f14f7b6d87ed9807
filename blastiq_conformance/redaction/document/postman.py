"""Postman collections, environments and Newman's exports: every place that holds a secret, and what stands around it.

Variables keep their places; scripts and descriptions lose what is known, or named there, as a secret.
"""

from collections.abc import Callable, Mapping
from typing import cast

from blastiq_conformance.redaction.document.filled import Filled
from blastiq_conformance.redaction.document.tree import Tree, members
from blastiq_conformance.redaction.redacted import NOTE, NOTED
from blastiq_conformance.secrets.place import Kind, Place, Show
from blastiq_conformance.sources.environment import variables as listed_variables
from blastiq_conformance.sources.json_text import write_json
from blastiq_conformance.sources.newman import body_of
from blastiq_conformance.sources.postman import Object

_Members = Mapping[str, object]
_LISTS = ("variable", "values")
# Names, addresses and texts of a variable; whatever else it has is a value of it.
_OF_VARIABLE = frozenset({"key", "id", "name", "type", "description", "enabled", "disabled", "system"})


def is_postman(document: _Members) -> bool:
    """Whether a document is a collection, an environment, or what Newman wrote."""
    match document:
        case {"info": dict(), "item": list()} | {"run": dict()} | {"collection": {"item": list()}}:
            return True
        case {"values": list(), "name": str()}:
            return "log" not in document
        case _:
            return False


def postman(document: _Members, given: Mapping[str, str]) -> Callable[[Show], str]:
    """Give what writes a document without secrets; `given` is what an environment beside it has."""
    own, used = _own(document), set[str]()

    def write(show: Show) -> str:
        tree = _Postman(show, Filled(own, given, used, show))
        # Postman indents by tabs.
        return write_json({**members(tree.walk(document)), NOTE: NOTED}, "\t")

    return write


def jetbrains(document: _Members) -> Callable[[Show], str]:
    """Give what writes an environment of JetBrains' HTTP Client: names of environments, and in them variables."""

    def shown(value: object, name: str, filled: Filled) -> object:
        match value:
            case dict():
                return {key: shown(inner, str(key), filled) for key, inner in value.items()}
            case list():
                return [shown(inner, name, filled) for inner in value]
            case str() | int() | float() if not isinstance(value, bool):
                new = filled.value(name, str(value))
                return value if new == str(value) else new
            case _:
                return value

    return lambda show: write_json(shown(document, "", Filled({}, {}, set(), show)), 2)


def _own(document: _Members) -> dict[str, str]:
    """Give the variables of a document; those of Newman's environment go before those of its collection."""
    found: dict[str, str] = {}
    for part in (document, *(members(document.get(name)) for name in ("collection", "globals", "environment"))):
        found |= listed_variables(part.get("variable")) | listed_variables(part.get("values"))
    return found


class _Postman(Tree):
    """Knows what Postman's members mean beside the messages."""

    def __init__(self, show: Show, filled: Filled) -> None:
        super().__init__(show, filled.place)
        self.filled = filled

    def walk(self, value: object, name: str = "", kind: Kind = Kind.PLAIN) -> object:
        if name in _LISTS and isinstance(value, list):
            return [self._variable(each) for each in value]
        return super().walk(value, name, kind)

    def _growth(self, old: _Members, new: _Members) -> int:
        before, after = self.filled.old, {**self.filled.old, **self.filled.new}
        return len(body_of(cast("Object", new), after)) - len(body_of(cast("Object", old), before))

    def _variable(self, each: object) -> object:
        if not isinstance(each, dict):
            return self.walk(each)
        name = str(each.get("key") or each.get("id") or "")
        new: dict[str, object] = {}
        for member, value in each.items():
            secret = each.get("type") == "secret" and member == "value"
            if member in _OF_VARIABLE or isinstance(value, bool) or value is None:
                new[member] = self.walk(value, member) if member == "description" else value
            elif isinstance(value, str | int | float):
                kept = self.filled.value(name, str(value))
                kept = self.show(Place(Kind.UNUSED, kept)) if secret and kept == str(value) else kept
                new[member] = value if kept == str(value) else kept
            else:
                new[member] = self.walk(value)
        return new
