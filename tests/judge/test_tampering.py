"""Edited bundles and reports: a documented exit code, no traceback, and what is edited is never verified."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from inspect import getsource
from pathlib import Path
from typing import cast

import jsonschema
import pytest

from blastiq_conformance import schemas
from blastiq_conformance.bundle import write_bundle
from blastiq_conformance.report import Report
from blastiq_conformance.report.file import ReportFileError, whole_reports
from blastiq_conformance.report.waivers import Waiver, Waivers
from blastiq_conformance.schemas import Schema, faults, shipped_schema
from blastiq_conformance.writers.json import write
from fake_idp.wire import Json
from tests.judge.judged import AUDIENCE, GOOD, SCOPE, SECRET, judged, report, rules
from tests.judge.tampering import bundle_faults, edited, report_faults, tampered, unzipped

pytestmark = [pytest.mark.slow, pytest.mark.unmeasured]

IDS = ("BIQ209", "BIQ211", "BIQ212")


def waived() -> Report:
    """A run with waivers, one of them used."""
    given = [Waiver(rule=rule, reason="r", owner="o", expires=date(2099, 1, 1)) for rule in ("BIQ211", "BIQ212")]
    runs = [judged(text, f"s{index}", ids=IDS) for index, text in enumerate((GOOD, AUDIENCE, SCOPE))]
    waivers = Waivers(given=tuple(given), today=date(2027, 1, 1), due={"BIQ211": frozenset({"s1", "s9"})})
    return Report(runs, rules=rules(*IDS), target="shop", command=("x",), waivers=waivers, notes=("n",))


BUNDLES: dict[str, Sequence[Report]] = {
    "one": (report(GOOD, AUDIENCE, SECRET, ids=IDS),),
    "two": (waived(), replace(report(AUDIENCE, ids=IDS), target="till")),
}


@pytest.mark.parametrize("name", BUNDLES)
def test_an_edited_bundle_is_never_verified(tmp_path: Path, name: str) -> None:
    """Though every digest is right, and though it may claim that another version of the kit has judged."""
    write_bundle(tmp_path / "b.zip", BUNDLES[name])
    whole = unzipped(tmp_path / "b.zip")
    chance = random.Random(name)
    found = [
        f"{what}: {fault}"
        for what, files in (tampered(whole, chance) for _ in range(120))
        for fault in bundle_faults(whole, files, tmp_path / "t.zip")
    ]
    assert found == []


DOCUMENTS: dict[str, Json] = {
    name: json.loads(write(made.to_model())) for name, made in (("run", BUNDLES["one"][0]), ("waivers", waived()))
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_an_edited_report_is_written_or_refused(tmp_path: Path, name: str) -> None:
    """In no format does a writer stumble over it."""
    chance = random.Random(name)
    documents = (edited(DOCUMENTS[name], chance) for _ in range(40))
    found = [f"{what}: {fault}" for what, document in documents for fault in report_faults(document, tmp_path)]
    assert found == []


def bundle_manifest(folder: Path) -> Json:
    write_bundle(folder / "b.zip", BUNDLES["two"])
    return cast("Json", json.loads(unzipped(folder / "b.zip")["manifest.json"]))


# To JSON Schema 1.0 is an integer; no report has one written so.
STRICT = jsonschema.validators.extend(  # type: ignore[no-untyped-call]  # the library has no types for it
    jsonschema.Draft202012Validator,
    type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _, value: type(value) is int),
)


@pytest.mark.parametrize("name", ["report", "manifest"])
def test_the_shipped_schemas_are_read_as_others_read_them(tmp_path: Path, name: str) -> None:
    """Whatever is edited: refused by the kit's reading of the schema, and by jsonschema's, or by neither."""
    if name == "report":
        document, schema = DOCUMENTS["waivers"], shipped_schema("report")
    else:
        write_bundle(tmp_path / "b.zip", BUNDLES["two"])
        document, schema = json.loads(unzipped(tmp_path / "b.zip")["manifest.json"]), shipped_schema("bundle")
    definitions = cast("dict[str, Json]", schema["$defs"])
    checker = STRICT(schema, format_checker=STRICT.FORMAT_CHECKER)
    chance = random.Random(name)
    for what, changed in (edited(document, chance) for _ in range(150)):
        wrong = next(faults(changed, cast("Schema", definitions.get(name, schema)), known=definitions), None)
        assert bool(wrong) is not checker.is_valid(changed), (what, wrong)


@pytest.mark.parametrize("schema", [shipped_schema("report"), shipped_schema("bundle")], ids=["report", "bundle"])
def test_no_word_of_a_shipped_schema_is_passed_over(schema: Json) -> None:
    """What the kit's reading does not know, it would not hold anybody to."""
    assert {word for word in words_of(schema) if f'"{word}"' not in getsource(schemas)} <= {
        *("$schema", "$id", "$defs", "title", "description", "oneOf"),
    }


def words_of(schema: Json) -> Iterator[str]:
    """Give the words of a schema, but not the names of members, which stand in `properties` and `$defs`."""
    for word, value in schema.items() if isinstance(schema, dict) else ():
        yield word
        named = word in {"properties", "$defs"} and isinstance(value, dict)
        inside = value.values() if named and isinstance(value, dict) else value if isinstance(value, list) else [value]
        for each in inside:
            yield from words_of(each)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"shown": 0, "par', '"shown": 1, "par', "results of BIQ211: shown is 1, and there are 1 exchanges"),
        ('"shown": 0, "fields"', '"shown": 1, "fields"', "shown of what was sent is 1, and there are 1 exchanges"),
        ('"shown": 0, "kind"', '"shown": 1, "kind"', "shown of what was sent is 1, and there are 1 exchanges"),
        ('"waiver": null', '"waiver": 0', "results of BIQ211: waiver is 0, and there are 0 waivers"),
        ('"findings": [0]', '"findings": [1]', "results of BIQ211: entry is 1, and there are 1 findings"),
    ],
)
def test_an_index_that_points_nowhere_is_refused(old: str, new: str, said: str) -> None:
    """A schema cannot say it, and a writer would stumble over it."""
    text = json.dumps(report(AUDIENCE, ids=("BIQ211",)).to_model())
    assert old in text
    with pytest.raises(ReportFileError, match=said):
        whole_reports(json.loads(text.replace(old, new)), "x")
