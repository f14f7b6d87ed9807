"""A tamperer: edits of JSON documents, of journals, and of bundles whose digests it makes right again.

`python -m tests.judge.tampering COUNT SEED` tries many of both, on bundles of every rule's bad example, and
`test_tampering` a sample.
"""

import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from itertools import cycle
from pathlib import Path
from typing import cast
from zipfile import ZipFile

from click.testing import CliRunner

from blastiq_conformance.bundle import digest, manifest_bytes, write_bundle
from blastiq_conformance.bundle.container import pack
from blastiq_conformance.catalogue import Profile, catalogue
from blastiq_conformance.cli.bundle import verify as verify_command
from blastiq_conformance.cli.report import report as report_command
from blastiq_conformance.report import Report
from blastiq_conformance.report.shape import ManifestShape
from blastiq_conformance.scenarios import scenarios
from blastiq_conformance.trial.judging import judge_together
from blastiq_conformance.writers import FORMATS
from blastiq_conformance.writers.json import write
from fake_idp.wire import Json
from tests.judge.example import read_example
from tests.judge.judged import rules

Files = Mapping[str, bytes]
Edit = tuple[str, Callable[[], Json]]
# One of each type, the edges of each, and what other programs write that JSON does not have.
_VALUES: list[Json] = [
    *(None, True, False, 0, -1, 7, 10**30, 1.5, 1e308, float("inf"), float("nan")),
    *("", "x", "BIQ211", "\ud800", "\x00\x1b[2J", "2026-02-30", "../report.json", "9" * 5000),
]
_VALUES += [[], [None], [[]], {}, {"x": {}}]


def edited(document: Json, chance: random.Random) -> tuple[str, Json]:
    """Give one edit, and what it is: something deleted, renamed, retyped, swapped, doubled, added, changed."""
    place, value = chance.choice(list(_places(document)))
    texts = [each for _, each in _places(document) if isinstance(each, str)]
    what, change = chance.choice([*_edits(value, texts, chance), ("retyped", lambda: chance.choice(_VALUES))])
    return f"{what} {'.'.join(map(str, place))}", _put(document, place, change())


def _places(value: Json, place: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Json]]:
    yield place, value
    items: list[tuple[str | int, Json]] = []
    if isinstance(value, dict):
        items += value.items()
    elif isinstance(value, list):
        items += enumerate(value)
    for name, item in items:
        yield from _places(item, (*place, name))


def _put(document: Json, place: Sequence[str | int], value: Json) -> Json:
    if not place:
        return value
    step, *rest = place
    if isinstance(document, dict):
        return {name: _put(item, rest, value) if name == step else item for name, item in document.items()}
    assert isinstance(document, list)
    return [_put(item, rest, value) if index == step else item for index, item in enumerate(document)]


def _edits(value: Json, texts: list[str], chance: random.Random) -> list[Edit]:
    match value:
        case dict() if value:
            one, other = chance.choice(list(value)), chance.choice(list(value))
            return [
                (f"{one} deleted from", lambda: {name: item for name, item in value.items() if name != one}),
                (f"{one} renamed in", lambda: {"other" if name == one else name: item for name, item in value.items()}),
                (f"{one} and {other} swapped in", lambda: {**value, one: value[other], other: value[one]}),
                ("a member added to", lambda: {**value, "more": chance.choice(_VALUES)}),
            ]
        case list() if value:
            index = chance.randrange(len(value))
            return [
                ("an item dropped from", lambda: value[:index] + value[index + 1 :]),
                ("an item doubled in", lambda: [*value[:index], value[index], *value[index:]]),
                ("reversed", lambda: value[::-1]),
            ]
        case str():
            index = chance.randrange(len(value) + 1)
            return [
                ("a letter added to", lambda: f"{value[:index]}x{value[index:]}"),
                ("cut", lambda: value[:index]),
                ("taken from elsewhere", lambda: chance.choice(texts)),
            ]
        case bool():
            return [("turned", lambda: not value)]
        case int():
            return [("counted", lambda: value + chance.choice((-1, 1, 1000)))]
        case _:
            return []


def edited_lines(text: str, chance: random.Random) -> tuple[str, str]:
    """Give one edit of a journal: a line dropped, doubled, moved, cut, or edited as the document that it is."""
    lines = text.splitlines()
    index = chance.randrange(len(lines))
    line, before, after = lines[index], lines[:index], lines[index + 1 :]
    match chance.choice(("dropped", "doubled", "moved", "cut", *["edited"] * 6)):
        case "dropped":
            what, changed = "dropped", [*before, *after]
        case "doubled":
            what, changed = "doubled", [*lines, line]
        case "moved":
            what, changed = "moved", [line, *before, *after]
        case "cut":
            what, changed = "cut", [*before, line[: chance.randrange(len(line))], *after]
        case _:
            what, document = edited(json.loads(line), chance)
            changed = [*before, json.dumps(document), *after]
    return f"line {index + 1}: {what}", "\n".join(changed) + "\n"


def tampered(files: Files, chance: random.Random) -> tuple[str, dict[str, bytes]]:
    """Give one edit of the files of a bundle; every third claims to come from another version of the kit as well."""
    name = chance.choice(("report.json", "report.json", "manifest.json", *files))
    text = files[name].decode()
    if name.endswith(".jsonl"):
        what, text = edited_lines(text, chance)
    else:
        what, document = edited(json.loads(text), chance)
        text = json.dumps(document)
    changed = {**files, name: text.encode()}
    return f"{name}: {what}", changed if chance.randrange(3) else of_another_version(changed)


def of_another_version(files: Files) -> dict[str, bytes]:
    """Let files claim that another version of the kit has judged, by an edition that is not shipped."""

    def claimed(data: bytes) -> bytes:
        return data.replace(b'"version": "', b'"version": "9').replace(b'"edition": "2', b'"edition": "3')

    return {name: claimed(data) if name.endswith(".json") else data for name, data in files.items()}


def unzipped(path: Path) -> dict[str, bytes]:
    """Give the files of a bundle."""
    with ZipFile(BytesIO(path.read_bytes())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sealed(files: Files) -> bytes:
    """Make a bundle of files and each digest right, as far as the manifest is one."""
    manifest = json.loads(files["manifest.json"])
    if isinstance(manifest, dict):
        if isinstance(manifest.get("files"), dict):
            others = sorted(files.keys() - {"manifest.json"})
            manifest["files"] = {name: sha256(files[name]).hexdigest() for name in others}
        if "digest" in manifest:
            manifest["digest"] = digest(cast("ManifestShape", manifest))
    return pack({**files, "manifest.json": manifest_bytes(manifest)})


def bundle_faults(original: Files, files: Files, path: Path) -> Iterator[str]:
    """Say what is wrong about how `blastiq verify` ends with these files."""
    path.write_bytes(sealed(files))
    done = CliRunner().invoke(verify_command, [str(path)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        yield f"{done.exception!r}"
    elif done.exit_code not in {0, 1, 2, 4}:
        yield f"exit code {done.exit_code}"
    elif not done.exit_code and _told(json.loads(original["report.json"])) != _told(json.loads(files["report.json"])):
        yield "an edited report was verified"


def _told(report: Json) -> Json:
    """Give a report without what differs between two runs that saw the same."""
    if isinstance(report, dict) and isinstance(report.get("reports"), list):
        return {**report, "reports": [_told(each) for each in cast("list[Json]", report["reports"])]}
    return {name: item for name, item in report.items() if name != "volatile"} if isinstance(report, dict) else report


def report_faults(document: Json, folder: Path, formats: Sequence[str] = FORMATS) -> Iterator[str]:
    """Say what is wrong about how `blastiq report` ends with this report, written in these formats."""
    file = folder / "edited.json"
    file.write_text(json.dumps(document))
    options = [word for form in formats for word in ("--to", f"{form}={folder / form}")]
    done = CliRunner().invoke(report_command, [*options, str(file)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        yield f"{done.exception!r}"
    # 5 is the code of a report on a fault of the kit.
    elif done.exit_code not in {0, 1, 2, 3, 4, 5, 130}:
        yield f"exit code {done.exit_code}"
    elif done.exit_code == 2 and file.name not in done.stderr:
        yield f"it is not said what is wrong: {done.stderr}"


def every_rule() -> Iterator[tuple[Report, ...]]:
    """Give reports on the bad examples of all rules, three at a time, as a run and as recordings."""
    known, slugs = list(catalogue().values()), cycle(scenarios())
    for start in range(0, len(known), 3):
        asked = rules(*(rule.id for rule in known[start : start + 3]), "BIQ211", "BIQ212")
        shown = [read_example(rule.bad) for rule in known[start : start + 3]]
        runs = [replace(x, facts=replace(x.facts, scenario=next(slugs))) for x in shown]
        files = [
            replace(x, exchanges=tuple(replace(y, source=f"a.har#{y.number}") for y in x.exchanges)) for x in shown
        ]
        yield (
            Report(judge_together(runs, asked.values(), Profile.ARTICLE), rules=asked, command=("node", "app.js")),
            Report(
                judge_together(files, asked.values(), Profile.STRICT), rules=asked, source_kind="check", target="a.har"
            ),
        )


def main() -> None:
    """Try many, and print what came of them."""
    count, seed = map(int, sys.argv[1:3])
    chance, found = random.Random(seed), Counter[str]()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bundles, documents = [], []
        for reports in every_rule():
            write_bundle(folder / "b.zip", reports)
            bundles.append(unzipped(folder / "b.zip"))
            documents += [cast("Json", json.loads(write(report.to_model()))) for report in reports]
        for _ in range(count):
            bundle = chance.choice(bundles)
            what, files = tampered(bundle, chance)
            found.update(f"verify: {fault} ({what})" for fault in bundle_faults(bundle, files, folder / "t.zip"))
            what, document = edited(chance.choice(documents), chance)
            found.update(f"report: {fault} ({what})" for fault in report_faults(document, folder))
    print(f"{count} bundles, {count} reports, {found.total()} faults", *found, sep="\n")  # noqa: T201 - a program of its own


if __name__ == "__main__":
    main()
