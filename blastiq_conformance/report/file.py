"""A JSON report read back, checked member by member against its shape."""

import json
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, Union, cast, get_args, get_origin, get_type_hints, is_typeddict

from blastiq_conformance import given_file
from blastiq_conformance.report.shape import ReportShape, ReportsShape
from blastiq_conformance.report.soundness import unsound


class ReportFileError(Exception):
    """A file is no report of this version; the text names file and member."""


def read_reports(file: Path) -> list[ReportShape]:
    """Give the reports in a file, one for each target; raises ReportFileError."""
    try:
        model = json.loads(given_file.read_text(file))
    except OSError as error:
        raise ReportFileError(f"{file} cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:
        raise ReportFileError(f"{file} is no JSON: {error}; `--report json=FILE` writes one") from None
    schema = model.get("schema") if isinstance(model, dict) else None
    if schema not in ("blastiq-report/1", "blastiq-reports/1"):
        raise ReportFileError(f"{file} is no report of this version: expected the schema blastiq-report/1")
    shape: object = ReportShape if schema == "blastiq-report/1" else ReportsShape
    if wrong := next(_faults(model, shape, "report"), ""):
        raise ReportFileError(f"{file} is no whole report: {wrong}")
    reports = [cast("ReportShape", model)] if shape is ReportShape else cast("ReportsShape", model)["reports"]
    if not reports:
        raise ReportFileError(f"{file} has no report in it; `--report json=FILE` writes one")
    if wrong := next(
        (fault for number, each in enumerate(reports) for fault in unsound(each, f"report {number + 1}")), ""
    ):
        raise ReportFileError(f"{file} is no sound report: {wrong}")
    return reports


def _faults(value: object, kind: object, place: str) -> Iterator[str]:
    """Say where a value has not the shape."""
    arguments = get_args(kind)
    match get_origin(kind):
        case None if is_typeddict(kind):
            yield from _members(value, get_type_hints(kind), place)
        case origin if origin is list:
            yield from _items(value, arguments[0], place)
        case origin if origin is dict:
            yield from _members(value, dict.fromkeys(value if isinstance(value, dict) else (), arguments[1]), place)
        case origin if origin in {types.UnionType, Union}:
            if all(any(_faults(value, one, place)) for one in arguments):
                yield from _faults(value, arguments[0], place)
        case origin if origin is Literal:
            if value not in arguments:
                yield f"{place} is {value!r}, expected {arguments[0]!r}"
        case _:
            if not isinstance(kind, type) or not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
                yield f"{place} is {_name(value)}, expected {getattr(kind, '__name__', kind)}"


def _items(value: object, kind: object, place: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"{place} is {_name(value)}, expected a list"
        return
    for index, item in enumerate(value):
        yield from _faults(item, kind, f"{place}[{index}]")


def _members(value: object, kinds: Mapping[str, object], place: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{place} is {_name(value)}, expected an object"
        return
    for name, kind in kinds.items():
        if name not in value:
            yield f"{place} lacks {name}"
        else:
            yield from _faults(value[name], kind, f"{place}.{name}")


def _name(value: object) -> str:
    return "null" if value is None else type(value).__name__
