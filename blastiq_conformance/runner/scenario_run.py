"""The run of one variant: a fresh fake with fresh credentials, its own child, and the evidence of both."""

import secrets
import string
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from blastiq_conformance.evidence import Child, Evidence, Facts
from blastiq_conformance.runner.browsing import lay_out_browser
from blastiq_conformance.runner.callers import Callers
from blastiq_conformance.runner.child import attend
from blastiq_conformance.runner.contract import Contract, environment
from blastiq_conformance.runner.fake import Traffic, served_fake
from blastiq_conformance.runner.not_run import Words
from blastiq_conformance.runner.run_context import RunContext
from blastiq_conformance.runner.sightings import Sightings
from blastiq_conformance.runner.tool_homes import link
from blastiq_conformance.runner.written import Place, places_of_all, written
from blastiq_conformance.scenarios import CANARY, CANARY_LENGTH, Need, Scenario, Variant
from fake_idp.secrets.search import Secret
from fake_idp.server_config import ServiceUser

_ALPHABET = string.ascii_letters + string.digits
# Shorter values turn up by chance: they are judged where they belong, but not searched for elsewhere.
_SHORTEST_CANARY = 12
# D55: calls of the API are a second apart, and of the five seconds that httpx waits by default, a slow discovery
# document leaves half.
_BORNE = 1.0
# A flood repeats itself, and many runs may end in one: all are kept until the report.
_KEPT_OF_FLOOD = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioRun:
    """A scenario that was run: the evidence of each variant; `interrupted` where the user ended it early."""

    scenario: Scenario
    evidences: tuple[Evidence, ...]
    interrupted: bool = False

    @property
    def held_up(self) -> float:
        """For how many seconds the kit was held up in any variant, at the most."""
        return max((evidence.facts.held_up for evidence in self.evidences), default=0.0)


def run_variant(
    context: RunContext,
    scenario: Scenario,
    variant: Variant,
    *,
    home: Path,
    before: Evidence | None = None,
    on_contact: Callable[[], None] = lambda: None,
) -> Evidence:
    """Run one variant; `on_contact` is called at the first request. Raises NotRun where the child cannot start.

    `before` is what was seen of the variant that the same user ran in this `home` before; without it, that is empty.
    """
    target = context.target
    known = before.facts if before is not None else Facts()
    users = _users(variant, known.username, target.users if scenario.needs is Need.USERS else 1)
    callers, canaries = Callers(secrets.token_hex(16)), tuple(_canaries(users))
    served = served_fake(context, scenario, variant, users=users, on_contact=on_contact, identify=callers)
    with served as (contract, traffic):
        # Files that an earlier run left are not this one's.
        kept = Place(home, "~", shared=before is not None)
        child, held_up = _attend(context, contract, traffic, variant, kept, canaries, callers)
    journal = traffic.journal
    evidence = Evidence(
        exchanges=journal.exchanges[: _KEPT_OF_FLOOD if child.flood else None],
        connections=journal.connections,
        child=child,
        facts=Facts(
            scenario=scenario.slug,
            variant=variant.name,
            benign=scenario.benign,
            client_id=target.client_id,
            username=users[0].username,
            password=users[0].password,
            authority=contract.authority,
            api_calls=scenario.api_calls,
            flow=target.flow,
            issued=(*canaries, *journal.issued),
            concurrency=contract.concurrency or 0,
            other_users=contract.other_users,
            previous_password=known.password,
            verbose=variant.verbose,
            ready_path=target.ready_path or "",
            client_timeout=target.client_timeout,
            skips=target.skips,
            service=target.quiet is not None,
            held_up=held_up,
        ),
    )
    if scenario.benign and (evidence.failed or not evidence.api_calls):
        return replace(evidence, child=replace(child, last_words=Words(evidence).last()))
    return evidence


def _attend(
    context: RunContext,
    contract: Contract,
    traffic: Traffic,
    variant: Variant,
    home: Place,
    canaries: tuple[Secret, ...],
    callers: Callers,
) -> tuple[Child, float]:
    target = context.target.at_length if variant.verbose else context.target
    with tempfile.TemporaryDirectory(prefix="blastiq-", ignore_cleanup_errors=True) as room:
        scratch = Path(room, "tmp")
        scratch.mkdir()
        env = environment(
            target,
            contract,
            inherited=context.inherited,
            scratch=scratch,
            home=home.folder,
            marker=callers.marker,
        )
        # Even in an unattended flow: a page that is opened must not open the user's own browser (BIQ309).
        env |= lay_out_browser(Path(room, "browser"), env, reloads=variant.reloads)
        filled = replace(target, command=tuple(map(contract.fill, target.command)))
        sightings, began, started = Sightings(callers.marker), time.time(), time.monotonic()
        with context.spotter.follow(sightings):
            traffic.journal.subscribe_arrivals(lambda: context.spotter.glance_at(sightings))
            child = attend(
                filled,
                env,
                traffic,
                sightings,
                cancelled=context.cancelled,
                hurried=context.hurried,
                on_start=callers.started,
            )
        # Before its files are searched: it waits for nothing any more.
        held_up = that_matters(context.server.lag.since(started))
        places = (Place(scratch, "$TMPDIR", shared=False), home, *places_of_all(target.cwd or Path.cwd(), env))
        files = written(places, sightings.files, (*canaries, *traffic.journal.issued), since=began)
        return replace(child, files=files), held_up


def that_matters(seconds: float) -> float:
    """Give the seconds for which the kit was held up where a client may have given up meanwhile, 0 elsewhere."""
    return seconds if seconds > _BORNE else 0.0


def _canary() -> str:
    """Give a fresh random value that no encoder changes, so that only the tested characters can break it."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(CANARY_LENGTH))


def _users(variant: Variant, username: str | None, count: int) -> tuple[ServiceUser, ...]:
    def fresh(template: str | None) -> str:
        return (CANARY if template is None else template).replace(CANARY, _canary())

    first = ServiceUser(username=username or fresh(variant.username), password=fresh(variant.password))
    others = (ServiceUser(username=_canary(), password=_canary(), site=f"site-{n}") for n in range(2, count + 1))
    return (first, *others)


def _canaries(users: tuple[ServiceUser, ...]) -> Iterator[Secret]:
    for user in users:
        for kind, value in (("username", user.username), ("password", user.password)):
            if len(value) >= _SHORTEST_CANARY:
                yield Secret(kind, value)


@contextmanager
def lodging(inherited: Mapping[str, str]) -> Iterator[Path]:
    """Give a temporary HOME, empty but for links to tool chains' files that no variable can name."""
    with tempfile.TemporaryDirectory(prefix="blastiq-home-", ignore_cleanup_errors=True) as folder:
        link(inherited, Path(folder))
        yield Path(folder)
