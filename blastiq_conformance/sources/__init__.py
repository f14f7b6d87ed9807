"""Recorded traffic as evidence; the kind of a file is recognised by its content, never by its name."""

from collections.abc import Mapping
from pathlib import Path

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.sources.source_error import SourceError

__all__ = ["SourceError", "is_recording", "read", "read_variables"]


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
    from blastiq_conformance.sources.kinds import Source, read_source  # here: importing SourceError must stay cheap

    return read_source(Source(path=path, client_id=client_id, authority=authority, variables=variables or {}))


def is_recording(path: Path) -> bool:
    """Whether the file begins like one of the known kinds; it may still be broken."""
    from blastiq_conformance.sources.kinds import kind_of  # as above

    return kind_of(path) is not None


def read_variables(path: Path) -> dict[str, str] | None:
    """Give the variables of an environment, None where the file is not one.

    JetBrains' variables are not included, as they apply to the .http files beside them.
    """
    from blastiq_conformance.sources.environment import read_environment  # as above

    return read_environment(path)
