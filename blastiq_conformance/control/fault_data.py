"""A fault as JSON, read strictly: an error says what is wrong and what would be right."""

import json
from collections.abc import Callable, Mapping
from typing import Any, cast

from blastiq_conformance.config.config_error import instead
from blastiq_conformance.schemas import faults, named, shipped_schema
from fake_idp.classify import Kind
from fake_idp.faults import Fault
from fake_idp.faults.spelling import Spelling
from fake_idp.system.json_number import refuse
from fake_idp.wire import Delivery, Ending, Json

_EXAMPLE = '{"endpoint": "token", "status": 503, "calls": [1, 2]}'
_AIM = frozenset({"endpoint", "calls", "grant"})
# Members that are read otherwise than they are written.
_READERS: Mapping[str, Callable[[Any], object]] = {
    "endpoint": Kind,
    "calls": lambda calls: frozenset(calls if isinstance(calls, list) else [calls]),
    "body": str.encode,
    "headers": lambda fields: tuple(fields.items()),
    "without": frozenset,
    "spelling": Spelling,
    "delivery": lambda members: Delivery(**_read(members)),
    "ending": Ending,
}


class FaultError(ValueError):
    """The text is not a fault; the message says why, what was expected and what to do."""


def read_fault(text: bytes) -> Fault:
    """Read a JSON object with the data of a Fault; raises FaultError."""
    try:
        # Null is as if left out.
        data = _given(json.loads(text, parse_constant=refuse))
    except (ValueError, RecursionError) as error:
        raise FaultError(f"the body is not JSON ({error}); expected an object such as {_EXAMPLE}") from None
    if isinstance(data, dict) and "delivery" in data:
        data["delivery"] = _given(data["delivery"])
    schema = shipped_schema("fault")
    for wrong in faults(data, schema):
        name = named("", wrong.place).removeprefix(".") or "the body"
        match wrong.kind:
            case "missing":
                raise FaultError(f"{name} is missing; {wrong.expected}, as in {_EXAMPLE}")
            case "unknown":
                raise FaultError(f"there is no member {wrong.place[-1]!r}{instead(wrong)}")
            case _:
                raise FaultError(f"{name} is {wrong.found}; expected {wrong.expected}")
    if not data.keys() - _AIM:
        does = ", ".join(name for name in cast("dict[str, Json]", schema["properties"]) if name not in _AIM)
        raise FaultError(f"nothing is said that goes wrong; add one of {does}")
    return Fault(**_read(data))


def _given(data: Any) -> Any:
    return {name: value for name, value in data.items() if value is not None} if isinstance(data, dict) else data


def _read(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _READERS[name](value) if name in _READERS else value for name, value in members.items()}
