"""Each request judged as it arrives: one readable line, its findings under it; for `blastiq serve`."""

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

from blastiq_conformance.catalogue import Finding, Profile, Rule
from blastiq_conformance.control.acts import acts, judgements, rules_of
from blastiq_conformance.engine import judge
from blastiq_conformance.evidence import Evidence, Facts
from blastiq_conformance.report import Judgement
from blastiq_conformance.rules.request.names import KNOWN
from blastiq_conformance.token_request import TokenRequest
from fake_idp.classify import Kind
from fake_idp.journal import Connection, Entry, Exchange, Journal

# A verdict on the whole would cost more with every request: live findings look back this far, the last one at all.
_LOOK_BACK = 500

_NAMES = KNOWN | {"code", "redirect_uri", "code_verifier"}

Show = Callable[[Exchange | Connection, Sequence[Finding]], None]


class Watch:
    """Judges in a thread of its own, so that no answer waits for a verdict; `show` is called in order of arrival."""

    def __init__(self, journal: Journal, rules: Sequence[Rule], facts: Facts, show: Show) -> None:
        """Follow the journal from now on."""
        self._journal, self._rules, self._facts, self._show = journal, rules, facts, show
        self._shown: set[tuple[str, int | None, str]] = set()
        self._arrivals: queue.SimpleQueue[Entry | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="blastiq-watch", daemon=True)
        self._thread.start()
        journal.subscribe(self._arrivals.put)

    @property
    def evidence(self) -> Evidence:
        """Everything that was seen."""
        facts = Facts(
            scenario=self._facts.scenario,
            client_id=self._facts.client_id,
            username=self._facts.username,
            password=self._facts.password,
            authority=self._facts.authority,
            api_calls=self._facts.api_calls,
            flow=self._facts.flow,
            issued=(*self._facts.issued, *self._journal.issued),
        )
        return Evidence(exchanges=self._journal.exchanges, connections=self._journal.connections, facts=facts)

    @property
    def recent(self) -> Evidence:
        """What was seen last, as far as live findings look back."""
        return replace(self.evidence, exchanges=self.evidence.exchanges[-_LOOK_BACK:])

    def judgements(self, profile: Profile) -> tuple[Judgement, ...]:
        """Judge everything that was seen, each scenario by its own rules."""
        return judgements(self.evidence, self._rules, profile)

    def close(self) -> None:
        """Show what has arrived, then end."""
        self._arrivals.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (entry := self._arrivals.get()) is not None:
            self._show(entry, self._new_findings(entry.scenario) if isinstance(entry, Exchange) else ())

    def _new_findings(self, scenario: str) -> list[Finding]:
        act = next(act for act in acts(self.evidence) if act.facts.scenario == scenario)
        recent = Evidence(exchanges=act.exchanges[-_LOOK_BACK:], facts=act.facts)
        fresh = []
        for result in judge(recent, rules_of(recent, self._rules)):
            for finding in result.findings:
                key = (finding.rule, finding.exchange, finding.message)
                if key not in self._shown:
                    self._shown.add(key)
                    fresh.append(finding)
        return fresh


def describe(entry: Exchange | Connection, facts: Facts) -> tuple[int, str]:
    """Give the number of what arrived, and say in one line what it was; no value of any parameter is in it.

    The path is as it was sent: whoever shows it has to clean it.
    """
    if isinstance(entry, Connection):
        return entry.number, f"connection without a request: {entry.ending}"
    status = entry.response.status if entry.response else "no answer"
    what = {
        Kind.DISCOVERY: "discovery",
        Kind.JWKS: "signing keys",
        Kind.API: "call of the API",
        Kind.IDENTITY: "identity server",
        Kind.OTHER: "not an address of BlastIQ's",
    }.get(entry.kind) or _token(TokenRequest(entry, facts))
    return entry.number, f"{entry.request.method} {entry.request.path} -> {status}   {what}"


def _token(request: TokenRequest) -> str:
    names = dict.fromkeys(field.name for field in request.fields)
    # Any other may be a piece of a password with an & in it.
    known = [name for name in names if name.lower() in _NAMES]
    more = f" and {len(names) - len(known)} more" if len(known) < len(names) else ""
    told = (", ".join(known) or "no parameter of a token request") + more if names else "no parameters"
    return f"{'refresh' if request.is_refresh else 'sign-in'} with {told}"
