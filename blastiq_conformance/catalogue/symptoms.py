"""What can be seen of a client that does not do its work: the words in which a play and its control are compared."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.clients import Client, clients
from blastiq_conformance.evidence.stack_trace import find_stack_trace


class Symptom(StrEnum):
    """What a client did, in words that complete "it …"."""

    NO_REQUEST = "sent no request"
    NO_TOKEN_REQUEST = "made no token request"  # noqa: S105 - words, not a token
    NO_CALL = "made no call of the API with its token"
    FEWER_CALLS = "made fewer good calls of the API than it was asked for"
    NEW_TOKEN_PER_CALL = "got a new token between its calls of the API"  # noqa: S105 - words, not a token
    NEEDLESS_TOKENS = "got a new token while the one before was good"
    EXIT_STATUS = "ended with an exit status other than 0"
    CRASH = "crashed"
    HUNG = "still ran at its timeout"
    LAST_ANSWER_REFUSED = "ended on a refused request"


def symptoms(evidence: Evidence, calls: int) -> frozenset[Symptom]:
    """Name what the beginning of a play shows: as far as so many good calls of the API.

    What went wrong only after them says nothing of a play in which fewer calls were asked for (D36).
    """
    beginning = _Beginning(evidence, calls)
    return frozenset(symptom for symptom, shows in _SHOWN_BY.items() if shows(beginning))


@dataclass(frozen=True, slots=True)
class _Beginning:
    """A play as far as so many good calls of the API."""

    evidence: Evidence
    calls: int

    @property
    def clients(self) -> tuple[Client, ...]:
        """Its clients, each with all its tokens: when a worker gets its own is a matter of chance."""
        return clients(self.evidence)

    @property
    def too_short(self) -> bool:
        """Whether it never came so far, though it was asked to."""
        good = sum(call.accepted for call in self.evidence.api_calls)
        return good < min(self.calls, self.evidence.facts.api_calls)

    @property
    def ended(self) -> bool:
        """Whether how the process ended belongs to the beginning: it was asked for no more, or never came so far."""
        return self.evidence.child is not None and (self.evidence.facts.api_calls <= self.calls or self.too_short)

    @property
    def failed(self) -> bool:
        """Whether the process ended with another exit status than 0."""
        return self.ended and self.evidence.child is not None and self.evidence.child.exit_status not in {0, None}

    @property
    def crashed(self) -> bool:
        """Whether it was ended by a signal, or printed a stack trace."""
        child = self.evidence.child
        if child is None or not self.ended:
            return False
        return (child.exit_status or 0) < 0 or find_stack_trace(child.stderr) is not None

    @property
    def hung(self) -> bool:
        """Whether it had to be ended with its work undone."""
        child = self.evidence.child
        return self.ended and child is not None and child.timed_out and not self.evidence.worked

    @property
    def refused_at_last(self) -> bool:
        """Whether the last answer of all was an error."""
        last = self.evidence.judged[-1].response if self.evidence.judged else None
        return last is not None and last.status >= 400


_SHOWN_BY: Mapping[Symptom, Callable[[_Beginning], bool]] = {
    Symptom.NO_REQUEST: lambda scenario_run: not scenario_run.evidence.judged,
    Symptom.NO_TOKEN_REQUEST: lambda scenario_run: not scenario_run.evidence.token_requests,
    Symptom.NO_CALL: lambda scenario_run: not scenario_run.evidence.used_tokens,
    Symptom.FEWER_CALLS: lambda scenario_run: scenario_run.too_short,
    Symptom.NEW_TOKEN_PER_CALL: lambda scenario_run: any(any(client.fetches) for client in scenario_run.clients),
    Symptom.NEEDLESS_TOKENS: lambda scenario_run: any(len(client.issued) > 1 for client in scenario_run.clients),
    Symptom.EXIT_STATUS: lambda scenario_run: scenario_run.failed,
    Symptom.CRASH: lambda scenario_run: scenario_run.crashed,
    Symptom.HUNG: lambda scenario_run: scenario_run.hung,
    Symptom.LAST_ANSWER_REFUSED: lambda scenario_run: scenario_run.refused_at_last,
}
