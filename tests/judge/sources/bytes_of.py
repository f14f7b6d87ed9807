"""Content written to a file and read as evidence."""

import json
from pathlib import Path

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.sources import read

TOKEN_URL = "https://www.blastiq.com/identity/connect/token"


def read_text(folder: Path, text: str, **variables: str) -> Evidence:
    """Read a text as a file whose name says nothing."""
    path = folder / "recorded"
    path.write_text(text, encoding="utf-8")
    (evidence,) = read(path, variables=variables)
    return evidence


def read_json(folder: Path, content: object, **variables: str) -> Evidence:
    """Read a value as a JSON file."""
    return read_text(folder, json.dumps(content), **variables)


def fields(evidence: Evidence) -> list[dict[str, str]]:
    """Give the fields of each token request."""
    return [{field.name: field.value for field in request.fields} for request in evidence.token_requests]
