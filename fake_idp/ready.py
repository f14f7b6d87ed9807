"""The ready file: where a fake answers and who may sign in, for the program that started it."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from fake_idp.http.server import Listener
from fake_idp.server_config import ServiceUser
from fake_idp.system.whole_file import write_whole


def write_ready(path: Path, listener: Listener, user: ServiceUser, more: Mapping[str, str] | None = None) -> None:
    """Write the file whole, so that a reader finds all of it; only its owner may read it, since it holds the password.

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
    write_whole(path, (json.dumps(told, indent=2) + "\n").encode(), private=True)
