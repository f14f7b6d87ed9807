"""Files that a person names are read in one place, which bounds them."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.test_rooms import FILES, module_name, tree

# Where files come in that somebody names.
_ROOMS = tuple(
    f"blastiq_conformance.{room}"
    for room in ("bundle", "cli", "config", "recordings", "redaction", "report", "scan", "sources")
)
_READS = frozenset({"read_text", "read_bytes"})
# The digest of the rules reads the kit's own modules.
_OWN = frozenset({"blastiq_conformance.report.rule_set"})
_HELD = [each for each in FILES if module_name(each).startswith(_ROOMS) and module_name(each) not in _OWN]


def _reading(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            whose = ast.unparse(node.func.value)
            mode = node.args[0] if node.args else None
            opens = node.func.attr == "open" and isinstance(mode, ast.Constant) and "r" in str(mode.value)
            reads = node.func.attr in _READS and whose != "given_file"
            if reads or opens:
                yield f"{path}:{node.lineno}: {ast.unparse(node)}"


def test_nobody_else_reads_a_file() -> None:
    """`given_file` refuses what is not a regular file or too large; whoever opens one may wait, or fill memory."""
    assert [place for path in _HELD for place in _reading(path)] == []
