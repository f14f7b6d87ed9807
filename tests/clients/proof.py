"""The page docs/proof.md: which wrong client is caught by which rules, from tables that the tests prove by running."""

import inspect
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from blastiq_conformance.catalogue import catalogue
from tests.clients.due import DUE
from tests.clients.fixes import FIXES
from tests.clients.flawed.mutant import flaws
from tests.clients.programs import FLAWED, GOOD


def mutants() -> Iterator[str]:
    """A row for each mutant: its flaw, the rules that catch it, the scenarios that show it."""
    yield "| mutant | what it does wrong | error | warning | scenarios |"
    yield "|---|---|---|---|---|"
    known = dict(flaws())
    for name, due in DUE.items():
        flaw = (inspect.getdoc(known[name]) or "").splitlines()[0].rstrip(".")
        yield f"| {name} | {flaw} | {_ids(due.errors)} | {_ids(due.warnings)} | {due.scenarios} |"


def libraries() -> Iterator[str]:
    """A row for each program whose library makes the mistake by itself."""
    yield "| program | error | warning |"
    yield "|---|---|---|"
    for client in FLAWED:
        yield f"| `{client.file}` | {_ids(client.errors)} | {_ids(client.warnings)} |"


def right_clients() -> Iterator[str]:
    """A row for each right client, with the warnings that its library cannot help."""
    yield "| program | warnings that its library cannot help |"
    yield "|---|---|"
    for client in GOOD:
        yield f"| `{client.file}` | {_ids(client.warnings) or 'none'} |"


def by_rule() -> Iterator[str]:
    """A row for each rule: the wrong clients that it catches."""
    caught: dict[str, list[str]] = defaultdict(list)
    for name, due in DUE.items():
        for number in {*due.errors.split(), *due.warnings.split()}:
            caught[number].append(name)
    for client in FLAWED:
        for number in {*client.errors.split(), *client.warnings.split()}:
            caught[number].append(f"`{client.file.removeprefix('flawed/')}`")
    yield "| rule | catches |"
    yield "|---|---|"
    for rule in catalogue().values():
        yield f"| {rule.id} {rule.name} | {', '.join(caught[rule.id[3:]]) or 'its own bad example'} |"


def fixes() -> Iterator[str]:
    """A row for each fix of a library, with the programs that were mended so."""
    programs: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for fix in FIXES:
        for number in fix.ids:
            programs[number, fix.library][Path(fix.program).name] = None
    yield "| rule | library | fix | run with |"
    yield "|---|---|---|---|"
    for rule in catalogue().values():
        for library, how in rule.fixes.items():
            names = ", ".join(f"`{name}`" for name in programs[rule.id, library]) or "not run"
            yield f"| {rule.id} | {library} | {how.replace('|', chr(92) + '|')} | {names} |"


def _ids(numbers: str) -> str:
    return ", ".join(f"BIQ{number}" for number in numbers.split())
