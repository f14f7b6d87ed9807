"""A fake BlastIQ for one test: its configuration, its Service User, and the verdict on what was recorded."""

import secrets
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from blastiq_conformance.catalogue import Outcome, Profile, Severity, catalogue
from blastiq_conformance.control.scenario_runs import scenario_runs
from blastiq_conformance.control.selection import start
from blastiq_conformance.editions import CURRENT, rules_in
from blastiq_conformance.evidence import Evidence, Facts
from blastiq_conformance.evidence.conduct import lateness
from blastiq_conformance.report import Report, Reproduction
from blastiq_conformance.report.other_hosts import other_hosts
from blastiq_conformance.runner.controller import Controller
from blastiq_conformance.secrets.cleaner import Cleaner
from blastiq_conformance.trial.judging import judge_together
from fake_idp.classify import Kind
from fake_idp.core import FakeIdp
from fake_idp.journal import Journal
from fake_idp.secrets.search import Secret
from fake_idp.server_config import ANY_NAME, PRODUCTION_NAMES, ServerConfig, ServiceUser, called_by
from fake_idp.system.fault_trace import trace
from fake_idp.system.loopback import is_loopback
from fake_idp.system.name_seal import NameSeal

_DOORS = (
    "blastiq_idp and fake_blastiq() answer httpx alone; give any other client the addresses of blastiq_server "
    "(.authority, .api_url)"
)


class BlastiqViolation(AssertionError):  # noqa: N818 - pytest prints the name before the finding
    """What was recorded breaks a rule, or does not break one that it should; the text is the finding."""


class BlastiqUntested(AssertionError):  # noqa: N818 - as above
    """The client under test sent nothing that can be judged, or bypassed the fake; the text says what to do."""


class KitFault(Exception):  # noqa: N818 - it is not an error of the test
    """The kit itself failed and reached no verdict; the text says where, and holds no value of the test."""

    def __init__(self, fault: Exception) -> None:
        """Report the fault without its message."""
        super().__init__(f"this is a fault of the kit, not of your integration: no verdict was reached\n{trace(fault)}")


class BlastiqWarning(UserWarning):
    """What was recorded violates nothing, but is not what the article or a standard recommends."""


def fresh_user() -> ServiceUser:
    """Make a Service User with random credentials: canaries, which are useless after the test."""
    return ServiceUser(username=f"svc-{secrets.token_hex(8)}@mine.example", password=secrets.token_urlsafe(20))


class Door:
    """One fake with the facts that a verdict needs; `scenario` bends the fake and names the rules that judge it.

    `again` is the command that runs this test again. `seal` keeps the fake's host names from being resolved.
    """

    def __init__(
        self, config: ServerConfig, user: ServiceUser, *, scenario: str = "", again: tuple[str, ...] = ()
    ) -> None:
        """Make the fake; raises ValueError for an unknown scenario."""
        self.user, self.again = user, again
        if user not in config.users:
            config = replace(config, users=(*config.users, user))
        config = called_by(config, (*config.intercepted, *PRODUCTION_NAMES))
        self.seal = NameSeal(_abroad(config), f"a test calls no real BlastIQ. {_DOORS}")
        journal = Journal()
        for held in config.users:
            journal.issue(Secret("username", held.username))
            journal.issue(Secret("password", held.password))
        self.idp = FakeIdp(config, journal=journal)
        self.controller = Controller(self.idp)
        # For how many seconds the kit answered nobody, as a live server tells.
        self.held_up: Callable[[], float] = float
        if scenario:
            start(self.controller, scenario)

    @property
    def was_called(self) -> bool:
        """Whether a request came that was meant for BlastIQ."""
        return any(exchange.kind is not Kind.OTHER for exchange in self.idp.journal.exchanges)

    @property
    def evidence(self) -> Evidence:
        """What was recorded so far, with the known facts."""
        journal = self.idp.journal
        facts = Facts(
            scenario=self.idp.scenario,
            client_id=self.idp.config.client_id,
            username=self.user.username,
            password=self.user.password,
            authority=self.idp.config.authority,
            issued=journal.issued,
            held_up=self.held_up(),
        )
        return Evidence(exchanges=journal.exchanges, connections=journal.connections, facts=facts)

    @property
    def other_hosts(self) -> list[str]:
        """The other hosts that were called so far."""
        evidence = self.evidence
        if not evidence.connections and all(exchange.kind is not Kind.OTHER for exchange in evidence.exchanges):
            return []
        return [each["host"] for each in other_hosts([evidence], Cleaner([evidence], live=True))]

    def report(self, profile: Profile, edition: str = CURRENT) -> Report:
        """Judge what was recorded so far."""
        known = rules_in(edition)
        judged = judge_together(scenario_runs(self.evidence), known.values(), profile, edition)
        again = Reproduction(way="test", whose=self.again)
        return Report(judged, target="pytest", profile=profile, rules=known, edition=edition, again=again)

    def check(self, *, expect: Iterable[str] = (), profile: Profile = Profile.ARTICLE, edition: str = CURRENT) -> None:
        """Raise BlastiqViolation on an error, or if a rule of `expect` did not fail; warn of the rest."""
        __tracebackhide__ = True
        expected = frozenset(expect)
        if not (expected or len(self.idp.journal)):
            return
        try:
            report = self.report(profile, edition)
        except Exception as fault:  # noqa: BLE001 - pytest would show its message, and what the kit holds beside it
            raise KitFault(fault) from None
        if late := lateness(report.judged[0].evidence):
            warnings.warn(BlastiqWarning(f"What the client did was not judged: {late}."), stacklevel=2)
        failed = {result.rule: result.severity for result in report.results if result.outcome is Outcome.FAILED}
        unexpected = failed.keys() - expected
        errors = {rule for rule in unexpected if failed[rule] is Severity.ERROR}
        if errors:
            raise BlastiqViolation(text_of(report, errors))
        if missed := expected - failed.keys():
            if unknown := missed - catalogue().keys():
                raise BlastiqViolation(
                    f"expect= names {', '.join(sorted(unknown))}; `blastiq rules` lists those there are"
                )
            raise BlastiqViolation(f"expected to fail and did not: {', '.join(sorted(missed))}; drop it from expect=")
        if unexpected:
            warnings.warn(BlastiqWarning(text_of(report, unexpected)), stacklevel=2)


def demand_traffic(doors: Sequence[Door]) -> None:
    """Raise BlastiqUntested if nothing came to the fakes that can be judged, or something bypassed them.

    A verdict on nothing would pass whatever the client does.
    """
    __tracebackhide__ = True
    if asked := dict.fromkeys(name for door in doors for name in door.seal.asked):
        raise BlastiqUntested(
            f"{', '.join(asked)} was looked up past the fake, and not all that the client does was seen. {_DOORS}."
        )
    if not any(door.was_called for door in doors):
        raise BlastiqUntested(
            f"there is nothing to judge: no request for BlastIQ reached blastiq_idp or blastiq_server"
            f"{_instead(doors)}. See that the test calls the client, and the client its authority; {_DOORS}. "
            "Where nothing is to be sent, say so: @pytest.mark.blastiq(traffic=False), fake_blastiq(traffic=False)."
        )


def _abroad(config: ServerConfig) -> set[str]:
    """Name the hosts that a client of this configuration calls, except those on this machine."""
    called = {urlsplit(url).hostname or "" for url in (config.authority, config.api_url)} | config.intercepted
    return {name for name in called if name and name != ANY_NAME and not is_loopback(name)}


def _instead(doors: Sequence[Door]) -> str:
    hosts = dict.fromkeys(exchange.request.host for door in doors for exchange in door.idp.journal.exchanges)
    if hosts:
        clean = Cleaner([door.evidence for door in doors], live=True)
        return f", only requests for {', '.join(clean.quoted(host) for host in hosts)}"
    if any(door.idp.journal.connections for door in doors):
        return ", only bytes that were not HTTP"
    return ""


def text_of(report: Report, rules: Iterable[str]) -> str:
    """Write the findings of these rules: the text of a failed test."""
    from blastiq_conformance.writers.terminal import findings_text

    return findings_text(report.to_model(), rules)
