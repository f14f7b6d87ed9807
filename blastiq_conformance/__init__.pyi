from blastiq_conformance.catalogue import Finding, Outcome, Profile, Result, Rule, Severity
from blastiq_conformance.evidence import Evidence, Facts
from blastiq_conformance.plugin.block import fake_blastiq
from blastiq_conformance.plugin.door import BlastiqUntested, BlastiqViolation, BlastiqWarning, Door
from blastiq_conformance.plugin.live import LiveServer

__version__: str
__all__ = [
    "BlastiqUntested",
    "BlastiqViolation",
    "BlastiqWarning",
    "Door",
    "Evidence",
    "Facts",
    "Finding",
    "LiveServer",
    "Outcome",
    "Profile",
    "Result",
    "Rule",
    "Severity",
    "__version__",
    "fake_blastiq",
]
