"""What README and docs tell a reader to type works, with the demo as integration."""

import gzip
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from zipfile import ZipFile

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from blastiq_conformance.catalogue.example_messages import SIGN_IN
from blastiq_conformance.cli.targets import DEMO
from tests.judge.cli.pages import PAGES, ROOT, commands, lines, pipelines
from tests.judge.cli.shell import BLASTIQ, called

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="the integration, and the lines, are those of a POSIX shell"),
]


def write_integration(folder: Path) -> None:
    integration = folder / "my-integration"
    integration.write_text(f"#!/bin/sh\nexec {shlex.join(DEMO)}\n")
    integration.chmod(0o755)


def in_ci() -> Iterator[str]:
    """Give what docs/ci.md and docs/run.md say, and the steps of the services, to judge an integration."""
    ci = PAGES[ROOT / "docs" / "ci.md"]
    merged = re.search(r"^\$ .*part-1.*\n\$ .*part-2.*\n\$ .*part-1.*part-2.*$", ci, re.MULTILINE)
    assert merged is not None
    yield merged[0].replace("$ ", "").replace("\n", " && ")
    judging = [*lines(ci), *lines(PAGES[ROOT / "docs" / "run.md"]), *pipelines()]
    yield from (line for line in judging if "-- ./my-integration" in line and "part-" not in line)


@pytest.mark.parametrize("line", list(dict.fromkeys(in_ci())))
def test_what_a_ci_job_says_works(tmp_path: Path, line: str) -> None:
    """With the demo as integration, in a folder of its own; in one scenario, where none is named."""
    write_integration(tmp_path)
    quick = line if "--scenario" in line else line.replace("blastiq run ", "blastiq run --quick ")
    quick = quick.replace("pip install blastiq-conformance", "true")
    functions = f'blastiq() {{ {shlex.join(BLASTIQ)} "$@"; }}\n'
    done = subprocess.run(
        ["sh", "-euc", functions + quick], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for file in re.findall(r"(?:--report|--to) \S+?=(\S+)|--bundle (\S+)", line):
        name = "".join(file)
        assert name == "-" or (tmp_path / name).stat().st_size


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with everything that the pages name."""
    write_integration(tmp_path)
    real = ROOT / "tests" / "judge" / "sources" / "real"
    right = ROOT / "cassettes" / "good" / "httpx-sync--identityserver4-4.1.2.har"
    (tmp_path / "cassettes").mkdir()
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "app.whl").write_bytes(b"a wheel")
    for source, name in (
        (right, "trace.har"),
        (right, "recording.har"),
        (right.with_suffix(".yaml"), "cassettes/sign-in.yaml"),
        (real / "postman-right.json", "collection.json"),
        (real / "postman-environment.json", "environment.json"),
    ):
        shutil.copy(source, tmp_path / name)
    (tmp_path / "sign-in.http").write_text(SIGN_IN.replace("POST /", "POST https://www.blastiq.com/"))
    key = Ed25519PrivateKey.generate()
    (tmp_path / "vendor.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (tmp_path / "vendor.pub").write_bytes(
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    with chdir(tmp_path):
        called("run", "--quick", "--bundle", "evidence.zip", "--", "./my-integration")
    with ZipFile(tmp_path / "evidence.zip") as bundle:
        (tmp_path / "journal.jsonl.gz").write_bytes(gzip.compress(bundle.read("evidence/1/0001.jsonl")))
    for words in (
        ["init"],
        ["-c", "user.name=a", "-c", "user.email=a@mine.example", "commit", "--allow-empty", "-m", "a"],
    ):
        subprocess.run(["git", *words], cwd=tmp_path, capture_output=True, check=True)
    return tmp_path


@pytest.mark.parametrize("page", ["README.md", "docs/check.md", "docs/fidelity.md"])
def test_what_a_page_says_works(folder: Path, page: str) -> None:
    """Every line in turn, but for what stays up or asks; in one scenario, with the demo as integration."""
    for line in lines(PAGES[ROOT / page]):
        for words in commands(line.replace("node sync.js", "./my-integration")):
            if words[1] == "serve" or words[-1] == "-":
                continue
            quick = ["--quick"] if words[1] == "run" else []
            with chdir(folder):
                done = called(words[1], *quick, *words[2:])
            assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
