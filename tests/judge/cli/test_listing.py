"""What commands list for machines, the schemas that they ship, and a recording by standard input."""

import json

import jsonschema
import pytest
from click.testing import CliRunner

from blastiq_conformance.catalogue import catalogue
from blastiq_conformance.cli import blastiq
from blastiq_conformance.scenarios import scenarios
from blastiq_conformance.schemas import names, schema_text
from tests.judge.cli.shell import called

CURL = (
    "curl -d grant_type=password -d username=svc.pit -d password=Wq5Nf8Ls3Kd6aB -d client_id=external.customer"
    " \\\n  -d audience=x https://www.blastiq.com/identity/connect/token\n"
)


@pytest.mark.parametrize(
    ("schema", "member", "args", "number"),
    [
        ("rules", "rules", ("rules",), len(catalogue())),
        ("rules", "rules", ("explain", "audience-sent"), 1),
        ("coverage", "sentences", ("rules", "--coverage"), 38),
        ("scenarios", "scenarios", ("scenarios",), len(scenarios())),
        ("doctor", "checks", ("doctor",), 7),
    ],
)
def test_what_is_listed_meets_its_schema(schema: str, member: str, args: tuple[str, ...], number: int) -> None:
    """All of it, and nothing that the schema does not know."""
    listed = json.loads(called(args[0], "--format", "json", *args[1:]).stdout)
    jsonschema.validate(listed, json.loads(called("schema", schema).stdout))
    assert len(listed[member]) == number


@pytest.mark.parametrize("name", names())
def test_every_schema_is_one(name: str) -> None:
    """Each is printed as it is shipped."""
    jsonschema.Draft202012Validator.check_schema(json.loads(schema_text(name)))
    assert called("schema", name).stdout == schema_text(name)


def test_a_schema_that_there_is_not() -> None:
    """Those that there are are listed."""
    done = called("schema", "no-such")
    assert done.returncode == 2
    assert all(f"'{name}'" in done.stderr for name in ("report", "config", "rules"))


def test_a_pasted_curl_line() -> None:
    """It is judged like a file, named for what it is, and is not to be entered again."""
    done = CliRunner().invoke(blastiq, ["check", "-"], input=CURL)
    assert done.exit_code == 1
    said = " ".join(done.stdout.split())
    assert "received standard input:1 POST /identity/connect/token (exchange 1): audience=x" in said
    assert "again" not in done.stdout
    assert "VIOLATES    standard input, profile article" in done.stdout


def test_standard_input_that_is_no_recording() -> None:
    """The message names no file of ours."""
    done = CliRunner().invoke(blastiq, ["check", "-"], input="hello")
    assert done.exit_code == 2
    assert done.stderr.startswith("blastiq check: standard input")
