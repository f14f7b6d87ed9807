"""The ready file: where a fake answers and by whom it can be called, for the program that started it."""

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from fake_idp.server import Listener
from fake_idp.tenant import ServiceUser


def write_ready(path: Path, listener: Listener, user: ServiceUser, more: Mapping[str, str] | None = None) -> None:
    """Write the file whole: whoever sees it can read all of it; only its owner may, since it holds the password.

    `more` are members that the starting program adds.

    Raises:
        OSError: the folder is missing or cannot be written.
    """
    told = {
        "authority": listener.authority,
        "api_url": listener.api_url,
        "pid": os.getpid(),
        "username": user.username,
        "password": user.password,
    } | dict(more or {})
    # mkstemp gives 0600; in the same folder, since only there a rename is one step.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(told, file, indent=2)
            file.write("\n")
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
