"""Files and folders that a set-up names."""

import os
from pathlib import Path

import pytest

from blastiq_conformance.doctor import Status
from tests.judge.doctor.patients import Machine, check, fails


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"])
def test_certificates_that_are_not_there(machine: Machine, tmp_path: Path, variable: str) -> None:
    """A variable that names a missing file is named with it; one that names a file or a folder is well."""
    missing = check("certificates", machine, **{variable: str(tmp_path / "missing.pem")})
    assert missing.status is Status.PROBLEM
    assert f"{variable}={tmp_path / 'missing.pem'}" in missing.found
    assert "Unset" in missing.advice
    (there := tmp_path / "ca.pem").touch()
    assert check("certificates", machine, **{variable: str(there)}).status is Status.OK
    assert check("certificates", machine, **{variable: str(tmp_path)}).status is Status.OK
    assert check("certificates", machine, **{variable: ""}).status is Status.OK


def test_folders_of_certificates_may_be_several(machine: Machine, tmp_path: Path) -> None:
    """One that is there is enough."""
    folders = os.pathsep.join([str(tmp_path / "missing"), str(tmp_path)])
    assert check("certificates", machine, SSL_CERT_DIR=folders).status is Status.OK


def test_temporary_files_cannot_be_written(machine: Machine, tmp_path: Path) -> None:
    """A folder that is not there, or none at all."""
    machine.replace(temporary=lambda: str(tmp_path / "gone"))
    gone = check("temporary-folder", machine)
    assert gone.status is Status.PROBLEM
    assert f"{tmp_path / 'gone'} cannot be written" in gone.found
    assert "TMPDIR" in gone.advice
    machine.replace(temporary=fails)
    assert "Permission denied" in check("temporary-folder", machine).found


def test_a_configuration_that_cannot_be_read(machine: Machine, tmp_path: Path) -> None:
    """The fault of the file is passed on; one that is right is well."""
    file = tmp_path / "blastiq.toml"
    file.write_text("[[target]]\ncommand = [\n")
    found = check("configuration", machine)
    assert found.status is Status.PROBLEM
    assert str(file) in found.found
    file.write_text('[[target]]\ncommand = ["true"]\n')
    assert check("configuration", machine).found == "blastiq.toml can be read"
