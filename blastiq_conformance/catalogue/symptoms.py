"""What can be seen of a client that does not do its work, by which a scenario run is compared with its control."""

from collections.abc import Iterator
from enum import StrEnum

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.clients import clients
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
    """Name what the beginning of a scenario run shows, up to this number of good calls of the API.

    What went wrong after them says nothing about a run in which fewer calls were asked for (D36).
    """
    return frozenset((*_of_traffic(evidence), *_of_process(evidence, calls)))


def _of_traffic(evidence: Evidence) -> Iterator[Symptom]:
    if not evidence.judged:
        yield Symptom.NO_REQUEST
    if not evidence.token_requests:
        yield Symptom.NO_TOKEN_REQUEST
    if not evidence.used_tokens:
        yield Symptom.NO_CALL
    # All tokens of each client, not those of the beginning: when a worker gets its own is a matter of chance.
    if any(any(client.fetches) for client in clients(evidence)):
        yield Symptom.NEW_TOKEN_PER_CALL
    if any(len(client.issued) > 1 for client in clients(evidence)):
        yield Symptom.NEEDLESS_TOKENS
    if evidence.judged and evidence.judged[-1].code >= 400:
        yield Symptom.LAST_ANSWER_REFUSED


def _of_process(evidence: Evidence, calls: int) -> Iterator[Symptom]:
    child, asked = evidence.process, evidence.facts.api_calls
    too_short = len(evidence.good_calls) < min(calls, asked)
    if too_short:
        yield Symptom.FEWER_CALLS
    # How the process ended belongs to the beginning where no more calls were asked for, it never got that far, or no
    # later call went wrong either.
    if not (too_short or asked <= calls or evidence.worked):
        return
    if child.exit_status not in {0, None}:
        yield Symptom.EXIT_STATUS
    if (child.exit_status or 0) < 0 or find_stack_trace(child.stderr) is not None:
        yield Symptom.CRASH
    if child.timed_out and not evidence.worked:
        yield Symptom.HUNG
