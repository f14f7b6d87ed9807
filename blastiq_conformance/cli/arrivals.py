"""What `serve` tells while it runs: each request as it arrives, and what is wrong with it."""

from collections.abc import Iterable, Iterator, Sequence

from blastiq_conformance.catalogue import Finding
from blastiq_conformance.cli.output import tell
from blastiq_conformance.control.watch import Arrival, describe
from blastiq_conformance.evidence import Evidence, Facts
from blastiq_conformance.secrets.cleaner import Cleaner
from blastiq_conformance.writers.finding_text import word
from fake_idp.server_config import ServiceUser

# Clients call few addresses, and those again and again.
_REMEMBERED = 4_096


class Arrivals:
    """Prints what arrives, with its findings under it; no secret is in either."""

    def __init__(self, facts: Facts, people: Iterable[ServiceUser]) -> None:
        """Print what these facts explain; nothing of these people's is shown."""
        self._facts = facts
        given = tuple((user.username, user.password) for user in people)
        self._given = Evidence(exchanges=(), facts=Facts(other_users=given))
        self._harmless: set[str] = set()

    def __call__(self, arrivals: Sequence[Arrival], evidence: Evidence) -> None:
        """Print what came meanwhile; the evidence is what was seen last, where secrets stand beside people's."""
        described = [(*describe(entry, self._facts), findings) for entry, findings in arrivals]
        # Most requests break nothing and are like those before: then there is no evidence to look through.
        suspect = any(findings or line not in self._harmless for _, line, findings in described)
        clean = Cleaner([evidence, self._given] if suspect else [], live=True)
        lines: list[str] = []
        for number, line, findings in described:
            shown = line if line in self._harmless else clean.quotation(line)
            if shown == line and len(self._harmless) < _REMEMBERED:
                self._harmless.add(line)
            lines.append(f"{number:>3}  {shown}")
            lines += [text for finding in findings for text in _told(finding, clean)]
        for line in lines:
            tell(line)


def _told(finding: Finding, clean: Cleaner) -> Iterator[str]:
    yield f"       {word(finding.severity).text:<5} {finding.rule} {clean.prose(finding.message)}"
    yield f"             {'received':<10} {clean.quotation(finding.received)}"
    for name, part in (("expected", finding.expected), ("fix", finding.fix)):
        yield f"             {name:<10} {clean.prose(part)}"
