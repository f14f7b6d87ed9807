"""Recorded traffic as evidence; what a file is, is told by its content, never by its name."""

from collections.abc import Mapping
from pathlib import Path

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.sources.source_error import SourceError

__all__ = ["SourceError", "read"]


def read(
    path: Path,
    *,
    client_id: str | None = None,
    authority: str | None = None,
    variables: Mapping[str, str] | None = None,
) -> tuple[Evidence, ...]:
    """Read a file of any known kind; a journal may hold several scenarios, each an Evidence. Raises SourceError.

    `variables` are those of an environment, for files that say what would be sent.
    """
    from blastiq_conformance.sources import kinds  # each kind of source is imported where it is met

    return kinds.read(path, client_id, authority, variables or {})
