"""Whether a bundle is unchanged, and whether its evidence still gives what its report says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from blastiq_conformance import given_file
from blastiq_conformance.bundle import SCHEMA, BundleError, digest, manifest_bytes
from blastiq_conformance.bundle.comparison import differences, kept, same
from blastiq_conformance.bundle.container import LARGEST, SIGNATURE, pack, parsed, read, unpack
from blastiq_conformance.bundle.plan import carry_out
from blastiq_conformance.bundle.signature import unsigned
from blastiq_conformance.catalogue import catalogue
from blastiq_conformance.editions import editions
from blastiq_conformance.report import Report, several
from blastiq_conformance.report.file import ReportFileError, read_reports, whole_reports
from blastiq_conformance.report.shape import ManifestShape, ReportShape, SubjectShape, ToolShape
from blastiq_conformance.report.subjects import unmatched
from blastiq_conformance.schemas import faults, shipped_schema, shown
from blastiq_conformance.writers import json as json_writer

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_ZIP = b"PK"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The result of a verification.

    `dated`: another version of the kit wrote the bundle, and what its edition promises was compared, without the texts.
    Either each of the `differences` proves that the bundle was changed, and without any, nothing differs. Or another
    version of the kit wrote it (`other`, in words): then this version vouches only for what it finds as well
    (`vouched`), and what differs (`unvouched`) may be a change of the kit or of the report.
    """

    reports: tuple[ReportShape, ...]
    is_signed: bool = False
    dated: bool = False
    differences: tuple[str, ...] = ()
    other: str = ""
    vouched: tuple[str, ...] = ()
    unvouched: tuple[str, ...] = ()


def verify(path: Path, subjects: Sequence[SubjectShape] = (), key: "Ed25519PublicKey | None" = None) -> Verification:
    """Check the digests, judge the evidence by the installed rules and compare; raises BundleError.

    Each of the `subjects` must be what every report is about, and `key` must have signed the bundle.
    """
    files, broken, data = read(path)
    written: list[ReportShape] = []

    def found(*texts: str, **more: Any) -> Verification:
        return Verification(reports=tuple(written), differences=texts, **more)

    if broken:
        return found(*(f"{name} was changed: its checksum is wrong" for name in broken))
    manifest = _manifest(files)
    if tampered := tuple(_tampered(manifest, files, data)):
        return found(*tampered)
    if key is not None and (wrong := unsigned(files, key)):
        return found(wrong)
    reports = _reports(files["report.json"])
    rejudged = [carry_out(planned, files) for planned in manifest["reports"]]
    written += reports
    if mixed := tuple(_mixed(manifest, written, rejudged, files)):
        return found(*mixed)
    unbound = [text for report in written for each in subjects if (text := unmatched(each, report["subjects"]))]
    if unbound:
        return found(*unbound)
    is_signed = SIGNATURE in files
    again = [report.to_model() for report in rejudged]
    whose = [f"{shown(report['target'])}: " if len(written) > 1 else "" for report in written]
    triples = list(zip(whose, written, again, strict=True))
    different = [f"{who}{text}" for who, old, new in triples for text in differences(old, new)]
    if [report["tool"] for report in written] != [report["tool"] for report in again]:
        # Whether this version has the edition, and each rule, by which they were judged.
        if all(
            each["edition"] in editions() and {*each["rules"]} <= catalogue().keys() for each in manifest["reports"]
        ):
            breaches = (f"{who}{text}" for who, old, new in triples for text in kept(old, new))
            return found(*breaches, dated=True, is_signed=is_signed)
        other = (
            f"{_kit(manifest['tool'])} judged it, and {_kit(again[0]['tool'])} is installed. A difference may come "
            "from that, and only that version of the kit can tell whether it does"
        )
        vouched = tuple(f"{who}{part}" for who, old, new in triples for part in same(old, new))
        return found(other=other, vouched=vouched, unvouched=tuple(different), is_signed=is_signed)
    if not different and json_writer.write(several(again)).encode() != files["report.json"]:
        different = ["report.json says the same as the evidence, and was not written by the kit: its bytes differ"]
    return found(*different, is_signed=is_signed)


def reports_in(file: Path) -> list[ReportShape]:
    """Give the reports in a bundle or a JSON report, unverified; raises BundleError and ReportFileError."""
    try:
        data = given_file.read_bytes(file, LARGEST)
    except OSError as error:
        raise BundleError(f"{file} cannot be read: {error.strerror or error}") from None
    if not data.startswith(_ZIP):
        return read_reports(file)
    try:
        return _reports(unpack(data)[0].get("report.json", b""))
    except BundleError as error:
        raise BundleError(f"{file} is not a bundle: {error}") from None


def _manifest(files: Mapping[str, bytes]) -> ManifestShape:
    if missing := {"manifest.json", "report.json"} - files.keys():
        raise BundleError(f"it has no {' and no '.join(sorted(missing))}; `blastiq run --bundle ZIP` writes one")
    manifest = parsed("manifest.json", files["manifest.json"])
    if not isinstance(manifest, dict) or manifest.get("schema") != SCHEMA:
        raise BundleError(f"its manifest.json is of another version than {SCHEMA}")
    if wrong := next(faults(manifest, shipped_schema("bundle")), None):
        raise BundleError(f"its manifest.json is not whole: {wrong.told('manifest')}")
    return cast("ManifestShape", manifest)


def _reports(data: bytes) -> list[ReportShape]:
    try:
        return whole_reports(parsed("report.json", data), "report.json")
    except ReportFileError as error:
        raise BundleError(str(error)) from None


def _tampered(manifest: ManifestShape, files: Mapping[str, bytes], data: bytes) -> Iterator[str]:
    if manifest_bytes(manifest) != files["manifest.json"] or digest(manifest) != manifest["digest"]:
        yield "manifest.json was changed: it has another digest than it says"
    listed = manifest["files"]
    for name in sorted(listed.keys() | files.keys() - {"manifest.json", SIGNATURE}):
        if name not in files:
            yield f"{shown(name)} is missing"
        elif name not in listed:
            yield f"{name} is not in the manifest"
        elif sha256(files[name]).hexdigest() != listed[name]:
            yield f"{name} was changed: it has another digest than the manifest says"
    if pack(files) != data:
        yield "the zip holds more than its files, or was written by another tool"


def _mixed(
    manifest: ManifestShape, written: Sequence[ReportShape], rejudged: Sequence[Report], files: Mapping[str, bytes]
) -> Iterator[str]:
    """Name what does not fit together in the files of a bundle."""
    if len(written) != len(rejudged):
        yield f"report.json has {len(written)} reports, and manifest.json tells how {len(rejudged)} came about"
    elif manifest["tool"] != written[0]["tool"]:
        yield "manifest.json names another version of the kit, or other rules, than report.json"
    judged = [judgement["evidence"] for planned in manifest["reports"] for judgement in planned["judgements"]]
    for name in sorted(files.keys() - {"manifest.json", "report.json", SIGNATURE, *judged}):
        yield f"{name} belongs to no report"
    for planned, report in zip(manifest["reports"], rejudged, strict=True):
        for item, judgement in zip(planned["judgements"], report.judgements, strict=True):
            if item["scenario"] != judgement.scenario:
                named, ran = shown(item["scenario"]), shown(judgement.scenario)
                yield f"{item['evidence']} is of the scenario {ran}, and manifest.json says {named}"


def _kit(tool: ToolShape) -> str:
    rules = tool["rules"]
    return f"version {shown(tool['version'])} of the kit ({rules['count']} rules, {rules['digest'][:19]}…)"
