"""What is printed passes one function: whoever prints in another way shows anybody's text as it came."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.test_rooms import FILES, module_name

_CLI = "blastiq_conformance.cli"
# The printer itself, the ends of a command (their words are ours or the system's), what shows a bar, and those whose
# words hold nothing of anybody's: a trace without messages, the enclosure's refusals.
_MAY_PRINT = {
    f"{_CLI}.output",
    f"{_CLI}.ending",
    f"{_CLI}.progress",
    "blastiq_conformance.__main__",
    "blastiq_conformance.proxy.enclosure",
    "fake_idp.__main__",
    "fake_idp.system.fault_trace",
}
# What they show is made of plain text already: reports, a JSON dump, the pages of the kit's own rules.
_MAY_SHOW = {f"{_CLI}.{name}" for name in ("output", "catalogue", "scan", "token")}


def _called(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


@pytest.mark.parametrize("path", FILES, ids=module_name)
def test_only_the_printer_prints(path: Path) -> None:
    """`say` and `tell` make plain what they are given; `show` does not, and few may call it."""
    names = set(_called(path))
    ways = {name for name in names if name in {"print", "click.echo", "click.secho"}}
    ways |= {
        name for name in names if name.startswith(("sys.stdout.write", "sys.stderr.write")) or "console.print" in name
    }
    if module_name(path) not in _MAY_PRINT:
        assert ways == set()
    if module_name(path) not in _MAY_SHOW:
        assert "show" not in names & {"show", "output.show"} or not module_name(path).startswith(_CLI)
