"""What tool chains keep in their user's HOME, and how they find it when a child has its own HOME.

A program that is started by `go run`, `mvn exec:java` or a version manager needs its caches, or it would have to
download everything. What the integration itself keeps is not among them.
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

# The XDG base directories, which a private HOME hides as well, and where they are unless a variable says otherwise.
BASES = {
    "XDG_CONFIG_HOME": ".config",
    "XDG_CACHE_HOME": ".cache",
    "XDG_DATA_HOME": ".local/share",
    "XDG_STATE_HOME": ".local/state",
}


class _Kept(NamedTuple):
    variable: str
    places: tuple[str, ...]  # below HOME, or below the base that the first part names; the first that exists counts
    value: str = ""  # below HOME, where it is not the place itself


_KEPT = (
    # Go: go help environment; os.UserCacheDir and os.UserConfigDir.
    _Kept("GOPATH", ("go",)),
    _Kept("GOCACHE", ("XDG_CACHE_HOME/go-build", "Library/Caches/go-build")),
    _Kept("GOENV", ("XDG_CONFIG_HOME/go/env", "Library/Application Support/go/env")),
    # JavaScript: npm's cache and userconfig, corepack, yarn's globalFolder.
    _Kept("npm_config_cache", (".npm",)),
    _Kept("npm_config_userconfig", (".npmrc",)),
    _Kept("COREPACK_HOME", ("XDG_CACHE_HOME/node/corepack",)),
    _Kept("YARN_GLOBAL_FOLDER", (".yarn/berry",)),
    _Kept("BUN_INSTALL", (".bun",)),
    _Kept("DENO_DIR", ("XDG_CACHE_HOME/deno", "Library/Caches/deno")),
    _Kept("NVM_DIR", ("XDG_CONFIG_HOME/nvm", ".nvm")),
    _Kept("VOLTA_HOME", (".volta",)),
    # The JVM: Maven's is among the links.
    _Kept("GRADLE_USER_HOME", (".gradle",)),
    _Kept("SDKMAN_DIR", (".sdkman",)),
    # .NET: NuGet too looks for .nuget below DOTNET_CLI_HOME.
    _Kept("NUGET_PACKAGES", (".nuget/packages",)),
    _Kept("DOTNET_CLI_HOME", (".dotnet", ".nuget"), value="."),
    # Rust.
    _Kept("CARGO_HOME", (".cargo",)),
    _Kept("RUSTUP_HOME", (".rustup",)),
    # Python: site.USER_BASE holds what `pip install --user` installed.
    _Kept("PYTHONUSERBASE", (".local/lib", "Library/Python"), value=".local"),
    _Kept("PIP_CACHE_DIR", ("XDG_CACHE_HOME/pip", "Library/Caches/pip")),
    _Kept("UV_CACHE_DIR", ("XDG_CACHE_HOME/uv",)),
    _Kept("UV_PYTHON_INSTALL_DIR", ("XDG_DATA_HOME/uv/python",)),
    _Kept("POETRY_CACHE_DIR", ("XDG_CACHE_HOME/pypoetry", "Library/Caches/pypoetry")),
    _Kept("POETRY_CONFIG_DIR", ("XDG_CONFIG_HOME/pypoetry", "Library/Application Support/pypoetry")),
    _Kept("WORKON_HOME", ("XDG_DATA_HOME/virtualenvs",)),  # pipenv
    _Kept("PYENV_ROOT", (".pyenv",)),
    # Ruby: its gems are among the links.
    _Kept("BUNDLE_USER_HOME", (".bundle",)),
    _Kept("RBENV_ROOT", (".rbenv",)),
    # PHP: with COMPOSER_HOME alone the cache would move into it.
    _Kept("COMPOSER_HOME", (".composer", "XDG_CONFIG_HOME/composer")),
    _Kept("COMPOSER_CACHE_DIR", ("XDG_CACHE_HOME/composer", "Library/Caches/composer")),
    # Version managers of all languages.
    _Kept("ASDF_DATA_DIR", (".asdf",)),
    _Kept("MISE_DATA_DIR", ("XDG_DATA_HOME/mise",)),
    _Kept("MISE_CONFIG_DIR", ("XDG_CONFIG_HOME/mise",)),
)
# No variable, or only one of some versions, names these: Maven's repository, settings and wrapper; gems that
# `gem install --user-install` installed; the versions that asdf was told to use.
_LINKED = (".m2", ".gem", "XDG_DATA_HOME/gem", ".tool-versions")


def kept(inherited: Mapping[str, str]) -> dict[str, str]:
    """Give the variables that lead tool chains to what they have below the user's own HOME, where it is there."""
    home = _home(inherited)
    # npm takes its variables in either case.
    given = {name.lower() for name, value in inherited.items() if value}
    found: dict[str, str] = {}
    for each in _KEPT if home else ():
        paths = (_path(place, home, inherited) for place in each.places)
        place = next((path for path in paths if path.exists()), None)
        if place is not None and each.variable.lower() not in given:
            found[each.variable] = str(Path(home, each.value).resolve() if each.value else place)
    return found


def link(inherited: Mapping[str, str], home: Path) -> None:
    """Make links in an empty HOME to what no variable names."""
    real = _home(inherited)
    for name in _LINKED if real else ():
        source, target = _path(name, real, inherited), _path(name, str(home), {})
        # Where links are not allowed (Windows) a tool does without.
        if source.exists():
            with suppress(OSError):
                target.parent.mkdir(parents=True, exist_ok=True)
                target.symlink_to(source)


def _home(inherited: Mapping[str, str]) -> str:
    home = inherited.get("HOME") or inherited.get("USERPROFILE", "")
    return home if os.path.isabs(home) else ""  # noqa: PTH117 - it may be empty


def _path(place: str, home: str, inherited: Mapping[str, str]) -> Path:
    base, _, rest = place.partition("/")
    return Path(inherited.get(base) or Path(home, BASES[base]), rest) if base in BASES else Path(home, place)
