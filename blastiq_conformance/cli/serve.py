"""`blastiq serve`: a fake BlastIQ that stays up, each request judged as it arrives, a verdict at the end."""

import secrets
import shlex
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

import click

from blastiq_conformance.catalogue import Finding, Profile, Rule, Severity, catalogue
from blastiq_conformance.cleaner import Cleaner
from blastiq_conformance.cli.options import attended_option, client_id_option, tls_options
from blastiq_conformance.cli.output import publish, say
from blastiq_conformance.cli.secured import Secured, certify, demand, secure
from blastiq_conformance.control.cue import Cue, cue
from blastiq_conformance.control.director import Director
from blastiq_conformance.control.surface import HEADER, ROOT, Surface
from blastiq_conformance.evidence import Evidence, Facts
from blastiq_conformance.report import Report, assemble
from blastiq_conformance.runner.target import PRODUCTION_NAMES
from blastiq_conformance.runner.way import intercepted
from blastiq_conformance.scenarios.attended import UNATTENDED
from blastiq_conformance.watch import Watch, describe
from blastiq_conformance.writers import json
from fake_idp.console import called_names, parse_user, random_user, reach_warning, start_text
from fake_idp.core import FakeIdp
from fake_idp.journal import Connection, Exchange, Journal
from fake_idp.journal_file import JournalFile
from fake_idp.journal_redaction import JournalRedaction
from fake_idp.jsonl import Opening, Record
from fake_idp.ready import write_ready
from fake_idp.redact import Secret
from fake_idp.server import Listener, Server
from fake_idp.tenant import Flavour, Mode, ServiceUser, Tenant, for_people
from fake_idp.wire import Json


class User(click.ParamType[ServiceUser]):
    """NAME:PASSWORD[:SITE]."""

    name = "NAME:PASSWORD[:SITE]"

    def convert(
        self, value: str | ServiceUser, param: click.Parameter | None, ctx: click.Context | None
    ) -> ServiceUser:
        """Read one user; fails as a usage error that repeats no password."""
        if isinstance(value, ServiceUser):
            return value
        try:
            return parse_user(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


_EPILOG = f"""\b
While it runs it can be told what to do, on its own port; $TOKEN is control_token of the ready file, and stands in
the text at the start:
  curl -X POST   -H "{HEADER}: $TOKEN" $ORIGIN{ROOT}/scenario/refresh-rotated
  curl -X POST   -H "{HEADER}: $TOKEN" $ORIGIN{ROOT}/expire
  curl -X POST   -H "{HEADER}: $TOKEN" $ORIGIN{ROOT}/fault -d '{{"endpoint": "token", "status": 503, "calls": [1]}}'
  curl -X DELETE -H "{HEADER}: $TOKEN" $ORIGIN{ROOT}/fault
  curl           -H "{HEADER}: $TOKEN" $ORIGIN{ROOT}/journal
  curl           -H "{HEADER}: $TOKEN" $ORIGIN{ROOT}/verdict
"""


@click.command(epilog=_EPILOG)
@click.option("--host", default="127.0.0.1", show_default=True, help="Other addresses can be reached by others.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0 takes any free one (default).")
@click.option(
    "--mode",
    type=click.Choice([mode.value for mode in Mode]),
    default="mimic",
    show_default=True,
    help="Answer as BlastIQ or refuse.",
)
@click.option(
    "--flavour",
    type=click.Choice([flavour.value for flavour in Flavour]),
    default="is4",
    show_default=True,
    help="Product to imitate.",
)
@click.option("--scenario", "slug", metavar="S", help="Bend the fake as this scenario does.")
@click.option("--user", "users", multiple=True, type=User(), help="A Service User; a random one unless given.")
@client_id_option
@tls_options
@attended_option
@click.option("--journal", "journal_path", type=click.Path(path_type=Path, dir_okay=False), help="Keep what was seen.")
@click.option("--ready-file", type=click.Path(path_type=Path, dir_okay=False), help="Written once the port answers.")
def serve(
    host: str,
    port: int,
    mode: str,
    flavour: str,
    slug: str | None,
    users: tuple[ServiceUser, ...],
    client_id: str,
    tls: bool,
    intercept: bool,
    attended: bool,
    journal_path: Path | None,
    ready_file: Path | None,
) -> None:
    """Keep a fake BlastIQ up and judge each request as it arrives; Ctrl-C ends it with the verdict on all of them."""
    bent = _cue(slug)
    demand(bent, tls=tls, intercept=intercept)
    journal = Journal()
    people = users or (random_user(journal),)
    rules = {number: rule for number, rule in catalogue().items() if not attended or number not in UNATTENDED}
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: ended.set())
    tenant = Tenant(
        users=people,
        mode=Mode(mode),
        flavour=Flavour(flavour),
        client_id=client_id,
        intercepted=called_names(host),
    )
    names = PRODUCTION_NAMES if intercept else ()
    tenant = intercepted(tenant, names) if names else tenant
    idp = FakeIdp(for_people(tenant) if attended else tenant, journal=journal)
    director = Director(idp)
    # What the kit issued is dead after the run and stays raw; a user that was given is somebody's, and does not.
    write = JournalRedaction(Secret(kind, value) for user in users for kind, value in _held(user)).line
    surface = Surface(
        token=secrets.token_urlsafe(24),
        director=director,
        journal=lambda: "".join(map(write, _records(journal, facts))),
        verdict=lambda: json.write(_report(watch, rules).to_model()),
    )
    with ExitStack() as stack:
        certificates = certify(stack, names) if tls or intercept else None
        server = stack.enter_context(Server(host=host))
        try:
            listener = director.open(server, port=port, routes=surface.routes, certificates=certificates)
        except OSError as error:
            raise click.UsageError(
                f"cannot listen on {host} port {port}: {error.strerror or error}; choose another --port, 0 takes any"
            ) from None
        stack.callback(director.close)
        secured = secure(stack, certificates, server, director, listener, by_name=intercept) if certificates else None
        if bent:
            director.play(bent.scenario.slug)
        facts = Facts(
            scenario=slug or "",
            client_id=client_id,
            username=people[0].username if len(people) == 1 else None,
            password=people[0].password if len(people) == 1 else None,
            authority=secured.authority if secured else listener.authority,
            flow="attended" if attended else "unattended",
            api_calls=bent.scenario.api_calls if bent else 1,
        )
        _open_journal(stack, journal_path, journal, facts, write)
        watch = Watch(journal, tuple(rules.values()), facts, _Printer(facts, lambda: watch.evidence))
        if warning := reach_warning(host):
            say(warning)
        click.echo(start_text(listener, people[0], given=bool(users), more=_more(listener, surface.token, secured)))
        if ready_file is not None:
            _write_ready(stack, ready_file, listener, people[0], surface.token, secured)
        ended.wait()
    watch.close()
    report = _report(watch, rules)
    click.echo("")
    publish((report,), "terminal", ())
    sys.exit(report.exit_code)


def _report(watch: Watch, rules: Mapping[str, Rule]) -> Report:
    return assemble(watch.judgements(Profile.ARTICLE), target="serve", rules=rules, source_kind="check")


def _more(listener: Listener, token: str, secured: "Secured | None") -> tuple[str, ...]:
    curl = f"  curl -X POST -H {shlex.quote(f'{HEADER}: {token}')} \\"
    lines = secured.lines if secured else ()
    return (*lines, "Tell it what to do (more: blastiq serve --help):", curl, f"    {listener.origin}{ROOT}/expire", "")


class _Printer:
    """Prints what arrives, with its findings under it; no secret is in either."""

    def __init__(self, facts: Facts, evidence: Callable[[], Evidence]) -> None:
        self._facts, self._evidence = facts, evidence

    def __call__(self, entry: Exchange | Connection, findings: Sequence[Finding]) -> None:
        # Most requests break nothing: then there is no text to clean, and no evidence to look through.
        text = Cleaner([self._evidence()] if findings else [], live=True).text
        lines = [describe(entry, self._facts)]
        for finding in findings:
            lines.append(f"       {_WORDS[finding.severity]:<5} {finding.rule} {text(finding.message)}")
            parts = ("received", finding.received), ("expected", finding.expected), ("fix", finding.fix)
            lines += (f"             {name:<10} {text(part)}" for name, part in parts)
        click.echo("\n".join(lines))


_WORDS = {Severity.ERROR: "FAIL", Severity.WARNING: "WARN", Severity.INFO: "INFO"}


def _cue(slug: str | None) -> Cue | None:
    try:
        return cue(slug) if slug is not None else None
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _records(journal: Journal, facts: Facts) -> Iterator[Record]:
    yield Opening()
    yield Opening(facts=_told(facts))
    yield from journal.issued
    yield from journal.entries


def _open_journal(
    stack: ExitStack, path: Path | None, journal: Journal, facts: Facts, write: Callable[[Record], str]
) -> None:
    if path is None:
        return
    try:
        file = JournalFile(path, journal, facts=_told(facts), write=write)
    except OSError as error:
        raise click.UsageError(f"the journal {path} cannot be written: {error.strerror or error}") from None
    stack.enter_context(file)


def _told(facts: Facts) -> dict[str, Json]:
    return {name: value for name, value in asdict(facts).items() if name in _TOLD}


_TOLD = ("scenario", "client_id", "username", "password", "authority", "api_calls", "flow")


def _held(user: ServiceUser) -> tuple[tuple[str, str], ...]:
    return (("username", user.username), ("password", user.password))


def _write_ready(
    stack: ExitStack, path: Path, listener: Listener, user: ServiceUser, token: str, secured: "Secured | None"
) -> None:
    try:
        write_ready(path, listener, user, {"control_token": token} | (secured.members if secured else {}))
    except OSError as error:
        raise click.UsageError(f"the ready file {path} cannot be written: {error.strerror or error}") from None
    stack.callback(path.unlink, missing_ok=True)
