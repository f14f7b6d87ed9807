"""The known kinds of wrong client, one flaw each: every one is caught, by the rules that should and by no other.

Here each is played where its flaw shows, in the control, and in three scenarios more; `tests.clients.prove` plays all.
"""

from pathlib import Path

import pytest

from tests.clients.drawn import drawn
from tests.clients.due import DUE
from tests.clients.flawed.mutant import flaws
from tests.clients.launch import mutant
from tests.clients.verdict import judge

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("flaw", DUE)
def test_a_flaw_is_caught_by_its_rules_and_by_no_other(flaw: str, tmp_path: Path, workshop: Path) -> None:
    """The rules that are due fail, with their severities, and nothing beside them."""
    due = DUE[flaw]
    declared = {"concurrency": due.concurrency} if due.concurrency else {}
    chosen = dict.fromkeys([*due.scenarios.split(), *drawn(flaw, attended="--attended" in due.options)])
    verdict = judge(mutant(flaw), tmp_path, workshop, scenarios=chosen, options=due.options, **declared)
    perhaps = set(due.perhaps.split())
    assert verdict.errors - perhaps == set(due.errors.split()), verdict.text
    assert verdict.warnings - perhaps == set(due.warnings.split()), verdict.text
    verdict.keep()


def test_the_core_without_a_flaw_is_not_accused(tmp_path: Path, workshop: Path) -> None:
    """What a flaw is caught by is the flaw's doing: the core under it gets no error and no warning in any scenario."""
    verdict = judge(mutant(""), tmp_path, workshop)
    assert (verdict.errors, verdict.warnings, verdict.exit_code) == (set(), set(), 0), verdict.text
    verdict.keep()


def test_the_core_is_not_accused_under_production_names(tmp_path: Path, workshop: Path) -> None:
    """Over TLS and through the proxy, right certificates are taken and wrong ones refused."""
    slugs = ["sign-in", "endpoint-http", "redirects", "tls-untrusted", "tls-wrong-name", "tls-future", "tls-old"]
    verdict = judge(mutant(""), tmp_path, workshop, scenarios=slugs, options=("--intercept",))
    assert (verdict.errors, verdict.warnings, verdict.exit_code) == (set(), set(), 0), verdict.text
    verdict.keep()


def test_every_flaw_is_due() -> None:
    """A flaw that no row expects would be written and never caught."""
    assert dict(flaws()).keys() == DUE.keys()
