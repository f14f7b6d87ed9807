"""Which rules judged: their number, and a digest that tells whether two kits judge alike."""

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from blastiq_conformance.report.shape import RuleSetShape


def rule_set(rules: Iterable[str], edition: str) -> RuleSetShape:
    """Give it for the rules of these ids, as an edition has them.

    The digest covers the ids and the whole source of the kit: everything that a rule says, checks and advises, and that
    selects its subjects, compares and explains its findings. A list of the modules that judge would miss the next one.
    """
    ordered = sorted(rules)
    digest = hashlib.sha256(_source() + " ".join(ordered).encode())
    return {"edition": edition, "count": len(ordered), "digest": f"sha256:{digest.hexdigest()}"}


@cache
def _source() -> bytes:
    return digest_modules(files(package) for package in ("blastiq_conformance", "fake_idp"))


def digest_modules(packages: Iterable[Traversable]) -> bytes:
    """Digest the modules in these folders: the same for a checkout, a wheel and a zip, whatever ends their lines."""
    digest = hashlib.sha256()
    for name, module in sorted(found for package in packages for found in _modules(package, package.name)):
        source = module.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{name} {len(source)}\n".encode() + source)
    return digest.digest()


def _modules(folder: Traversable, name: str) -> Iterator[tuple[str, Traversable]]:
    for item in folder.iterdir():
        inside = f"{name}/{item.name}"
        if item.is_dir():
            yield from _modules(item, inside)
        elif item.name.endswith(".py"):
            yield inside, item
