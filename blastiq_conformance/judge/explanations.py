"""One cause, one finding (D26): the table of the failures that are only effects of another one."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from blastiq_conformance.catalogue import Outcome, Result, Severity, worst


class Reach(Enum):
    """How far an explanation goes."""

    LATER = "from the same exchange on"
    SCENARIO_RUN = "in the whole scenario run"
    RUN = "in every scenario run of the client"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A failure of `cause` explains those of `effects`, except findings about the parameter `but`."""

    cause: str
    effects: frozenset[str]
    reach: Reach
    but: str = ""


def _because_of(cause: int, effects: str, reach: Reach = Reach.LATER, but: str = "") -> Explanation:
    numbers = frozenset(f"BIQ{number}" for number in effects.split())
    return Explanation(cause=f"BIQ{cause:03}", effects=numbers, reach=reach, but=but)


EXPLANATIONS = (
    # A client that accepts any certificate accepts those with another name or date as well.
    _because_of(2, "003 004", Reach.RUN),
    # The client misreads an answer with an odd lifetime, so what becomes of its token is no matter of renewal or pace.
    _because_of(405, "501 825"),
    # The client took an endpoint over plain http from discovery, so the password travels over plain http.
    _because_of(105, "001"),
    # A client that goes on without a discovery document asks for a token wherever that leads.
    _because_of(106, "001 103"),
    # A client that has a token endpoint of its own knows no query of the advertised one.
    _because_of(103, "204", Reach.RUN),
    # A body that is missing, or in another format than its label says, cannot be read as a form, and is refused.
    _because_of(202, "203 205 206 207 208 213 214 215 218 301 302 303 304 807"),
    # The client waited for a person, so nothing was done.
    _because_of(309, "808"),
    # The client waits for an id_token, and usually none comes.
    _because_of(414, "808", Reach.RUN),
    # The client accepts no answer without a refresh token, neither to a sign-in nor to a renewal.
    _because_of(415, "501", Reach.SCENARIO_RUN),
    # Whoever makes nothing of a renewal with a new refresh token makes nothing of one without; to send a refresh
    # without a refresh token is another mistake.
    _because_of(501, "415", Reach.RUN, but="refresh_token"),
    # A client that fails on any unknown member fails on an id_token as well.
    _because_of(401, "414", Reach.RUN),
    # The client throws away a token that it cannot decode, in any scenario in which the token happens to be such.
    _because_of(406, "605", Reach.RUN),
    # A client that sends no user name or password at all, or another one, does not send an odd one either.
    _because_of(207, "301 303 304", Reach.RUN),
    _because_of(208, "301 303 304", Reach.RUN),
    # Whoever lower-cases, trims or normalises changes ordinary values as well, where they have something to change.
    _because_of(302, "207 208", Reach.RUN),
    # A token in the wrong place is refused, however new it is.
    _because_of(601, "501"),
    _because_of(602, "501"),
    # Two headers with a token are refused after every renewal; 501 names the call before it.
    _because_of(603, "501", Reach.SCENARIO_RUN),
    # A client that goes on without a token renews nothing and waits for nothing, and no call of it works.
    *(_because_of(cause, "501 803 807 827", Reach.SCENARIO_RUN) for cause in (408, 409, 410, 412)),
    # It sends something else in its place, again and again perhaps, and has nothing to refresh it with; so does one
    # that an outage has poisoned.
    *(_because_of(cause, "502 604 607") for cause in (408, 409, 410)),
    _because_of(807, "604", Reach.SCENARIO_RUN),
    # An answer that was cut off and repaired holds half a token.
    _because_of(412, "604", Reach.SCENARIO_RUN),
    # Whoever misreads the JSON of an answer takes another text out of it for the token.
    _because_of(411, "604", Reach.SCENARIO_RUN),
    # Built-in values are sent where none were given, and where odd ones were.
    _because_of(305, "207 208 301 302 303 304", Reach.RUN),
    # A client that was given no user name and password, and asks all the same, has none to send.
    _because_of(308, "207 208"),
    # What stands behind an ampersand in a raw value becomes a parameter.
    _because_of(301, "215"),
    # What stands in the header is often missing in the form; and a header made of the credentials is there where none
    # were given.
    _because_of(217, "207 208 216 301 303 304", Reach.RUN),
    # A secret in a URL is shown with the URL when an error is reported.
    _because_of(704, "706", Reach.RUN),
    # A client that cuts long values cuts some of them before a special character.
    _because_of(304, "301", Reach.RUN),
    # A client that renews without end exceeds the limits.
    _because_of(607, "821 822", Reach.SCENARIO_RUN),
    # A client that retries without backoff exceeds the limits as well.
    _because_of(802, "821 822"),
    # A client that asks first without its client id and then with it does so in renewals too, and at once.
    _because_of(206, "503 803 827", Reach.RUN),
    # A client that accepts any kind of token sends it under the scheme that token_type names.
    _because_of(403, "601"),
    # A client that signs in for each call does so after a 403 as well.
    _because_of(605, "608", Reach.RUN),
    # Ten thousand requests exceed the limits as well.
    _because_of(809, "821 822 823", Reach.SCENARIO_RUN),
    # Callers that renew at once use up each other's refresh tokens, and replace tokens that are still good.
    _because_of(510, "505 508 605", Reach.SCENARIO_RUN),
    # A redirect that is followed may leave TLS, change the method, and lose the header that names the client.
    _because_of(7, "001 201 206"),
    # Parallel calls leave no pause and share an expired token; where answers are quick, they hardly overlap.
    _because_of(824, "405 825", Reach.RUN),
    # A token that is sent in another form than it was issued in is refused, renewed, and refused again.
    _because_of(604, "415 501 601 605 607 806"),
)

CAUSES = frozenset(explanation.cause for explanation in EXPLANATIONS)
_NEAR = [explanation for explanation in EXPLANATIONS if explanation.reach is not Reach.RUN]
_FAR = [explanation for explanation in EXPLANATIONS if explanation.reach is Reach.RUN]


# Whatever a rule finds wrong with a request explains that the request was refused.
_REFUSED = "BIQ808"
# But what a client does once it was refused does not.
_REACTIONS = frozenset({_REFUSED, *(f"BIQ{number}" for number in (508, 607, 608, 801, 802, 803, 805, 827))})


def explained(runs: Sequence[Sequence[Result]]) -> list[tuple[Result, ...]]:
    """Take out of the results of each scenario run what another rule explains (D36).

    A rule with no finding left cannot tell.
    """
    # A failure that another one in its own run explains does not explain others elsewhere: near causes come first.
    near = [_refused_for_a_reason(_explained_in(results, _NEAR)) for results in runs]
    failed = {each.cause for each in _FAR if any(_first(each.cause, results) is not None for results in near)}
    return [_explained_in(results, [each for each in _FAR if each.cause in failed]) for results in near]


def _explained_in(results: Sequence[Result], explanations: Iterable[Explanation]) -> tuple[Result, ...]:
    causes: dict[str, dict[str, int]] = {}
    but: set[tuple[str, str]] = set()
    for explanation in explanations:
        since = 0 if explanation.reach is Reach.RUN else _first(explanation.cause, results)
        if since is not None:
            for effect in explanation.effects:
                causes.setdefault(effect, {})[explanation.cause] = since if explanation.reach is Reach.LATER else 0
                but.add((effect, explanation.but))
    return tuple(
        _without_effects(result, causes[result.rule], but) if result.rule in causes else result for result in results
    )


def _refused_for_a_reason(results: tuple[Result, ...]) -> tuple[Result, ...]:
    """Explain a refusal by an error of any other rule up to it, or by anything but an info about the request itself."""
    refused = next((result for result in results if result.rule == _REFUSED), None)
    number = next((x.exchange for x in refused.findings if x.exchange is not None), None) if refused else None
    if refused is None or number is None:
        return results
    causes = {
        finding.rule: finding.exchange
        for result in results
        for finding in result.findings
        if finding.exchange is not None
        and finding.rule not in _REACTIONS
        and (
            (finding.severity is Severity.ERROR and finding.exchange <= number)
            or (finding.severity is not Severity.INFO and finding.exchange == number)
        )
    }
    return tuple(_without_effects(x, causes) if causes and x is refused else x for x in results)


def _first(rule: str, results: Iterable[Result]) -> int | None:
    """Give the first exchange in which a rule failed, 0 where none is named; None where it did not fail."""
    failed = next((result for result in results if result.rule == rule and result.outcome is Outcome.FAILED), None)
    findings = failed.findings if failed is not None else ()
    return min((x.exchange or 0 for x in findings if x.severity is not Severity.INFO), default=None)


def _without_effects(result: Result, causes: Mapping[str, int], but: Container[tuple[str, str]] = ()) -> Result:
    if result.outcome is not Outcome.FAILED:
        return result
    since = min(causes.values())
    left = tuple(
        x
        for x in result.findings
        if (x.exchange is not None and x.exchange < since) or (x.parameter and (x.rule, x.parameter) in but)
    )
    if left:
        return replace(result, findings=left, severity=worst(left))
    names = tuple(sorted(causes))
    reason = f"explained by {', '.join(names)}"
    return replace(result, outcome=Outcome.CANT_TELL, severity=None, findings=(), reason=reason, explained=names)
