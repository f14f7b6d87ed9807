"""The settings of a test, by @pytest.mark.blastiq(...) and by options, and the command that runs it again."""

import os
from collections.abc import Iterable

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from blastiq_conformance.catalogue import Profile
    from fake_idp.likeness import Likeness

_MARKED = frozenset({"expect", "profile", "scenario", "traffic"})


def again(item: pytest.Item) -> tuple[str, ...]:
    """Give the command that runs a test again."""
    options = ("--blastiq-profile", "--blastiq-edition", "--blastiq-like")
    given = {option: item.config.getoption(option) for option in options}
    asked = tuple(word for option, value in given.items() if value is not None for word in (option, str(value)))
    file, mark, name = item.nodeid.partition("::")
    # Node ids are relative to the root of the project, a command to where it is entered.
    here = os.path.relpath(item.config.rootpath / file, item.config.invocation_params.dir)
    return ("pytest", *asked, here + mark + name)


def marked(item: pytest.Item, name: str) -> object:
    """Give an argument of the marker, or None; an unknown argument fails the test."""
    marker = item.get_closest_marker("blastiq")
    if marker is None:
        return None
    if unknown := marker.args or set(marker.kwargs) - _MARKED:
        # If ignored, a typo would change the profile or the scenario.
        found = ", ".join(sorted(map(str, unknown)))
        pytest.fail(
            f"@pytest.mark.blastiq takes expect=, profile=, scenario= and traffic=; found {found}", pytrace=False
        )
    return marker.kwargs.get(name)


def expected(item: pytest.Item) -> Iterable[str]:
    """Give the rules that must fail."""
    expect = marked(item, "expect")
    return [str(rule) for rule in expect] if isinstance(expect, list | tuple | set | frozenset) else ()


def profile(item: pytest.Item) -> "Profile":
    """Give the profile: the marker's, else that of the option, else that of the setting."""
    from blastiq_conformance.catalogue import Profile

    config = item.config
    chosen = marked(item, "profile") or config.getoption("--blastiq-profile") or config.getini("blastiq_profile")
    return Profile(str(chosen or "article"))


def edition(item: pytest.Item) -> str:
    """Give the edition: that of the option, else that of the setting, else the current one; an unknown one fails."""
    from blastiq_conformance.editions import CURRENT, editions

    chosen = str(item.config.getoption("--blastiq-edition") or item.config.getini("blastiq_edition") or CURRENT)
    if chosen not in editions():
        pytest.fail(f"blastiq: there is no edition {chosen!r}; known are {', '.join(editions())}", pytrace=False)
    return chosen


def likeness(config: pytest.Config) -> "Likeness":
    """Read what the fake is to be like, by the option, relative to the current folder, or by the setting, to the root.

    Raises pytest.UsageError.
    """
    given, told = config.getoption("--blastiq-like"), config.getini("blastiq_like")
    from blastiq_conformance.config import ConfigError
    from blastiq_conformance.config.likeness import open_likeness
    from blastiq_conformance.sources import SourceError

    try:
        return open_likeness(config.invocation_params.dir / given if given else config.rootpath / told)
    except (ConfigError, SourceError) as error:
        raise pytest.UsageError(f"{'--blastiq-like' if given else 'blastiq_like'}: {error}") from None
