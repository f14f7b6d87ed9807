"""What is printed passes one function: whoever prints in another way shows anybody's text as it came."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.test_rooms import FILES, module_name, tree

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
# What they show is made of plain text already: reports, a JSON dump, the kit's own pages, programs
# and schemas.
_MAY_SHOW = {f"{_CLI}.{name}" for name in ("output", "catalogue", "example", "scan", "token")}


_TOLD_BY = ("print", "echo", "secho", "write", "show")


def _called(path: Path) -> Iterator[str]:
    # To parse a file takes longer than to find none of these words in it.
    if not any(word in path.read_text(encoding="utf-8") for word in _TOLD_BY):
        return
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name.startswith(_TOLD_BY):
                yield ast.unparse(node.func)


def _prints(name: str) -> bool:
    written = name.startswith(("sys.stdout.write", "sys.stderr.write")) or "console.print" in name
    return written or name in {"print", "click.echo", "click.secho"}


def test_only_the_printer_prints() -> None:
    """`say` and `tell` make plain what they are given; `show` does not, and few may call it."""
    called = [(module_name(path), name) for path in FILES for name in _called(path)]
    assert {each for each in called if _prints(each[1]) and each[0] not in _MAY_PRINT} == set()
    shown = {module for module, name in called if name == "show" and module.startswith(_CLI)}
    assert shown <= _MAY_SHOW
