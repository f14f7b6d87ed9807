"""The authority that the fake of a test session imitates, as an option or an ini setting names it."""

from pathlib import Path

import pytest

from blastiq_conformance.config import ConfigError
from blastiq_conformance.config.likeness import open_likeness
from blastiq_conformance.sources import SourceError
from fake_idp.likeness import Likeness


def likeness(config: pytest.Config, given: str | None, told: str) -> Likeness:
    """Read the file of the option, relative to the current folder, else that of the setting, relative to the root.

    Raises pytest.UsageError.
    """
    place: Path = config.rootpath / told if given is None else config.invocation_params.dir / given
    try:
        return open_likeness(place)
    except (ConfigError, SourceError) as error:
        raise pytest.UsageError(f"{'blastiq_like' if given is None else '--blastiq-like'}: {error}") from None
