"""Bundles: evidence, report and digests in one zip, so that anybody can judge the same evidence again.

manifest.json                how each report was made, the version of the rules, the SHA-256 of every other file
signature.json               signatures of the manifest, if there are any
report.json                  the report, made from the evidence as it stands here
evidence/1/0001.jsonl        one scenario run: secrets that the kit did not issue are redacted, its own are raw
"""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from json import dumps
from pathlib import Path
from typing import Literal

from blastiq_conformance.bundle.container import BundleError, pack
from blastiq_conformance.bundle.plan import carry_out, plan
from blastiq_conformance.redaction.whole import redact_all
from blastiq_conformance.report import Report, several
from blastiq_conformance.report.shape import ManifestShape, PlanShape
from blastiq_conformance.sources.recording import write
from blastiq_conformance.writers import json
from fake_idp.system.whole_file import write_whole

__all__ = ["SCHEMA", "BundleError", "digest", "manifest_bytes", "write_bundle"]

SCHEMA: Literal["blastiq-bundle/1"] = "blastiq-bundle/1"


def write_bundle(path: Path, reports: Sequence[Report], *, keep_foreign: bool = False) -> None:
    """Write reports and their evidence; the same reports give the same bytes. Raises BundleError and OSError.

    Little traffic to hosts that are not BlastIQ's is kept, unless `keep_foreign`.
    """
    judged = [report for report in reports if report.judgements]
    if not judged:
        raise BundleError("nothing was judged, so there is no evidence to bundle")
    files: dict[str, bytes] = {}
    plans: list[PlanShape] = []
    again: list[Report] = []
    for number, report in enumerate(judged, start=1):
        planned = plan(report, number)
        overheard = (secret for judgement in report.judgements for secret in judgement.overheard)
        seen = [judgement.evidence for judgement in report.judgements]
        evidences = redact_all(seen, overheard, keep_foreign=keep_foreign)
        for item, evidence in zip(planned["judgements"], evidences, strict=True):
            exchanges = tuple(replace(exchange, scenario="") for exchange in evidence.exchanges)
            connections = tuple(replace(connection, scenario="") for connection in evidence.connections)
            files[item["evidence"]] = write(replace(evidence, exchanges=exchanges, connections=connections)).encode()
        rejudged = carry_out(planned, files)
        pairs = zip(report.results, rejudged.results, strict=True)
        changed = [old.rule for old, new in pairs if (old.outcome, old.severity) != (new.outcome, new.severity)]
        if changed:
            planned["notes"] = [*planned["notes"], f"redaction changed the outcome of {', '.join(changed)}"]
            rejudged = carry_out(planned, files)
        plans.append(planned)
        again.append(rejudged)
    models = [report.to_model() for report in again]
    files["report.json"] = json.write(several(models)).encode()
    manifest: ManifestShape = {
        "schema": SCHEMA,
        "tool": models[0]["tool"],
        "reports": plans,
        "files": {name: sha256(data).hexdigest() for name, data in sorted(files.items())},
        "digest": "",
    }
    files["manifest.json"] = manifest_bytes({**manifest, "digest": digest(manifest)})
    write_whole(path, pack(files))


def digest(manifest: ManifestShape) -> str:
    """Give the digest of a manifest, which covers all of it but the digest."""
    return sha256(manifest_bytes({**manifest, "digest": ""})).hexdigest()


def manifest_bytes(manifest: ManifestShape) -> bytes:
    """Write a manifest in its one canonical form."""
    return (dumps(manifest, indent=1, sort_keys=True, ensure_ascii=True) + "\n").encode()
