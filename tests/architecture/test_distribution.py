"""How the kit is had: packages, the same bytes twice; actions, hooks and deployments that their schemas know."""

import re
import shlex
import tarfile
import tomllib
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import click
import kubernetes_validate
import pytest
import yaml
from check_jsonschema import main as check_jsonschema
from click.testing import CliRunner
from hatchling.build import build_sdist, build_wheel

from blastiq_conformance.cli import blastiq
from tests.architecture.test_release import ROOT

ACTION, RELEASE = "action.yml", ".github/workflows/release.yml"
COMPOSE, KUBERNETES = "packaging/deploy/compose.yaml", "packaging/deploy/kubernetes.yaml"
GITLAB, HOOKS, CONTAINER = "templates/blastiq.yml", ".pre-commit-hooks.yaml", "Containerfile"
_CHECKED = [
    ("vendor.github-actions", ACTION),
    ("vendor.github-workflows", RELEASE),
    ("vendor.compose-spec", COMPOSE),
]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def known(words: list[str]) -> set[str]:
    """Give the options of a command of the kit; fails where there is no such command."""
    command = blastiq.get_command(click.Context(blastiq), words[1])
    assert command is not None, words
    return {name for parameter in command.params for name in parameter.opts}


def calls(text: str) -> Iterator[list[str]]:
    """Give the calls of `blastiq run` in a script."""
    for line in re.sub(r"\\\n", " ", text).splitlines():
        if match := re.search(r"\bblastiq\"? run .*", line):
            yield ["blastiq", *re.sub(r"\$\S+|\|\|.*", "x", match[0]).replace('"', "").split()[1:]]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a wheel and an sdist."""
    return build(tmp_path_factory.mktemp("one"))


def build(folder: Path) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        build_wheel(str(folder))
        build_sdist(str(folder))
    return folder


@pytest.mark.unmeasured
def test_packages_are_the_same_bytes_twice(built: Path, tmp_path: Path) -> None:
    """Whoever builds them from the same source can tell that they are what they claim to be."""
    again = build(tmp_path)
    assert {x.name: x.read_bytes() for x in built.iterdir()} == {x.name: x.read_bytes() for x in again.iterdir()}


def test_the_wheel_holds_the_kit_and_nothing_else(built: Path) -> None:
    """Both names of the command, the types, the licence; no test, no benchmark."""
    (wheel,) = built.glob("*.whl")
    with ZipFile(wheel) as archive:
        names = archive.namelist()
        (info,) = [name.partition("/")[0] for name in names if name.endswith("/METADATA")]
        metadata = message_from_bytes(archive.read(f"{info}/METADATA"))
        points = archive.read(f"{info}/entry_points.txt").decode()
    assert {name.partition("/")[0] for name in names} == {"blastiq_conformance", "fake_idp", info}
    assert {"blastiq_conformance/py.typed", "fake_idp/py.typed", f"{info}/licenses/LICENSE"} <= set(names)
    assert re.findall(r"^(\S+) = blastiq_conformance.__main__:main$", points, re.MULTILINE) == [
        "blastiq",
        "blastiq-conformance",
    ]
    assert (metadata["License-Expression"], metadata["Description-Content-Type"]) == ("MIT", "text/markdown")
    assert metadata["Requires-Python"] == ">=3.11"


def test_the_sdist_can_be_tested(built: Path) -> None:
    """It brings the tests and what they read, and nothing that git ignores."""
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        tops = {name.split("/")[1] for name in archive.getnames() if "/" in name}
    assert {"tests", "docs", "cassettes", "blastiq_conformance", "fake_idp", "pyproject.toml"} <= tops
    assert not tops & {".venv", "dist", ".git", ".mypy_cache"}


@pytest.mark.parametrize(("schema", "name"), _CHECKED)
def test_a_file_for_a_service_meets_its_schema(schema: str, name: str) -> None:
    """By the schema that the service publishes, as check-jsonschema ships it."""
    done = CliRunner().invoke(check_jsonschema, ["--builtin-schema", schema, str(ROOT / name)])
    assert done.exit_code == 0, done.output


def test_the_component_meets_the_schema_of_gitlab(tmp_path: Path) -> None:
    """With its inputs put in, as GitLab does before it reads the file; each has a default or is asked for by name."""
    head, _, body = read(GITLAB).partition("\n---\n")
    inputs: dict[str, Any] = yaml.safe_load(head)["spec"]["inputs"]
    used = set(re.findall(r"\$\[\[ inputs\.(\w+) \]\]", body))
    assert used == set(inputs)
    pipeline = tmp_path / "pipeline.yml"
    pipeline.write_text(re.sub(r"\$\[\[ inputs\.(\w+) \]\]", lambda match: str(inputs[match[1]]["default"]), body))
    done = CliRunner().invoke(check_jsonschema, ["--builtin-schema", "vendor.gitlab-ci", str(pipeline)])
    assert done.exit_code == 0, done.output


def test_the_deployment_meets_the_schema_of_kubernetes() -> None:
    """Strictly: a member that Kubernetes does not know would be dropped in silence."""
    for resource in yaml.safe_load_all(read(KUBERNETES)):
        kubernetes_validate.validate(resource, kubernetes_validate.latest_version(), strict=True)


@pytest.mark.parametrize("name", [ACTION, RELEASE])
def test_actions_are_pinned_by_commit(name: str) -> None:
    """A tag can be moved to other code; the comment says which version the commit is."""
    used = re.findall(r"uses: (\S+)(.*)", read(name))
    assert used
    for action, comment in used:
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action), action
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment), action


@pytest.mark.parametrize("name", [ACTION, GITLAB])
def test_what_a_service_runs_is_a_command_of_the_kit(name: str) -> None:
    """With options that it has, and report formats that it writes."""
    (call,) = calls(read(name))
    assert {word for word in call if word.startswith("--") and word != "--"} <= known(call)


def test_hooks_are_commands_of_the_kit() -> None:
    """pre-commit adds the names of files to them."""
    hooks = yaml.safe_load(read(HOOKS))
    assert [known(shlex.split(hook["entry"])) != set() for hook in hooks] == [True, True]
    assert {hook["language"] for hook in hooks} == {"python"}
    (check,) = [hook for hook in hooks if hook["id"] == "blastiq-check"]
    chosen = re.compile(check["files"])
    right = ["a/trace.har", "x.http", "cassettes/a/b.yaml", "tests/cassettes/x.yml", "a.postman_collection.json"]
    assert [bool(chosen.search(name)) for name in (*right, "a.yaml", "package.json", "my-cassettes-x.txt")] == [
        *[True] * 5,
        *[False] * 3,
    ]


@pytest.mark.parametrize("name", [CONTAINER, COMPOSE, KUBERNETES])
def test_a_container_is_told_by_variables_that_serve_reads(name: str) -> None:
    """A name that nobody reads would leave it on loopback, where no other container comes."""
    command = blastiq.get_command(click.Context(blastiq), "serve")
    assert command is not None
    read_by_serve = {option.envvar for option in command.params if option.envvar}
    named = set(re.findall(r"BLASTIQ_SERVE_\w+", read(name)))
    assert named
    assert named <= read_by_serve


def test_lower_bounds_are_stated() -> None:
    """Every dependency that a user gets says from which version on it is known to serve."""
    project = tomllib.loads(read("pyproject.toml"))["project"]
    assert [each for each in project["dependencies"] if not re.search(r">=\d", each)] == []
