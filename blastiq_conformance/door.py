"""A fake BlastIQ for one test: its tenant, its Service User, and the verdict on what was recorded."""

import secrets
import warnings
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from blastiq_conformance.catalogue import Outcome, Profile, Severity, catalogue
from blastiq_conformance.cleaner import Cleaner
from blastiq_conformance.control.acts import judgements
from blastiq_conformance.control.cue import cue
from blastiq_conformance.evidence import Evidence, Facts
from blastiq_conformance.report import Report, assemble
from blastiq_conformance.report.other_hosts import other_hosts
from fake_idp.classify import Kind
from fake_idp.core import FakeIdp
from fake_idp.fault_trace import trace
from fake_idp.journal import Journal
from fake_idp.redact import Secret
from fake_idp.tenant import ServiceUser, Tenant


class BlastiqViolation(AssertionError):  # noqa: N818 - pytest prints the name before the finding
    """What was recorded breaks a rule, or does not break one that it should; the text is the finished finding."""


class KitFault(Exception):  # noqa: N818 - it is no error of the test
    """The kit itself failed, and no verdict was reached; the text says where, and holds no value of the test."""

    def __init__(self, fault: Exception) -> None:
        """Tell of the fault without its message."""
        super().__init__(f"this is a fault of the kit, not of your integration: no verdict was reached\n{trace(fault)}")


class BlastiqWarning(UserWarning):
    """What was recorded is not what the article or a standard recommends, and yet no violation."""


def fresh_user() -> ServiceUser:
    """Make a Service User with random credentials: canaries, of no use to anybody after the test."""
    return ServiceUser(username=f"svc-{secrets.token_hex(8)}@mine.example", password=secrets.token_urlsafe(20))


class Door:
    """One fake with the facts that a verdict needs; `scenario` bends the fake and names the rules that are judged.

    `base` is its tenant before any scenario bent it.
    """

    def __init__(self, tenant: Tenant, user: ServiceUser, *, scenario: str = "") -> None:
        """Make the fake; raises ValueError where there is no scenario of that name."""
        self.user = user
        self.scenario = cue(scenario).scenario if scenario else None
        if user not in tenant.users:
            tenant = replace(tenant, users=(*tenant.users, user))
        self.base = tenant
        variant = self.scenario.variants[0] if self.scenario else None
        if variant:
            tenant = variant.prepare(tenant)
        journal = Journal()
        for held in tenant.users:
            journal.issue(Secret("username", held.username))
            journal.issue(Secret("password", held.password))
        self.idp = FakeIdp(tenant, journal=journal, faults=variant.faults if variant else (), scenario=scenario)

    @property
    def evidence(self) -> Evidence:
        """What was recorded so far, with what is known beside it."""
        journal = self.idp.journal
        facts = Facts(
            scenario=self.scenario.slug if self.scenario else "",
            client_id=self.idp.tenant.client_id,
            username=self.user.username,
            password=self.user.password,
            authority=self.idp.tenant.authority,
            api_calls=self.scenario.api_calls if self.scenario else 1,
            issued=journal.issued,
        )
        return Evidence(exchanges=journal.exchanges, connections=journal.connections, facts=facts)

    @property
    def other_hosts(self) -> list[str]:
        """The hosts that were called beside BlastIQ's so far."""
        evidence = self.evidence
        if not evidence.connections and all(exchange.kind is not Kind.OTHER for exchange in evidence.exchanges):
            return []
        return [each["host"] for each in other_hosts([evidence], Cleaner([evidence], live=True))]

    def report(self, profile: Profile) -> Report:
        """Judge what was recorded so far."""
        known = catalogue()
        judged = judgements(self.evidence, known.values(), profile)
        return assemble(judged, target="pytest", profile=profile, rules=known)

    def check(self, *, expect: Iterable[str] = (), profile: Profile = Profile.ARTICLE) -> None:
        """Raise BlastiqViolation on an error, or where a rule of `expect` did not fail; warn of the rest."""
        __tracebackhide__ = True
        expected = frozenset(expect)
        if not (expected or len(self.idp.journal)):
            return
        try:
            report = self.report(profile)
        except Exception as fault:  # noqa: BLE001 - pytest would show its message, and what the kit holds beside it
            raise KitFault(fault) from None
        failed = {
            result.rule
            for result in report.results
            if result.outcome is Outcome.FAILED and result.severity is Severity.ERROR
        }
        if failed - expected:
            raise BlastiqViolation(_text(report, failed - expected))
        if missed := expected - {result.rule for result in report.results if result.outcome is Outcome.FAILED}:
            if unknown := missed - catalogue().keys():
                raise BlastiqViolation(
                    f"expect= names {', '.join(sorted(unknown))}; `blastiq rules` lists those there are"
                )
            raise BlastiqViolation(f"expected to fail and did not: {', '.join(sorted(missed))}; drop it from expect=")
        warned = {result.rule for result in report.results if result.outcome is Outcome.FAILED} - failed - expected
        if warned:
            warnings.warn(BlastiqWarning(_text(report, warned)), stacklevel=2)


@contextmanager
def fake_blastiq(
    tenant: Tenant | None = None,
    user: ServiceUser | None = None,
    *,
    scenario: str = "",
    expect: Iterable[str] = (),
    profile: Profile | str = Profile.ARTICLE,
) -> Iterator[Door]:
    """Answer httpx in this block as BlastIQ would, and judge at its end: for property tests and plain scripts.

    A fixture of function scope under `@given` fails hypothesis' health check; this does not.
    """
    from fake_idp.inprocess import intercept

    door = Door(tenant or Tenant(), user or fresh_user(), scenario=scenario)
    with ExitStack() as stack:
        stack.enter_context(intercept(door.idp))
        yield door
    door.check(expect=expect, profile=Profile(profile))


def _text(report: Report, rules: Iterable[str]) -> str:
    from blastiq_conformance.writers.terminal import findings_text

    return findings_text(report.to_model(), frozenset(rules))
