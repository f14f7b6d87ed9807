"""Recorded traffic as evidence; the kind of a file is recognised by its content, never by its name."""

from blastiq_conformance.sources.environment import read_variables
from blastiq_conformance.sources.kinds import is_recording, read
from blastiq_conformance.sources.source_error import SourceError

__all__ = ["SourceError", "is_recording", "read", "read_variables"]
