"""`blastiq serve`: a fake BlastIQ that stays up, each request judged as it arrives, a verdict at the end."""

import secrets
import signal
import sys
import threading
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult

import click
from click.core import ParameterSource

from blastiq_conformance.cli.live import greeting, link, open_journal, page_text, records, tell_arrivals
from blastiq_conformance.cli.options import FILE, edition_option, like_option, tls_options
from blastiq_conformance.cli.output import publish, say, tell
from blastiq_conformance.cli.secured import kinds, secure, selected
from blastiq_conformance.cli.serve_options import allow_host_option, announcing, public_url_option
from blastiq_conformance.control.feed import Feed
from blastiq_conformance.control.ledger import Ledger, told_of_gone
from blastiq_conformance.control.shown import Showing
from blastiq_conformance.control.surface import HEADER, ROOT, Surface
from blastiq_conformance.control.watch import Watch
from blastiq_conformance.editions import CURRENT, rules_in
from blastiq_conformance.evidence import Facts
from blastiq_conformance.redaction.journal import LiveRedaction
from blastiq_conformance.report import Report, Reproduction
from blastiq_conformance.runner.controller import Controller
from blastiq_conformance.runner.way import certify, intercepted, origin
from blastiq_conformance.scenarios.attended import UNATTENDED
from blastiq_conformance.writers import writer
from fake_idp.command_line import fake_options
from fake_idp.console import announce, random_user, reach_warning, refusal, set_up, start_text
from fake_idp.core import FakeIdp
from fake_idp.http.server import Server
from fake_idp.journal import Journal
from fake_idp.likeness import Likeness
from fake_idp.server_config import PRODUCTION_NAMES, ServerConfig, ServiceUser, for_people
from fake_idp.system.stop_signals import heed, stop_signals

_EPILOG = f"""\b
While it runs it can be told what to do, on its own port, by its page or by hand; $TOKEN is control_token of the ready
file, and at a terminal stands in the page's link, behind the #:
  curl -X POST   -H "{HEADER}: $TOKEN" $ORIGIN{ROOT}/scenario/refresh-rotated
  curl -X POST   -H "{HEADER}: $TOKEN" $ORIGIN{ROOT}/expire
  curl -X POST   -H "{HEADER}: $TOKEN" $ORIGIN{ROOT}/fault -d '{{"endpoint": "token", "status": 503, "calls": [1]}}'
  curl -X DELETE -H "{HEADER}: $TOKEN" $ORIGIN{ROOT}/fault
  curl           -H "{HEADER}: $TOKEN" $ORIGIN{ROOT}/journal
  curl           -H "{HEADER}: $TOKEN" $ORIGIN{ROOT}/verdict
"""


@click.command(epilog=_EPILOG, context_settings={"allow_extra_args": True})
@fake_options("BLASTIQ_SERVE")
@public_url_option
@click.option("--scenario", "slug", metavar="S", help="Bend the fake as this scenario does.")
@tls_options
@like_option
@edition_option
@allow_host_option
@click.option("--journal", "journal_path", type=FILE, help="Keep what was seen in this file.")
@click.option(
    "--keep",
    metavar="N",
    type=click.IntRange(min=1),
    default=10_000,
    show_default=True,
    help="Keep the last N requests whole, and of older ones the findings; --journal keeps all.",
)
def serve(
    host: str,
    port: int,
    public: SplitResult | None,
    slug: str | None,
    users: tuple[ServiceUser, ...],
    listed: tuple[ServiceUser, ...],
    tls: bool,
    intercept: bool,
    attended: bool,
    like: Likeness | None,
    edition: str | None,
    allowed_hosts: tuple[str, ...],
    journal_path: Path | None,
    keep: int,
    ready_file: Path | None,
    **setting: Any,
) -> None:
    """Run a fake BlastIQ and judge each request as it arrives; Ctrl-C ends it with the verdict on all of them."""
    if more := len(click.get_current_context().args):
        # Not quoted: it may be the second word of a password.
        raise click.UsageError(f"serve takes only options, and found {more} other; quote a value that holds a blank")
    met = kinds(tls=tls, intercept=intercept)
    bent = selected(slug, met)
    journal, users = Journal(keep), (*users, *listed)
    people = users or (random_user(journal),)
    rules = {
        number: rule
        for number, rule in rules_in(edition or CURRENT).items()
        if not attended or number not in UNATTENDED
    }
    ended = threading.Event()
    heed(lambda _number, _frame: _end(ended))
    names = PRODUCTION_NAMES if intercept else ()
    config = announcing(
        _alike(intercepted(set_up(people, host, **setting), names), like), public, secured=tls or intercept
    )
    idp = FakeIdp(for_people(config) if attended else config, journal=journal)
    controller, feed = Controller(idp), Feed(lambda: idp.scenario)

    def report() -> Report:
        return Report(
            ledger.judgements(),
            target="serve",
            rules=rules,
            edition=edition or CURRENT,
            source_kind="check",
            notes=(*told_of_gone(ledger.gone), *([like.told()] if like else [])),
            again=Reproduction(way="check", file=str(journal_path)) if journal_path else Reproduction(way="none"),
        )

    surface = Surface(
        token=secrets.token_urlsafe(24),
        controller=controller,
        journal=lambda: live.lines(tuple(records(facts, journal.issued, ledger.entries))),
        report=lambda form: writer(form)(report().to_model()),
        events=lambda: feed.reader(greeting(listener, facts, met)),
        hosts=frozenset(name.lower() for name in (host, *allowed_hosts, *([public.hostname or ""] if public else []))),
    )
    with ExitStack() as afterwards, ExitStack() as stack:
        certificates = certify(stack, names) if tls or intercept else None
        server = stack.enter_context(Server(host=host))
        try:
            listener = controller.open(server, port=port, routes=surface.routes, certificates=certificates)
        except OSError as error:
            raise refusal(error, host, port) from None
        if public is not None:
            # Wherever the port's own address would be shown, the announced one is.
            listener.origin = origin(public.geturl())
        stack.callback(controller.close)
        secured = secure(certificates, server, controller, listener, by_name=intercept) if certificates else None
        if bent:
            controller.become(bent.scenario.slug, bent.variant)
        facts = Facts(
            scenario=slug or "",
            client_id=config.client_id,
            username=people[0].username if len(people) == 1 else None,
            password=people[0].password if len(people) == 1 else None,
            authority=secured.authority if secured else listener.authority,
            flow="attended" if attended else "unattended",
            api_calls=bent.scenario.api_calls if bent else 1,
            issued=journal.issued,
            typed=True,
        )
        # What the kit issued is dead after the run and stays raw; every other secret is somebody's and does not.
        live = LiveRedaction(facts, [(user.username, user.password) for user in users])
        kept = open_journal(stack, journal_path, journal, facts, live.line)
        showing = Showing(facts, people, (feed, tell_arrivals))
        ledger = Ledger(tuple(rules.values()), facts, lambda: journal.issued, keep, edition or CURRENT)
        watch = Watch(journal, ledger, showing)
        afterwards.callback(watch.close)
        if warning := reach_warning(host):
            say(warning)
        besides = (*(secured.lines if secured else ()), *page_text(listener, surface.token))
        for line in start_text(listener, people[0], given=bool(users), more=besides).splitlines():
            tell(line)
        if ready_file is not None:
            told = {"control_token": surface.token, "page": link(listener, surface.token)}
            announce(stack, ready_file, listener, people[0], told | (secured.members if secured else {}))
        ended.wait()
    made = report()
    tell()
    whole = publish(made.to_model(), "terminal", ()) and (kept is None or kept.failure is None)
    sys.exit(made.exit_code if whole else 2)


def _end(ended: threading.Event) -> None:
    # A second signal ends the program at once, without the verdict.
    for number in stop_signals():
        signal.signal(number, signal.SIG_DFL)
    ended.set()


def _alike(config: ServerConfig, like: Likeness | None) -> ServerConfig:
    """Set the fake up like a recorded authority, except for a flavour that was asked for."""
    if like is None:
        return config
    given = click.get_current_context().get_parameter_source("flavour") is ParameterSource.COMMANDLINE
    return replace(like.of(config), flavour=config.flavour) if given else like.of(config)
