"""What is typed and told where a fake is started: users, addresses, a first call, warnings, the ready file."""

import json
import os
import secrets
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

from fake_idp.http.server import Listener
from fake_idp.journal import Journal
from fake_idp.oidc.attempt import MAX_LENGTH
from fake_idp.secrets.redact import Secret
from fake_idp.server_config import ANY_NAME, ServerConfig, ServiceUser
from fake_idp.system.loopback import is_loopback
from fake_idp.system.whole_file import write_whole

STANDARD_INPUT = "-"
# A test has a handful of users, not a directory of them.
_LARGEST = 1 << 20


def parse_user(text: str) -> ServiceUser:
    """Read NAME:PASSWORD[:SITE]. A password that holds a colon needs the site, or a colon at the end, after it.

    Raises:
        ValueError: no name or no password, or one that the product refuses; the text never repeats the password.
    """
    name, colon, rest = text.partition(":")
    password, site = rest, ""
    if ":" in rest:
        password, _, site = rest.rpartition(":")
    if not name.strip() or not colon or not password.strip():
        raise ValueError("expected NAME:PASSWORD or NAME:PASSWORD:SITE, with neither name nor password blank")
    if max(len(name), len(password)) > MAX_LENGTH:
        raise ValueError(
            f"expected a name and a password of at most {MAX_LENGTH} characters each: the product refuses longer ones"
        )
    user = ServiceUser(username=name, password=password)
    return replace(user, site=site) if site else user


# Every user of the machine can see a password on a command line.
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


def random_user(journal: Journal) -> ServiceUser:
    """Make a Service User that is worth nothing elsewhere, and remember its secrets as issued."""
    user = ServiceUser(username=f"svc-{secrets.token_hex(10)}", password=secrets.token_urlsafe(24))
    journal.issue(Secret("username", user.username))
    journal.issue(Secret("password", user.password))
    return user


def start_text(listener: Listener, user: ServiceUser, *, given: bool, more: Sequence[str] = ()) -> str:
    """Say where the fake answers and how to try it; a password that was `given` is not repeated.

    `more` are lines that the starting program adds.
    """
    config = listener.idp.config
    return "\n".join(
        [
            f"A fake BlastIQ answers here (flavour {config.flavour}, mode {config.mode}).",
            "",
            f"  authority   {listener.authority}",
            f"  discovery   {listener.discovery_url}",
            *([f"  authorize   {listener.authority}/connect/authorize"] if config.attended else []),
            f"  token       {listener.token_url}",
            f"  API         {listener.api_url}",
            f"  client id   {config.client_id}",
            f"  user        {user.username}",
            f"  password    {'as given' if given else user.password}",
            "",
            *(_opened(listener, config) if config.attended else _called(listener, config, user, given=given)),
            f'  curl -H "Authorization: Bearer $TOKEN" {listener.api_url}    # with the access_token of that answer',
            "",
            *more,
            "Ctrl-C ends it.",
        ]
    )


def _called(listener: Listener, config: ServerConfig, user: ServiceUser, *, given: bool) -> tuple[str, ...]:
    password = '"password=$PASSWORD"' if given else shlex.quote(f"password={user.password}")
    return (
        "Try it, with the password in the variable PASSWORD:" if given else "Try it:",
        f"  curl -d grant_type=password -d {shlex.quote(f'client_id={config.client_id}')} \\",
        f"    --data-urlencode {shlex.quote(f'username={user.username}')} --data-urlencode {password} \\",
        f"    {listener.token_url}",
    )


def _opened(listener: Listener, config: ServerConfig) -> tuple[str, ...]:
    # A person types the password on the login page: a password grant would be a finding of its own here (BIQ901).
    asked = {"response_type": "code", "client_id": config.client_id, "redirect_uri": "http://127.0.0.1/"}
    address = f"{listener.authority}/connect/authorize?{urlencode(asked | {'scope': ' '.join(config.scopes)})}"
    return (
        "Let your program open this in the system's browser, with a redirect_uri, state and code_challenge of its own,",
        "and sign in as that user; the program exchanges the code that comes back:",
        f"  {address}",
    )


def called_names(host: str) -> frozenset[str]:
    """Give the names, besides loopback, by which a fake on that address is called: its issuer follows them.

    Otherwise discovery would name the fixed authority, and a client in a container would call that.
    """
    if is_loopback(host):
        return frozenset()
    every = host in {"", "0.0.0.0", "::"}  # noqa: S104 - compared, not bound
    return frozenset({ANY_NAME if every else host.lower()})


def reach_warning(host: str) -> str:
    """Warn about an address that others can reach; empty for loopback."""
    if is_loopback(host):
        return ""
    return (
        f"WARNING: {host or 'every address'} can be reached by other machines. This is a test server: "
        "it shows and records passwords and gives out tokens. Never let a real password be sent to it."
    )


def write_ready(path: Path, listener: Listener, user: ServiceUser, more: Mapping[str, str] | None = None) -> None:
    """Write the ready file, which tells the program that started a fake where it answers and who may sign in.

    It is written whole, so that a reader finds all of it; only its owner may read it, since it holds the password.

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
