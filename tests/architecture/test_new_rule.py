"""A new wire rule is one file written by hand; one command writes what is made of it, and nothing else is touched."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from blastiq_conformance.catalogue import catalogue

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
COPIED = ("fake_idp", "blastiq_conformance", "tests", "docs", "README.md", "pyproject.toml")
# What looks at every rule, or at what is made of the rules.
LOOKING = ("test_rules.py", "test_shown_by.py", "test_references.py", "test_scenarios.py", "rules/test_words.py")
RULE = '''"""{id}: the client does not claim to be a proxy."""

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, quote, rule
from blastiq_conformance.catalogue.example_messages import SIGN_IN
from blastiq_conformance.evidence import TokenRequest, token_requests


@rule(
    id="{id}",
    level=Level.SHOULD_NOT,
    title="The token request does not claim to be forwarded for somebody",
    why="A server that trusts X-Forwarded-For takes the client for another one, and counts its requests there.",
    instead="Leave the header to proxies.",
    references=("A27",),
    bad=SIGN_IN.replace("\\n\\n", "\\nX-Forwarded-For: 192.0.2.1\\n\\n", 1),
    select=token_requests,
    reads=Part.HEADERS,
)
def forwarding_claimed(request: TokenRequest) -> Problems:
    """Find the header, whatever it says."""
    value = request.request.headers.get("x-forwarded-for")
    if value is not None:
        yield Problem(
            message="the token request claims to be forwarded for somebody",
            expected="no X-Forwarded-For header",
            received=f"X-Forwarded-For: {{quote(value)}}",
            parameter="X-Forwarded-For",
        )
'''


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    """A copy of the tree, with what was compiled of it."""
    kit = tmp_path / "kit"
    kit.mkdir()
    for name in COPIED:
        if (ROOT / name).is_dir():
            # Beside what is compiled stands, for a moment, what another worker is writing.
            shutil.copytree(ROOT / name, kit / name, ignore=shutil.ignore_patterns("*.pyc.*", "node_modules"))
        else:
            shutil.copy(ROOT / name, kit / name)
    return kit


def run(kit: Path, *words: str) -> subprocess.CompletedProcess[str]:
    # What watches this run is not to watch that one.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("COVERAGE_", "PYTEST_"))}
    command = [sys.executable, "-m", *words]
    return subprocess.run(command, cwd=kit, env=environment, capture_output=True, text=True, check=False)


def test_a_new_wire_rule_is_one_file(kit: Path) -> None:
    """With the rule's file and `python -m tests.regenerate`, all that looks at rules is content."""
    number = next(each for each in (f"BIQ{number}" for number in range(299, 200, -1)) if each not in catalogue())
    (kit / "blastiq_conformance/rules/request/forwarding.py").write_text(RULE.format(id=number), encoding="utf-8")
    tests = [f"tests/judge/{name}" for name in LOOKING] + ["tests/architecture/test_pointers.py"]
    written = run(kit, "tests.regenerate")
    assert written.returncode == 0, written.stderr
    judged = run(kit, "pytest", "-q", "-p", "no:cacheprovider", *tests)
    assert judged.returncode == 0, judged.stdout
    for page in ("docs/rules.md", "docs/proof.md", "tests/judge/rules/words.txt"):
        assert number in (kit / page).read_text(encoding="utf-8")
