"""BIQ824: calls of the API follow each other."""

from collections.abc import Iterator

from blastiq_conformance.catalogue import Level, Problem, Severity, rule
from blastiq_conformance.catalogue.example_messages import called, signed_in, story
from blastiq_conformance.evidence import Evidence, where
from blastiq_conformance.rules.resilience.series import TOLERANCE, came_whole, has_sequential_calls


@rule(
    id="BIQ824",
    level=Level.SHOULD,
    severity=Severity.WARNING,
    title="Calls of the API are made one after the other",
    why="The API's page asks for sequential calls. Parallel ones multiply the load of one customer, and are the usual "
    "reason why the limit of 20 calls in 10 seconds is reached unexpectedly.",
    instead="Wait for an answer before the next call: a queue with a single worker.",
    references=("S sequential calls",),
    fixes={"Node": "for … of with await, not Promise.all", ".NET": "await in the loop, not Task.WhenAll"},
    good=story(signed_in(), called(), called()),
    bad=f"{story(signed_in(), called())}\ntook: 0.4\n### -0.3\n{called()}".replace("\ntook", "\n###\ntook"),
    select=where(has_sequential_calls),
)
def calls_overlap(evidence: Evidence) -> Iterator[Problem]:
    """Find calls that began before an earlier one had ended; when a client gave one up, only the client knows."""
    calls = sorted((call.exchange for call in evidence.api_calls), key=lambda exchange: exchange.started)
    overlapping, end = [], float("-inf")
    for call in calls:
        if call.started < end - TOLERANCE:
            overlapping.append(call)
        if came_whole(call):
            end = max(end, call.ended)
    if overlapping:
        yield Problem(
            message="calls of the API overlap",
            expected="one call after the other",
            received=f"{len(overlapping)} of {len(calls)} calls began before an earlier one had ended",
            exchange=overlapping[0].number,
        )
