"""What both programs that start a fake do: its configuration, what is told at the start, why it cannot start."""

import errno
import json
import os
import secrets
import shlex
import socket
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

import click

from fake_idp.http.server import Listener
from fake_idp.journal import Journal
from fake_idp.secrets.search import Secret
from fake_idp.server_config import ANY_NAME, Flavour, Mode, ServerConfig, ServiceUser
from fake_idp.system.fault_trace import shortage
from fake_idp.system.loopback import is_loopback
from fake_idp.system.plain_text import plain
from fake_idp.system.whole_file import write_whole


def set_up(
    users: tuple[ServiceUser, ...], host: str, *, mode: str, flavour: str, client_id: str, origins: tuple[str, ...]
) -> ServerConfig:
    """Give the configuration that options of a fake ask for, of a fake for these users."""
    return ServerConfig(
        users=users,
        mode=Mode(mode),
        flavour=Flavour(flavour),
        client_id=client_id,
        intercepted=called_names(host),
        allow_origins=frozenset(origins),
    )


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


def announce(
    stack: ExitStack, path: Path, listener: Listener, user: ServiceUser, more: Mapping[str, str] | None = None
) -> None:
    """Write the ready file, which tells the program that started a fake where it answers and who may sign in.

    It is written whole, so that a reader finds all of it, and removed with the stack; only its owner may read it, since
    it holds the password. `more` are members that the starting program adds.

    Raises:
        UsageError: the folder is missing or cannot be written.
    """
    told = {
        "authority": listener.authority,
        "api_url": listener.api_url,
        "pid": os.getpid(),
        "username": user.username,
        "password": user.password,
    } | dict(more or {})
    try:
        write_whole(path, (json.dumps(told, indent=2) + "\n").encode(), private=True)
    except OSError as error:
        what = plain(f"the ready file {path} cannot be written: {error.strerror or error}")
        raise click.UsageError(f"{what}; it must name a file, in a folder that exists and may be written") from None
    stack.callback(path.unlink, missing_ok=True)


def refusal(error: OSError, host: str, port: int) -> click.UsageError:
    """Say what to do if the port cannot be had."""
    place = plain(f"cannot listen on {host} port {port}: ")
    if (lack := shortage(error)) and not (port and error.errno == errno.EADDRINUSE):
        return click.UsageError(f"{place}{lack}")
    # Another port does not help against a wrong name or address.
    ours = isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL
    advice = "--host must be an address of this machine" if ours else "choose another --port, 0 takes any"
    return click.UsageError(f"{place}{error.strerror or error}; {advice}")
