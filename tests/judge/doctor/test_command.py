"""Whether a command can be started, found out without starting it."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from blastiq_conformance.doctor import Machine, Status
from tests.judge.doctor.patients import check, program


def test_a_command_is_resolved_and_not_started(machine: Machine, tmp_path: Path) -> None:
    """On PATH, by a path relative to the folder, or in full; nothing of it runs."""
    path = program(tmp_path / "app", f"#!/bin/sh\ntouch {tmp_path}/started\n")
    for word in ("app", "./app", str(path)):
        assert check("command", machine, (word,), PATH=str(tmp_path)).status is Status.OK
    assert not (tmp_path / "started").exists()


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("no-such", "there is no command 'no-such'"),
        ("./no-such", "there is no command './no-such'"),
        ("plain", "plain may not be executed"),
        ("./plain", "plain may not be executed"),
        ("./folder", "folder is a folder"),
        ("./no-line", "is not a program that this system can run"),
        ("./orphan", "the interpreter in its first line does not"),
        ("./asking", "asks for 'no-such-runtime'"),
        ("beside", "Write ./beside instead"),
    ],
)
def test_a_command_that_cannot_start(machine: Machine, tmp_path: Path, word: str, said: str) -> None:
    """Each reason in its own words."""
    there = tmp_path / "work"
    (there / "folder").mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    for place in (there, tmp_path / "bin"):
        program(place / "plain", "#!/bin/sh\n", 0o644)
    program(there / "no-line", "echo\n")
    program(there / "orphan", "#!/no/such/interpreter\n")
    program(there / "asking", "#!/usr/bin/env -S A=1 no-such-runtime --flag\n")
    program(there / "beside", "#!/bin/sh\n")
    found = check("command", replace(machine, folder=there), (word,), PATH=str(tmp_path / "bin"))
    assert found.status is Status.PROBLEM
    assert said in found.found
    assert found.advice


def test_programs_of_all_kinds_can_start(machine: Machine, tmp_path: Path) -> None:
    """What is not text may be any format that the system knows; what `env` is asked for is on PATH."""
    (tmp_path / "binary").write_bytes(b"\x7fELF\0")
    (tmp_path / "binary").chmod(0o755)
    program(tmp_path / "runtime", "#!/bin/sh\n")
    program(tmp_path / "asking", "#!/usr/bin/env runtime\n")
    for word in ("binary", "asking"):
        assert check("command", machine, (word,), PATH=str(tmp_path)).status is Status.OK


def test_a_working_directory_that_is_not_there(machine: Machine, tmp_path: Path) -> None:
    """It is the directory that is named, not the command."""
    gone = replace(machine, folder=tmp_path / "gone")
    assert "working directory" in check("command", gone, ("./app",)).found


def test_a_program_that_may_be_executed_and_not_read(machine: Machine, tmp_path: Path) -> None:
    """What cannot be looked into gets the benefit of the doubt."""
    path = program(tmp_path / "sealed", "#!/no/such/interpreter\n", 0o111)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    assert check("command", machine, ("./sealed",)).status is Status.OK
