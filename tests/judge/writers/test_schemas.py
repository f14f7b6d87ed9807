"""JSON formats and JUnit meet their schemas: ours, written by hand, always; the public ones where they can be had."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
import xmlschema
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT6

from blastiq_conformance.writers import writer
from tests.judge.writers.models import MODELS

pytestmark = pytest.mark.slow

OWN = {path.stem: path for path in (Path(__file__).parent / "schemas").glob("*.json")}
# Format → file below a folder of NODE_PATH; `npm install @microsoft/jest-sarif ctrf har-schema` puts them there.
PUBLIC = {
    "sarif": "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json",
    "ctrf": "ctrf/dist/ctrf-schema-0.0.json",
    "har": "har-schema/lib/har.json",
}
# What the schema of Jenkins' xUnit plug-in knows, element by element; file and line are pytest's xunit1.
ATTRIBUTES = {
    "testsuites": {"name", "tests", "failures", "errors", "time"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "time"},
    "properties": set(),
    "property": {"name", "value"},
    "testcase": {"name", "classname", "time", "file", "line"},
    "failure": {"type", "message"},
    "error": {"type", "message"},
    "skipped": {"type", "message"},
    "system-out": set(),
}
TOTALS = {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}


@pytest.mark.unmeasured
@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("form", sorted(OWN))
def test_what_is_written_is_what_we_know_of_a_format(form: str, name: str) -> None:
    """No member that the format does not know, none missing."""
    schema = json.loads(OWN[form].read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(json.loads(writer(form)(MODELS[name]())))


def _public(form: str) -> Path:
    folders = [Path(folder) for folder in os.environ.get("NODE_PATH", "").split(os.pathsep) if folder]
    found = [folder / PUBLIC[form] for folder in folders if (folder / PUBLIC[form]).is_file()]
    if not found:
        pytest.skip("the public schema is not here: npm install @microsoft/jest-sarif ctrf har-schema, set NODE_PATH")
    return found[0]


def _registry(folder: Path) -> Registry[Any]:
    contents = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")}
    named = [(name, Resource.from_contents(content, DRAFT6)) for name, content in contents.items()]
    return Registry().with_resources([*named, *((content["$id"], r) for content, (_, r) in _zip(contents, named))])


def _zip(contents: dict[str, Any], named: list[Any]) -> Iterator[tuple[Any, Any]]:
    return ((content, pair) for content, pair in zip(contents.values(), named, strict=True) if "$id" in content)


@pytest.mark.parametrize("form", sorted(PUBLIC))
def test_the_public_schema_is_met(form: str) -> None:
    """By every model, hostile ones too."""
    file = _public(form)
    schema = json.loads(file.read_text(encoding="utf-8"))
    kind = jsonschema.validators.validator_for(schema)
    known: dict[str, Any] = {"registry": _registry(file.parent) if form == "har" else Registry()}
    for make in MODELS.values():
        kind(schema, **known).validate(json.loads(writer(form)(make())))


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.unmeasured
def test_junit_holds_what_its_readers_know(name: str) -> None:
    """Elements and attributes of the common schema, and totals that are those of the cases."""
    suites = ET.fromstring(writer("junit")(MODELS[name]()).encode())  # noqa: S314 - ours
    for element in suites.iter():
        assert set(element.attrib) <= ATTRIBUTES[element.tag]
        for attribute, tag in (
            ("tests", "testcase"),
            ("failures", "failure"),
            ("errors", "error"),
            ("skipped", "skipped"),
        ):
            if attribute in element.attrib:
                assert int(element.attrib[attribute]) == len(list(element.iter(tag)))
    cases = [(case.attrib["classname"], case.attrib["name"]) for case in suites.iter("testcase")]
    assert len(cases) == len(set(cases))


@pytest.mark.unmeasured
def test_the_public_junit_schema_is_met() -> None:
    """That of Jenkins' xUnit plug-in, where BLASTIQ_JUNIT_XSD names it: pytest's source archive has it."""
    if not (file := os.environ.get("BLASTIQ_JUNIT_XSD")):
        pytest.skip("set BLASTIQ_JUNIT_XSD to junit-10.xsd, which pytest's source archive has")
    schema = xmlschema.XMLSchema(file)
    for name in ("good", "mixed", "every", "nothing-judged", "not-run", "several"):
        schema.validate(writer("junit")(MODELS[name]()))
