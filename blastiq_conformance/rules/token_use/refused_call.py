"""BIQ607 and BIQ608: a refused call leads to one renewal and one more try after 401, and to none after 403."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from blastiq_conformance.catalogue import Level, Problem, Problems, rule
from blastiq_conformance.catalogue.example_messages import (
    REFRESH_2,
    RENEWED,
    TOKEN_1,
    TOKEN_2,
    TOKEN_3,
    called,
    died,
    granted,
    refreshed,
    signed_in,
    story,
)
from blastiq_conformance.evidence import ApiCall, Evidence, TokenRequest, where
from blastiq_conformance.evidence.clients import AT_ONCE, Client, between, clients
from blastiq_conformance.evidence.workers import workers

# A call and its second try.
_TRIES = 2
# In a recording nobody knows how many calls were meant: this long after the last one, it is another,
_NEW_CALL = 10.0
# and only more in a row than these are a loop for certain.
_STORM = 10
_DOUBT = "nothing shows whether these were tries of one call, or several calls that were given up"


@rule(
    id="BIQ607",
    level=Level.MUST,
    title="After a 401 the token is renewed once and the call repeated once",
    why="A fresh token that is also refused will not be accepted the third time. A client that goes on signs in "
    "endlessly: that locks accounts, uses up the limits of all of the vendor's customers, and hides the cause.",
    instead="Renew once, repeat once; if the API still answers 401, report an error and stop.",
    references=("RFC 6750 3.1",),
    fixes={
        "axios interceptors": "mark the request (config._retried = true) and do not renew for a marked one",
        "OkHttp Authenticator": "return null once response.priorResponse() is not null",
    },
    good=story(signed_in(), died(), RENEWED, died(TOKEN_2), "exit: 1"),
    bad=story(
        signed_in(),
        died(),
        RENEWED,
        died(TOKEN_2),
        refreshed(REFRESH_2, granted(TOKEN_3, "")),
        died(TOKEN_3),
        signed_in(granted(TOKEN_1)),
        died(TOKEN_1),
        "exit: 1",
    ),
    select=where(lambda evidence: any(call.status == 401 for call in evidence.api_calls)),
)
def unauthorized_loop(evidence: Evidence) -> Problems:
    """Count the tries of each call, and the 401s in a row against the number of calls that can have been meant."""
    for worker in (worker for client in clients(evidence) for worker in workers(client)):
        for run in _runs(worker.calls):
            targets = len({call.request.target for call in run})
            meant = max(evidence.facts.api_calls, evidence.facts.concurrency, targets, _at_once(run))
            # A service begins its next job whatever became of the last one, so nobody knows how many it means.
            allowed = max(_TRIES * meant, _STORM if evidence.facts.service else 0)
            tries = next((tries for tries in _calls(evidence, worker.token_requests, run) if len(tries) > _TRIES), None)
            loop = _is_loop(evidence, run, tries, allowed)
            if loop is not False:
                yield replace(_problem(run, tries, allowed), doubt="" if loop else _DOUBT)


def _is_loop(evidence: Evidence, run: Sequence[ApiCall], tries: Sequence[ApiCall] | None, allowed: int) -> bool | None:
    """Whether so many 401s are a loop; None where nobody can tell."""
    too_many = len(run) > allowed
    # Nobody knows what a recorded client was to do: only a storm is too much for any.
    if too_many and (evidence.child is not None or len(run) > _STORM):
        return True
    parted = _parts_calls(evidence.control) if tries else False
    return None if too_many and not parted else parted


def _parts_calls(control: Evidence | None) -> bool | None:
    """Whether a worker's calls are apart where nothing is odd, with no token request in between; None: unknown.

    If not, a third try may be the next call, of jobs that sign in and follow each other without a pause.
    """
    if control is None or len(control.good_calls) < _TRIES:
        return None
    return all(
        call.exchange.started - before.exchange.ended >= AT_ONCE
        and not between(worker.token_requests, before.exchange.number, call.exchange.number)
        for client in clients(control)
        for worker in workers(client)
        for before, call in pairwise(worker.calls)
    )


def _at_once(run: Sequence[ApiCall]) -> int:
    """Count the calls that were under way when the first 401 came: none of them can be a retry (BIQ824)."""
    return sum(call.exchange.started < run[0].exchange.ended for call in run)


def _problem(run: Sequence[ApiCall], tries: Sequence[ApiCall] | None, allowed: int) -> Problem:
    calls, allowed = (tries, _TRIES) if tries else (run, allowed)
    return Problem(
        message="the API was called again and again though it answered 401 each time",
        expected=f"at most {allowed} calls: one renewal and one more try for each that was asked for",
        received=f"{len(calls)} calls{', each right after a renewal,' if tries else ' in a row'} were answered 401",
        exchange=calls[allowed].exchange.number,
    )


def _calls(evidence: Evidence, requests: Sequence[TokenRequest], run: Sequence[ApiCall]) -> Iterator[Sequence[ApiCall]]:
    """Part a row of 401s into calls with their retries; nothing where times or callers do not tell them apart."""
    if len(run) <= _TRIES or not evidence.timed or evidence.facts.concurrency:
        return
    tries = list(run[:1])
    for before, call in pairwise(run):
        asked = between(requests, before.exchange.number, call.exchange.number)
        renewals = [request.exchange for request in asked]
        # A client that waits before each call may have signed in for the next one before it waited.
        soon = (
            renewals
            and renewals[0].started - before.exchange.ended < AT_ONCE
            and call.exchange.started - renewals[-1].ended < AT_ONCE
        )
        if not soon or call.request.target != before.request.target:
            yield tries
            tries = []
        tries.append(call)
    yield tries


def _runs(calls: Sequence[ApiCall]) -> Iterator[Sequence[ApiCall]]:
    run: list[ApiCall] = []
    for call in calls:
        late = run and call.exchange.started - run[-1].exchange.ended > _NEW_CALL
        if run and (call.status != 401 or late):
            yield run
            run = []
        if call.status == 401:
            run.append(call)
    if run:
        yield run


# One is a misunderstanding, the second a loop.
_ALLOWED = 1
_FORBIDDEN = "403 Forbidden"


@rule(
    id="BIQ608",
    level=Level.SHOULD_NOT,
    title="After a 403 no new token is fetched",
    why="403 says that the token is valid and its owner may not do this: the Service User sees only a single site. A "
    "new token of the same user may not do it either, so renewing only repeats the refusal.",
    instead="Report that the Service User has no access to this, and stop; renew on 401 alone.",
    references=("RFC 6750 3.1", "A9"),
    good=story(signed_in(), called(status=_FORBIDDEN), "exit: 1"),
    bad=story(
        signed_in(),
        called(status=_FORBIDDEN),
        RENEWED,
        called(TOKEN_2, _FORBIDDEN),
        refreshed(REFRESH_2, granted(TOKEN_3, "")),
        called(TOKEN_3, _FORBIDDEN),
        "exit: 1",
    ),
    select=where(lambda evidence: 403 in evidence.statuses and any(x.status == 403 for x in evidence.api_calls)),
)
def forbidden_renewed(evidence: Evidence) -> Problems:
    """Count the tokens that a client fetched right after a 403."""
    for client in clients(evidence):
        renewals = list(_forbidden_renewals(client))
        if len(renewals) > _ALLOWED:
            yield Problem(
                message="a new token was fetched because the API answered 403",
                expected="an error: the token is valid, but its owner may not do this",
                received=f"{len(renewals)} token requests, each right after a 403",
                exchange=renewals[0],
            )


def _forbidden_renewals(client: Client) -> Iterator[int]:
    users: set[str | None] = set()
    forbidden, last = False, client.token_requests[0].exchange if client.token_requests else None
    steps: list[TokenRequest | ApiCall] = [*client.token_requests, *client.calls]
    for each in sorted(steps, key=lambda each: each.exchange.number):
        if isinstance(each, TokenRequest):
            # The first sign-in of a user, or of a process, is not a renewal: another one was refused before it.
            restarted = last is not None and client.may_restart(last, each.exchange)
            if forbidden and (each.is_refresh or (not restarted and each.value("username") in users)):
                yield each.exchange.number
            users.add(each.value("username"))
            last = each.exchange
        forbidden = each.status == 403
