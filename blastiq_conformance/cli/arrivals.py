"""What `serve` tells while it runs: each request as it arrives, and what is wrong with it."""

from collections.abc import Callable, Iterable, Sequence

from blastiq_conformance.catalogue import Finding
from blastiq_conformance.cleaner import Cleaner
from blastiq_conformance.cli.output import tell
from blastiq_conformance.evidence import Evidence, Facts
from blastiq_conformance.watch import describe
from blastiq_conformance.writers.finding_text import word
from fake_idp.journal import Connection, Exchange
from fake_idp.tenant import ServiceUser

# Clients call few addresses, and those again and again.
_REMEMBERED = 4_096


class Arrivals:
    """Prints what arrives, with its findings under it; no secret is in either."""

    def __init__(self, facts: Facts, people: Iterable[ServiceUser], evidence: Callable[[], Evidence]) -> None:
        """Print what these facts explain; `evidence` gives what was seen last, where secrets stand beside people's."""
        self._facts, self._evidence = facts, evidence
        given = tuple((user.username, user.password) for user in people)
        self._given = Evidence(exchanges=(), facts=Facts(other_users=given))
        self._harmless: set[str] = set()

    def __call__(self, entry: Exchange | Connection, findings: Sequence[Finding]) -> None:
        """Print one."""
        number, line = describe(entry, self._facts)
        # Most requests break nothing and are like those before: then there is no evidence to look through.
        suspect = bool(findings) or line not in self._harmless
        clean = Cleaner([self._evidence(), self._given] if suspect else [], live=True)
        shown = clean.quotation(line)
        if shown == line and len(self._harmless) < _REMEMBERED:
            self._harmless.add(line)
        lines = [f"{number:>3}  {shown}"]
        for finding in findings:
            lines.append(f"       {word(finding.severity).text:<5} {finding.rule} {clean.prose(finding.message)}")
            lines.append(f"             {'received':<10} {clean.quotation(finding.received)}")
            lines += (
                f"             {name:<10} {clean.prose(part)}"
                for name, part in (("expected", finding.expected), ("fix", finding.fix))
            )
        for each in lines:
            tell(each)
