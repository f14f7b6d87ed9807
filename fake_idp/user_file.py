"""Service Users from a file or standard input: every user of the machine can see a password on a command line."""

import sys
from pathlib import Path

from fake_idp.console import parse_user
from fake_idp.server_config import ServiceUser

STANDARD_INPUT = "-"
# A test has a handful of users, not a directory of them.
_LARGEST = 1 << 20


def read_users(file: str) -> tuple[ServiceUser, ...]:
    """Read a line NAME:PASSWORD[:SITE] for each user; empty lines and those that begin with # are skipped.

    Raises:
        ValueError: it cannot be read, or holds no user; the text names the line and never repeats it.
    """
    name = "standard input" if file == STANDARD_INPUT else file
    try:
        text = _content(file).decode("utf-8-sig")
    except OSError as error:
        raise ValueError(f"{name} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise ValueError(f"{name} is not text in UTF-8; write the users anew, one NAME:PASSWORD a line") from None
    users = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            try:
                users.append(parse_user(line))
            except ValueError as error:
                raise ValueError(f"{name}, line {number}: {error}") from None
    if not users:
        raise ValueError(f"{name} holds no user; expected a line NAME:PASSWORD or NAME:PASSWORD:SITE for each")
    return tuple(users)


def _content(file: str) -> bytes:
    if file == STANDARD_INPUT:
        content = sys.stdin.buffer.read(_LARGEST + 1)
    else:
        with Path(file).open("rb") as stream:
            content = stream.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise OSError("it is larger than 1 MiB, which no list of users is")
    return content
