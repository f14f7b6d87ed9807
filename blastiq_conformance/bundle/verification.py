"""Whether a bundle is what it was, and whether its evidence still says what its report says."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import cast

from blastiq_conformance import __version__, given_file
from blastiq_conformance.bundle import SCHEMA, BundleError, Manifest, digest, manifest_bytes
from blastiq_conformance.bundle.container import LARGEST, pack, unpack
from blastiq_conformance.bundle.plan import carry_out
from blastiq_conformance.report import several
from blastiq_conformance.report.shape import FindingShape, ReportShape
from blastiq_conformance.writers import json as json_writer

# What rules say of themselves, and where it was said by which version.
_PROSE = frozenset({"tool", "results", "manual", "meaning", "headlines", "volatile", "exchanges", "schema"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What came of it: each difference in words, and what a reader should know besides."""

    reports: tuple[ReportShape, ...]
    differences: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def verify(path: Path) -> Verification:
    """Check the digests, judge the evidence by the installed rules and compare; raises BundleError."""
    try:
        data = given_file.read_bytes(path, LARGEST)
    except OSError as error:
        raise BundleError(f"it cannot be read ({error.strerror or error})") from None
    files, broken = unpack(data)
    if tampered := [
        *(f"{name} was changed: its checksum is wrong" for name in broken),
        *_tampered(files, data, broken),
    ]:
        return Verification(reports=(), differences=tuple(tampered))
    manifest = _manifest(files)
    written = cast("Mapping[str, object]", json.loads(files["report.json"]))
    try:
        again = [carry_out(planned, files).to_model() for planned in manifest["reports"]]
    except (KeyError, TypeError, ValueError) as error:
        raise BundleError(f"its manifest is not whole ({type(error).__name__}: {error})") from None
    before = cast("list[ReportShape]", written.get("reports", [written]))
    same_rules = [report["tool"] for report in before] == [report["tool"] for report in again]
    differences = [text for old, new in zip(before, again, strict=True) for text in _differences(old, new)]
    if same_rules and not differences and json_writer.write(several(again)).encode() != files["report.json"]:
        differences.append("report.json says the same in other words than this evidence gives")
    return Verification(
        reports=tuple(before),
        differences=tuple(differences),
        notes=() if same_rules else (_other_rules(manifest, again),),
    )


def _tampered(files: Mapping[str, bytes], data: bytes, broken: tuple[str, ...]) -> Iterator[str]:
    if broken:
        return
    if missing := {"manifest.json", "report.json"} - files.keys():
        raise BundleError(f"it has no {' and no '.join(sorted(missing))}; `blastiq run --bundle ZIP` writes one")
    manifest = _manifest(files)
    if manifest_bytes(manifest) != files["manifest.json"] or digest(manifest) != manifest["digest"]:
        yield "manifest.json was changed: it has another digest than it says"
    listed = manifest["files"]
    for name in sorted(listed.keys() | files.keys() - {"manifest.json"}):
        if name not in files:
            yield f"{name} is missing"
        elif name not in listed:
            yield f"{name} is not in the manifest"
        elif sha256(files[name]).hexdigest() != listed[name]:
            yield f"{name} was changed: it has another digest than the manifest says"
    if pack(files) != data:
        yield "the zip holds more than its files, or was written by another tool"


def _manifest(files: Mapping[str, bytes]) -> Manifest:
    try:
        manifest = json.loads(files["manifest.json"])
    except (ValueError, RecursionError) as error:
        raise BundleError(f"its manifest.json is no JSON ({error})") from None
    if not isinstance(manifest, dict) or manifest.get("schema") != SCHEMA:
        raise BundleError(f"its manifest.json is of another version than {SCHEMA}")
    shapes = (("files", dict), ("reports", list), ("digest", str))
    if wrong := [name for name, kind in shapes if not isinstance(manifest.get(name), kind)]:
        raise BundleError(f"its manifest.json has no right {' and no right '.join(wrong)}")
    return cast("Manifest", manifest)


def _other_rules(manifest: Manifest, again: list[ReportShape]) -> str:
    then, now = manifest["tool"], again[0]["tool"]["rules"]
    return (
        f"it was judged by version {then['version']} of the kit with {then['rules']['count']} rules "
        f"({then['rules']['digest'][:19]}…); installed is {__version__} with {now['count']} rules "
        f"({now['digest'][:19]}…), so a difference may be one of the rules. Install that version to tell"
    )


def _differences(old: ReportShape, new: ReportShape) -> Iterator[str]:
    whose = f"{old['target']}: "
    there = {result["rule"]: result for result in old["results"]}
    for result in new["results"]:
        before = there.pop(result["rule"], None)
        if before is None:
            yield f"{whose}{result['rule']} is not in the report; the evidence gives {result['outcome']}"
        elif (before["outcome"], before["severity"]) != (result["outcome"], result["severity"]):
            said, found = (f"{x['outcome']} ({x['severity']})" for x in (before, result))
            yield f"{whose}{result['rule']} is {said} in the report; the evidence gives {found}"
        elif list(map(_place, before["findings"])) != list(map(_place, result["findings"])):
            yield f"{whose}{result['rule']} has other findings in the report than the evidence gives"
    for rule in there:
        yield f"{whose}{rule} is in the report, and nothing in the evidence was judged by it"
    both = cast("Mapping[str, object]", old), cast("Mapping[str, object]", new)
    # What an older version did not tell is no difference.
    for name in (name for name in both[1] if name in both[0]):
        if name not in _PROSE and both[0].get(name) != both[1][name]:
            yield f"{whose}{name} is {both[0].get(name)!r} in the report; the evidence gives {both[1][name]!r}"


def _place(finding: FindingShape) -> tuple[str, str, int | None, str]:
    return finding["severity"], finding["parameter"], finding["exchange"], finding["scenario"]
