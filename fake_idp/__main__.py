"""`python -m fake_idp`: a fake BlastIQ identity server that stays up until it is told to end."""

import argparse
import gc
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import TextIO

from fake_idp.attempt import MAX_LENGTH
from fake_idp.console import called_names, parse_user, random_user, reach_warning, start_text
from fake_idp.core import FakeIdp
from fake_idp.fault_trace import guard
from fake_idp.journal import Journal
from fake_idp.plain_text import plain
from fake_idp.ready import write_ready
from fake_idp.server import Server
from fake_idp.tenant import Flavour, Mode, ServiceUser, Tenant, for_people

_USAGE, _INTERRUPTED = 2, 130
# The journal only grows, and a request leaves no cycles behind: to look for some after each twenty requests, as is the
# default, takes a sixth of the time that a request has.
_NEW_OBJECTS = 50_000


def main(argv: list[str] | None = None) -> int:
    """Serve until SIGINT (130) or SIGTERM (0); 2 where the address cannot be had or the ready file be written."""
    options = _parser().parse_args(argv)
    journal = Journal()
    users: list[ServiceUser] = options.user or [random_user(journal)]
    tenant = Tenant(
        users=tuple(users),
        mode=Mode(options.mode),
        flavour=Flavour(options.flavour),
        client_id=options.client_id,
        intercepted=called_names(options.host),
    )
    if options.attended:
        tenant = for_people(tenant)
    ended = _Ended()
    with Server(host=options.host) as server:
        try:
            listener = server.serve(FakeIdp(tenant, journal=journal), port=options.port)
        except OSError as error:
            return _fail(
                f"cannot listen on {options.host} port {options.port}: {error.strerror or error}. "
                "Choose another --port (0 takes any free one) or an address of this machine as --host."
            )
        if warning := reach_warning(options.host):
            _say(warning, sys.stderr)
        _say(start_text(listener, users[0], given=bool(options.user)), sys.stdout)
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
            code = ended.wait()
        finally:
            if ready is not None:
                ready.unlink(missing_ok=True)
    return code


class _Ended:
    """Waits for the signal that ends the program."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._code = 0
        signal.signal(signal.SIGINT, self._note)
        signal.signal(signal.SIGTERM, self._note)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self._code = _INTERRUPTED if number == signal.SIGINT else 0
        self._event.set()

    def wait(self) -> int:
        """Give the exit code, once there is one."""
        self._event.wait()
        return self._code


def _fail(message: str) -> int:
    _say(plain(f"fake_idp: {message}"), sys.stderr)
    return _USAGE


def _say(text: str, stream: TextIO) -> None:
    stream.write(text + "\n")
    stream.flush()


def _user(text: str) -> ServiceUser:
    try:
        return parse_user(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"expected a number from 0 (any free port) to 65535, not {text!r}")
    return int(text)


def _client_id(text: str) -> str:
    if not text.strip() or len(text) > MAX_LENGTH:
        raise argparse.ArgumentTypeError(
            f"expected 1 to {MAX_LENGTH} characters, not all blank: the product takes no other"
        )
    return text


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m fake_idp",
        description="A fake BlastIQ identity server for tests. It calls nobody.",
        epilog="It ends with 130 after Ctrl-C, 0 after SIGTERM, 2 where options, address or ready file are wrong.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine alone)")
    parser.add_argument("--port", type=_port, default=0, help="0 takes any free one (default)")
    parser.add_argument(
        "--user",
        type=_user,
        action="append",
        metavar="NAME:PASSWORD[:SITE]",
        help="a Service User, may be repeated (default: one with a random password); "
        "after a password that holds a colon put one more, with or without a site",
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
        type=_client_id,
        default=Tenant().client_id,
        help="the one client there is (default: %(default)s)",
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
    gc.set_threshold(_NEW_OBJECTS)
    sys.exit(main())
