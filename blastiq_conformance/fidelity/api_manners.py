"""What recordings show of the API: how many calls it allows, and what it says with a refusal."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from blastiq_conformance.evidence.grouping import grouped
from blastiq_conformance.fidelity.witness import moment_of
from fake_idp.classify import Kind
from fake_idp.journal import Exchange
from fake_idp.server_config import ARTICLE_LIMITS
from fake_idp.wire import Json, Response

Limit: TypeAlias = tuple[int, int]

_TOO_MANY = 429
# `20;w=10` and `"name";q=20;w=10`, as drafts of the IETF have it.
_POLICIES = ("ratelimit-policy", "ratelimit-limit", "x-ratelimit-limit")
_POLICY = re.compile(r"(\d+)\s*;\s*w=(\d+)")
# The message of AspNetCoreRateLimit.
_ADMITTED = re.compile(r"maximum admitted (\d+) per (\d+)([smhd])")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
# Times that people choose. Retry-After is up to a second too long, and a Date up to one too early.
_SPANS = (1, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 14_400, 86_400)
_SLACK = 1.5


class _Call(NamedTuple):
    at: float
    status: int
    wait: float | None


def api_answers(exchanges: Iterable[Exchange]) -> Iterator[tuple[Exchange, Response]]:
    """Give the calls of the API that were answered."""
    yield from ((each, each.response) for each in exchanges if each.kind is Kind.API and each.response is not None)


def read_limits(exchanges: Sequence[Exchange]) -> tuple[Limit, ...]:
    """Read the limits that the API announces, or else shows; the article's if it does neither."""
    if announced := {found for _, answer in api_answers(exchanges) for found in _announced(answer)}:
        return tuple(sorted(announced, key=lambda limit: limit[1]))
    calls = [sorted(each) for each in grouped(_calls(exchanges)).values()]
    shown = {found for each in calls for found in _shown(each)}
    if shown - set(ARTICLE_LIMITS):
        return tuple(sorted(shown, key=lambda limit: limit[1]))
    return () if not shown and any(map(_is_unlimited, calls)) else ARTICLE_LIMITS


def read_refusals(exchanges: Iterable[Exchange]) -> dict[int, dict[str, Json]]:
    """Give the members of the body that the API sends with a status, if it always sends the same."""
    refusals = (answer for _, answer in api_answers(exchanges) if answer.status in {401, 403, _TOO_MANY})
    said = grouped((answer.status, answer.json) for answer in refusals)
    found = ((status, bodies[0]) for status, bodies in said.items() if all(each == bodies[0] for each in bodies))
    return {status: body for status, body in found if isinstance(body, dict) and body}


def _announced(answer: Response) -> Iterator[Limit]:
    for name in _POLICIES:
        for calls, seconds in _POLICY.findall(", ".join(answer.headers.get_all(name))):
            yield int(calls), int(seconds)
    if answer.status == _TOO_MANY:
        for calls, number, unit in _ADMITTED.findall(answer.body.decode("latin-1")):
            yield int(calls), int(number) * _UNITS[unit]


def _calls(exchanges: Iterable[Exchange]) -> Iterator[tuple[str, _Call]]:
    for each, answer in api_answers(exchanges):
        if (moment := moment_of(each)) is not None:
            wait = answer.headers.get("retry-after") or ""
            call = _Call(moment.seconds, answer.status, float(wait) if wait.isdecimal() else None)
            yield each.request.headers.get("authorization") or "", call


def _shown(calls: Sequence[_Call]) -> Iterator[Limit]:
    """Give each limit by which a call was refused: its oldest call is forgotten when the answer says."""
    for number, refused in enumerate(calls):
        if refused.status != _TOO_MANY or refused.wait is None:
            continue
        accepted = [each.at for each in calls[:number] if each.status < 300]
        for span in _SPANS:
            within = [at for at in accepted if at > refused.at - span]
            if len(within) > 1 and abs(within[0] + span - refused.at - refused.wait) <= _SLACK:
                yield len(within), span
                break


def _is_unlimited(calls: Sequence[_Call]) -> bool:
    """Tell whether a token was let in more often than the article allows, and nothing was refused for that."""
    most, seconds = ARTICLE_LIMITS[0]
    accepted = [each.at for each in calls if each.status < 300]
    ahead = zip(accepted, accepted[most:], strict=False)
    return all(each.status != _TOO_MANY for each in calls) and any(b - a < seconds - 1 for a, b in ahead)
