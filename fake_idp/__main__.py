"""`python -m fake_idp`: a fake BlastIQ identity server that stays up until it is told to end."""

import argparse
import errno
import gc
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import TextIO, TypeVar

from fake_idp.console import called_names, parse_user, random_user, reach_warning, read_users, start_text, write_ready
from fake_idp.core import FakeIdp
from fake_idp.http.server import Server
from fake_idp.journal import Journal
from fake_idp.oidc.attempt import MAX_LENGTH
from fake_idp.oidc.cors import parse_origin
from fake_idp.server_config import Flavour, Mode, ServerConfig, ServiceUser, for_people
from fake_idp.system.fault_trace import guard, shortage
from fake_idp.system.outlet import open_outlets
from fake_idp.system.plain_text import plain
from fake_idp.system.stop_signals import heed

T = TypeVar("T")

_USAGE, _STOPPED_BY = 2, 128
# A request leaves no cycles behind: looking for some after each twenty requests, as is the default, takes a sixth of
# the time of a request.
_NEW_OBJECTS = 50_000


def main(argv: list[str] | None = None) -> int:
    """Serve until a signal ends it; 2 if the address cannot be had or the ready file cannot be written."""
    options = _parser().parse_args(argv)
    # This program offers no way to ask for its journal.
    journal = Journal(keep=0)
    given: list[ServiceUser] = [*(options.user or ()), *options.user_file]
    users = given or [random_user(journal)]
    config = ServerConfig(
        users=tuple(users),
        mode=Mode(options.mode),
        flavour=Flavour(options.flavour),
        client_id=options.client_id,
        allow_origins=frozenset(options.allow_origin),
        intercepted=called_names(options.host),
    )
    if options.attended:
        config = for_people(config)
    # Not an Event with a code beside it: a queue may be written by a signal's handler at any moment.
    ends: SimpleQueue[int] = SimpleQueue()
    # Whoever is done with a server sends SIGTERM: it has done its work.
    heed(lambda number, _: ends.put(0 if number == signal.SIGTERM else _STOPPED_BY + number))
    with Server(host=options.host) as server:
        try:
            listener = server.serve(FakeIdp(config, journal=journal), port=options.port)
        except OSError as error:
            place = f"cannot listen on {options.host} port {options.port}: "
            if (lack := shortage(error)) and not (options.port and error.errno == errno.EADDRINUSE):
                return _fail(f"{place}{lack}")
            return _fail(
                f"{place}{error.strerror or error}. "
                "Choose another --port (0 takes any free one) or an address of this machine as --host."
            )
        if warning := reach_warning(options.host):
            _say(warning, sys.stderr)
        _say(start_text(listener, users[0], given=bool(given)), sys.stdout)
        ready: Path | None = options.ready_file
        if ready is not None:
            try:
                write_ready(ready, listener, users[0])
            except OSError as error:
                return _fail(
                    f"cannot write the ready file {ready}: {error.strerror or error}. "
                    "It must name a file, in a folder that exists and may be written."
                )
        try:
            code = ends.get()
        finally:
            if ready is not None:
                ready.unlink(missing_ok=True)
    return code


def _fail(message: str) -> int:
    _say(plain(f"fake_idp: {message}"), sys.stderr)
    return _USAGE


def _say(text: str, stream: TextIO) -> None:
    stream.write(text + "\n")
    stream.flush()


def _parsed(parse: Callable[[str], T]) -> Callable[[str], T]:
    """Let a ValueError say what is wrong: argparse would repeat the value in its place, which may be a password."""

    def parsed(text: str) -> T:
        try:
            return parse(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return parsed


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise ValueError(f"expected a number from 0 (any free port) to 65535, not {text!r}")
    return int(text)


def _client_id(text: str) -> str:
    if not text.strip() or len(text) > MAX_LENGTH:
        raise ValueError(f"expected 1 to {MAX_LENGTH} characters, not all blank: the product takes no other")
    return text


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m fake_idp",
        description="A fake BlastIQ identity server for tests. It calls nobody.",
        epilog="It ends with 0 after SIGTERM, 130 after Ctrl-C, 128 and its number after another signal, "
        "2 where options, address or ready file are wrong.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine alone)")
    parser.add_argument("--port", type=_parsed(_port), default=0, help="0 takes any free one (default)")
    parser.add_argument(
        "--user",
        type=_parsed(parse_user),
        action="append",
        metavar="NAME:PASSWORD[:SITE]",
        help="a Service User, may be repeated (default: one with a random password); "
        "after a password that holds a colon put one more, with or without a site. Whoever is on this machine sees the "
        "password in the list of processes: give one that opens anything by --user-file",
    )
    parser.add_argument(
        "--user-file",
        type=_parsed(read_users),
        default=(),
        metavar="FILE",
        help="Service Users, a line NAME:PASSWORD[:SITE] each; - reads standard input",
    )
    parser.add_argument(
        "--mode",
        choices=[mode.value for mode in Mode],
        default=Mode.MIMIC,
        help="mimic: answer as the product does, which ignores much that the article forbids (default); "
        "reject: refuse that, in an error that names the field",
    )
    parser.add_argument(
        "--flavour",
        choices=[flavour.value for flavour in Flavour],
        default=Flavour.IS4,
        help="what to imitate: IdentityServer4 v4 (default), IdentityServer4 v2, Duende IdentityServer",
    )
    parser.add_argument("--attended", action="store_true", help="let people sign in as well, with a browser")
    parser.add_argument(
        "--client-id",
        type=_parsed(_client_id),
        default=ServerConfig().client_id,
        help="the one client there is (default: %(default)s)",
    )
    parser.add_argument(
        "--allow-origin",
        type=_parsed(parse_origin),
        action="append",
        default=[],
        metavar="ORIGIN",
        help="pages of this origin may read answers (CORS), may be repeated (default: none, as the product has it)",
    )
    parser.add_argument(
        "--ready-file",
        type=Path,
        metavar="FILE",
        help="JSON with authority, api_url, pid, and username and password of the first user: "
        "written once the port answers, for its owner alone, and removed at the end",
    )
    return parser


if __name__ == "__main__":
    guard()
    open_outlets()
    gc.set_threshold(_NEW_OBJECTS)
    sys.exit(main())
