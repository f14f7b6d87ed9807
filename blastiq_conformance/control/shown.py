"""What is shown of requests as they arrive and of what is wrong with them, without any secret."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from blastiq_conformance.catalogue import Finding, catalogue
from blastiq_conformance.control.watch import Arrival
from blastiq_conformance.evidence import Evidence, Facts
from blastiq_conformance.evidence.parameters import KNOWN, OF_CODES
from blastiq_conformance.evidence.quotation import Text, quote
from blastiq_conformance.evidence.token_request import TokenRequest
from blastiq_conformance.secrets.cleaner import Cleaner
from fake_idp.classify import Kind
from fake_idp.journal import Connection, Entry, Exchange
from fake_idp.server_config import ServiceUser
from fake_idp.system.plain_text import plain

# Clients call a few addresses again and again.
_REMEMBERED = 4_096
_NAMES = KNOWN | OF_CODES
_KINDS = {
    Kind.DISCOVERY: "discovery",
    Kind.JWKS: "signing keys",
    Kind.API: "call of the API",
    Kind.IDENTITY: "identity server",
    Kind.OTHER: "not an address of BlastIQ's",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFinding:
    """A finding, its values masked."""

    rule: str
    name: str
    severity: str
    message: str
    received: str
    expected: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A request and its answer, and what it was for, which is empty for a connection that carried none."""

    number: int
    request: str
    answer: str
    what: str = ""
    api: bool = False
    scenario: str = ""
    at: str = ""
    findings: tuple[ShownFinding, ...] = ()

    @property
    def line(self) -> str:
        """All of it in one line."""
        return f"{self.request} -> {self.answer}   {self.what}" if self.what else f"{self.request}: {self.answer}"


Screen = Callable[[Sequence[Shown]], None]


class Showing:
    """Takes the secrets out of what arrives, and hands it to every screen."""

    def __init__(self, facts: Facts, people: Iterable[ServiceUser], screens: Iterable[Screen]) -> None:
        """Show requests under these facts, without the credentials of these people."""
        self._facts, self._screens = facts, list(screens)
        given = tuple((user.username, user.password) for user in people)
        self._given = Evidence(exchanges=(), facts=Facts(other_users=given))
        self._harmless: set[str] = set()

    def __call__(self, arrivals: Sequence[Arrival], evidence: Evidence) -> None:
        """Show what has arrived; the evidence has the secrets that may be in it."""
        told = [(_described(entry, self._facts), findings) for entry, findings in arrivals]
        # Most requests break nothing and are like those before: then there is no evidence to look through.
        suspect = any(findings or raw.line not in self._harmless for raw, findings in told)
        clean = Cleaner([evidence, self._given] if suspect else [], live=True)
        shown = [replace(self._cleaned(raw, clean), findings=_findings(found, clean)) for raw, found in told]
        for screen in tuple(self._screens):
            try:
                screen(shown)
            except (OSError, ValueError):
                # This screen is gone; the others go on, and the final verdict still counts it.
                self._screens.remove(screen)

    def _cleaned(self, raw: Shown, clean: Cleaner) -> Shown:
        if raw.line in self._harmless:
            return raw
        request, answer, what = (plain(clean.text(text)) for text in (raw.request, raw.answer, raw.what))
        shown = replace(raw, request=request, answer=answer, what=what)
        if shown == raw and len(self._harmless) < _REMEMBERED:
            self._harmless.add(raw.line)
        return shown


def _findings(findings: Iterable[Finding], clean: Cleaner) -> tuple[ShownFinding, ...]:
    return tuple(
        ShownFinding(
            rule=finding.rule,
            name=catalogue()[finding.rule].name,
            severity=finding.severity,
            **{part: plain(clean.text(getattr(finding, part))) for part in ("message", "received", "expected", "fix")},
        )
        for finding in findings
    )


def _described(entry: Entry, facts: Facts) -> Shown:
    """Say what arrived; the path is as it was sent, and no value of any parameter is in it."""
    scenario, at = entry.scenario, entry.at
    if isinstance(entry, Connection):
        request = "connection without a request"
        return Shown(number=entry.number, request=request, answer=entry.ending, scenario=scenario, at=at)
    return Shown(
        number=entry.number,
        request=Text(quote(entry.request.method, entry.request.path)),
        answer=_answer(entry),
        what=_KINDS.get(entry.kind) or _token(TokenRequest(entry, facts)),
        api=entry.kind is Kind.API,
        scenario=scenario,
        at=at,
    )


def _answer(exchange: Exchange) -> str:
    if exchange.response is None:
        return "no answer"
    status = exchange.response.status
    error = exchange.response.members.get("error") if exchange.kind is Kind.TOKEN and status != 200 else None
    return Text(f"{status} {quote(error)}") if isinstance(error, str) else str(status)


def _token(request: TokenRequest) -> str:
    names = dict.fromkeys(field.name for field in request.fields)
    # Any other may be a piece of a password with an & in it.
    known = [name for name in names if name.lower() in _NAMES]
    more = f" and {len(names) - len(known)} more" if len(known) < len(names) else ""
    told = (", ".join(known) or "no parameter of a token request") + more if names else "no parameters"
    return f"{'refresh' if request.is_refresh else 'sign-in'} with {told}"
