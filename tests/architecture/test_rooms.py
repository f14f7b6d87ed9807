"""Each third-party library has its rooms, each file its size, each package its face."""

import ast
import importlib
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("fake_idp", "blastiq_conformance")
# Library → the modules that may name it.
ROOMS = {
    "click": ("blastiq_conformance.cli", "fake_idp.__main__", "fake_idp.command_line", "fake_idp.console"),
    "cryptography": (
        "fake_idp.oidc.keys",
        "fake_idp.oidc.tokens",
        "blastiq_conformance.proxy.certificates",
        "blastiq_conformance.bundle",
    ),
    "h11": ("fake_idp.http.reader", "fake_idp.http.plain_head", "fake_idp.http.salvage"),
    "httpx": ("fake_idp.inprocess",),
    "hypothesis": ("blastiq_conformance.strategies",),
    "jinja2": ("blastiq_conformance.writers.page", "fake_idp.oidc.attended"),
    "jwt": ("fake_idp.oidc.keys", "fake_idp.oidc.tokens"),
    "markupsafe": ("blastiq_conformance.writers.page", "fake_idp.oidc.attended"),
    "pytest": ("blastiq_conformance.plugin",),
    "respx": ("fake_idp.inprocess",),
    "rich": ("blastiq_conformance.cli", "blastiq_conformance.writers.text"),
    "trustme": ("blastiq_conformance.proxy.certificates",),
    "uvloop": ("fake_idp.http.server",),
    "yaml": ("blastiq_conformance.sources",),
}
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
LARGEST = 250


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree(path: Path) -> ast.Module:
    """Read a module once for all that look at each of them."""
    return ast.parse(path.read_text(encoding="utf-8"))


def third_party(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found - sys.stdlib_module_names - set(PACKAGES)


def test_a_library_stays_in_its_rooms() -> None:
    """What a library can do is known by where it may be named."""
    named = {(library, module_name(path)) for path in FILES for library in third_party(path)}
    assert {(library, module) for library, module in named if not module.startswith(ROOMS.get(library, ()))} == set()


@pytest.mark.parametrize("folder", [*PACKAGES, "tests", "benchmarks"])
def test_no_file_outgrows_the_ceiling(folder: str) -> None:
    """One concept, one file: what is longer holds two."""
    sizes = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in (ROOT / folder).rglob("*.py")}
    assert {str(path): size for path, size in sizes.items() if size > LARGEST} == {}


def test_every_module_says_what_lives_in_it() -> None:
    """The first words of a module are its purpose."""
    assert [module_name(path) for path in FILES if not ast.get_docstring(tree(path))] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_the_face_shows_what_it_names(package: str) -> None:
    """Each public name can be had, `dir` lists them, and any other is refused as usual."""
    face = importlib.import_module(package)
    assert {name for name in face.__all__ if not hasattr(face, name)} == set()
    assert set(face.__all__) <= set(dir(face))
    with pytest.raises(AttributeError, match="no_such_name"):
        face.no_such_name  # noqa: B018 - the access is the test
