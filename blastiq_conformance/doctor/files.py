"""Files and folders of a set-up: certificates, the folder for temporary files, the configuration."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from blastiq_conformance.doctor.check import Check, problem
from blastiq_conformance.given_file import is_folder, opened
from blastiq_conformance.proxy import CA_VARIABLES

_CERTIFICATES = (*CA_VARIABLES, "SSL_CERT_DIR")


def check_certificates(environment: Mapping[str, str]) -> Check:
    """Check that variables that name certificates name something that can be read."""
    given = {name: environment[name] for name in _CERTIFICATES if environment.get(name)}
    # OpenSSL accepts several folders, as in PATH.
    wrong = [f"{name}={path}" for name, path in given.items() if not any(map(_is_readable, _paths(name, path)))]
    if wrong:
        return problem(
            "certificates",
            f"what is named cannot be read: {', '.join(wrong)}.",
            "Unset the variable or correct the path: many clients fail at their start without it, on plain HTTP too.",
        )
    told = ", ".join(given)
    return Check(name="certificates", found=f"{told} can be read" if told else "no variable names other certificates")


def _paths(name: str, value: str) -> list[Path]:
    return [Path(part) for part in (value.split(os.pathsep) if name == "SSL_CERT_DIR" else [value]) if part]


def _is_readable(path: Path) -> bool:
    try:
        if is_folder(path):
            next(path.iterdir(), None)
        else:
            with opened(path):
                pass
    except OSError:
        return False
    return True


def check_temporary() -> Check:
    """Write a file in the folder for temporary files."""
    name, folder = "temporary-folder", ""
    try:
        folder = tempfile.gettempdir()
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"blastiq")
            file.flush()
    except OSError as error:
        return problem(
            name,
            f"{folder or 'the folder for temporary files'} cannot be written: {error.strerror or error}.",
            "Make room, or set TMPDIR to a folder that exists and can be written.",
        )
    return Check(name=name, found=f"{folder} can be written")


def check_config(folder: Path) -> Check:
    """Read the configuration of a folder, if there is one."""
    from blastiq_conformance.config import ConfigError, find, read

    name = "configuration"
    try:
        file = find(folder)
        if file is None:
            return Check(name=name, found="there is none in this folder, and none is needed")
        read(file)
    except (ConfigError, OSError) as error:
        return problem(
            name,
            f"{error}",
            "Correct the file; `blastiq init` writes one that is right.",
        )
    return Check(name=name, found=f"{file.name} can be read")
