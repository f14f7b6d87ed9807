"""What the client did in a scenario run, in one sentence: how far it got, how it ended, its last output.

Or why that proves nothing.
"""

import signal
from itertools import pairwise

from blastiq_conformance.evidence import Child, Evidence
from blastiq_conformance.evidence.quotation import quote

_LINES = 6


def conduct(evidence: Evidence) -> str:
    """Tell it for a `Text`: "signed in, made no call of the API, ended with exit status 1; its last words: …"."""
    child = evidence.process
    return f"{_progress(evidence)}, {_ending(evidence, child)}{_last_words(child, benign=evidence.facts.benign)}"


def was_at_work(evidence: Evidence) -> bool:
    """Whether the process ran into its timeout between two requests, its last pause no longer than those before."""
    idle = evidence.process.idle
    if idle is None or evidence.worked or not evidence.api_calls:
        return False
    return idle <= max((later.started - earlier.ended for earlier, later in pairwise(evidence.judged)), default=0.0)


def lateness(evidence: Evidence) -> str:
    """Say why what the client did proves nothing; empty where the kit itself was not late (D55)."""
    if not (seconds := evidence.facts.held_up):
        return ""
    return (
        f"the kit itself was held up for {seconds:.1f} s (an overloaded machine, or a stopped process), and a right "
        "client may have given up meanwhile; run it again where less else runs"
    )


def _progress(evidence: Evidence) -> str:
    if evidence.api_calls:
        asked = max(evidence.facts.api_calls, len(evidence.api_calls))
        return f"signed in, {len(evidence.good_calls)} of {asked} calls of the API went well"
    if evidence.access_tokens:
        return "signed in, made no call of the API"
    if evidence.token_requests:
        return "asked for a token and got none"
    return "read the discovery document, asked for no token" if evidence.discoveries else "asked for no token"


def _ending(evidence: Evidence, child: Child) -> str:
    status = child.exit_status
    if child.stopped:
        return "was quiet and was stopped"
    if was_at_work(evidence):
        return "was still at work at its timeout"
    if child.timed_out or status is None:
        return "did nothing more until its timeout"
    return f"was ended by {signal_name(-status)}" if status < 0 else f"ended with exit status {status}"


def signal_name(number: int) -> str:
    """Name a signal as its constant does, by its number where it has none."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _last_words(child: Child, *, benign: bool) -> str:
    lines = [line.strip() for line in child.last_words if line.strip()][-_LINES:]
    if lines:
        return f"; its last words: {quote(' / '.join(lines))}"
    # Elsewhere the output was not kept.
    return "; it wrote nothing" if benign and child.exit_status not in {0, None} else ""
