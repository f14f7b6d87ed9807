"""How the objects of a class stand in a journal: a member for each field that is not at its default, in their order."""

from collections.abc import Callable
from dataclasses import MISSING, fields
from types import UnionType
from typing import Any, Generic, NamedTuple, TypeVar, get_args, get_type_hints

from fake_idp.wire import Json

T = TypeVar("T")


class Member(NamedTuple):
    """A member that is not simply its field: the field, the type in JSON, how to read it, and how to write it."""

    field: str
    type: type
    read: Callable[[Any], object] | None = None
    write: Callable[[Any], object] | None = None


class Shape(Generic[T]):
    """Reads and writes the objects of one dataclass; made once for each class, for there are many lines."""

    def __init__(self, made: type[T], **members: Member) -> None:
        """Take names, types and defaults from the class, except for `members`; the first that can hold a value does."""
        self._made = made
        hints, own = get_type_hints(made), {member.field for member in members.values()}
        for name, hint in hints.items():
            if name not in own:
                members[name] = Member(name, get_args(hint)[0] if isinstance(hint, UnionType) else hint)
        self._members = {name: (member.field, member.type, member.read) for name, member in members.items()}
        self._fields = []
        self._required = set()
        for field in fields(made):  # type: ignore[arg-type]  # only dataclasses are given
            ways = tuple((name, member.write) for name, member in members.items() if member.field == field.name)
            self._fields.append((field.name, field.default, ways))
            if field.default is field.default_factory is MISSING:
                self._required.add(ways[0][0])

    def read(self, line: dict[str, Json]) -> T:
        """Make an object of its members; raises ValueError for what is missing or of another type."""
        if not self._required <= line.keys():
            name = min(self._required - line.keys())
            raise ValueError(f"{name} is missing, and should be {self._members[name][1].__name__}")
        values: dict[str, Any] = {}
        members = self._members
        for name, value in line.items():
            if name not in members:
                continue
            field, due, read = members[name]
            if due is type(value):
                values[field] = read(value) if read else value
            elif due is float and type(value) is int:
                values[field] = float(value)
            else:
                raise ValueError(f"{name} is of type {type(value).__name__}, and not {due.__name__}")
        return self._made(**values)

    def write(self, made: T) -> dict[str, object]:
        """Give the members of an object."""
        line: dict[str, object] = {}
        for field, default, ways in self._fields:
            value = getattr(made, field)
            if value is default or value == default:
                continue
            for name, write in ways:
                try:
                    line[name] = write(value) if write else value
                except UnicodeDecodeError:
                    continue
                break
        return line
