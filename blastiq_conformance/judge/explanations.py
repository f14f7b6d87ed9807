"""One cause, one rule (D26): which failures are only the effects of another one, in one table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from blastiq_conformance.catalogue import Outcome, Result, Severity

# The article's own demands are judged whatever else is wrong.
NEVER_SILENCED = frozenset({"BIQ209", "BIQ210", "BIQ211", "BIQ212"})


class Reach(Enum):
    """How far an explanation goes."""

    LATER = "from the same exchange on"
    SCENARIO_RUN = "in the whole play"
    RUN = "in every play of the client"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A failure of `cause` explains those of `effects`."""

    cause: str
    effects: frozenset[str]
    reach: Reach


def _because_of(cause: int, effects: str, reach: Reach = Reach.LATER) -> Explanation:
    numbers = frozenset(f"BIQ{number}" for number in effects.split())
    return Explanation(cause=f"BIQ{cause:03}", effects=numbers, reach=reach)


EXPLANATIONS = (
    # Who takes any certificate takes those with another name or date as well.
    _because_of(2, "003 004", Reach.RUN),
    # An answer in which the lifetime is odd is misread, so what becomes of its token is no matter of renewal or pace.
    _because_of(405, "501 825"),
    # An endpoint over plain http was taken from discovery, so the password travels over plain http.
    _because_of(105, "001"),
    # Who goes on without a discovery document asks wherever that leads.
    _because_of(106, "001 103"),
    # A body in another format than its label says cannot be read as a form.
    _because_of(202, "203 205 206 207 208 213 214 215 218 301 302 303 304"),
    # A person was waited for, so nothing was done.
    _because_of(309, "808"),
    # An id_token is waited for, and usually none comes.
    _because_of(414, "808", Reach.RUN),
    # An answer without a refresh token is not taken, whether it is to a sign-in or to a renewal.
    _because_of(415, "501", Reach.SCENARIO_RUN),
    # Who is stopped by any unknown member is stopped by an id_token as well.
    _because_of(401, "414", Reach.RUN),
    # A token that cannot be read inside is thrown away, in any scenario in which its bytes happen to be such.
    _because_of(406, "605", Reach.RUN),
    # Who sends no user name or password at all, or another one, sends no odd one either.
    _because_of(207, "301 302 303 304", Reach.RUN),
    _because_of(208, "301 302 303 304", Reach.RUN),
    # A token that is sent to the wrong place is refused, however new it is.
    _because_of(601, "501"),
    _because_of(602, "501"),
    # Who takes a refusal of the token endpoint for an answer renews nothing, and waits for nothing.
    _because_of(408, "501 803 807 827", Reach.RUN),
    # Where no token came, something else is sent in its place; a program that an outage has poisoned does the same.
    _because_of(408, "604"),
    _because_of(409, "604"),
    _because_of(410, "604"),
    _because_of(807, "604", Reach.SCENARIO_RUN),
    # An answer that was cut off and mended holds half a token.
    _because_of(412, "604", Reach.SCENARIO_RUN),
    # Values that are built in are sent where none were given.
    _because_of(305, "207 208", Reach.RUN),
    # Who was given no user name and password, and asks all the same, has none to send.
    _because_of(308, "207 208"),
    # A header made of the credentials is there where none were given.
    _because_of(217, "216", Reach.RUN),
    # What stands in an address is shown with it, when an error is told.
    _because_of(704, "706", Reach.RUN),
    # What is always written out is written out after an error too.
    _because_of(701, "706", Reach.RUN),
    # Who calls a server in trouble again and again exceeds the limits as well.
    _because_of(802, "821 822"),
    # Who asks first without its client id, and then with it, does so in renewals too, and at once where it is refused.
    _because_of(206, "503 803 827", Reach.RUN),
    # Who takes any kind of token sends it as the kind that it is said to be.
    _because_of(403, "601"),
    # Who asks ten thousand times exceeds the limits as well.
    _because_of(809, "821 822 823", Reach.SCENARIO_RUN),
    # Callers that renew at once use up each other's refresh tokens, and replace tokens that are still good.
    _because_of(510, "505 508 605", Reach.SCENARIO_RUN),
    # A redirect that is followed may leave TLS, and change the method.
    _because_of(7, "001 201"),
    # Calls that are made at once leave no pause and share a token that is over; where answers are quick, they hardly
    # overlap.
    _because_of(824, "405 825", Reach.RUN),
    # A token that is sent in another form than it was issued is refused, renewed, and refused again.
    _because_of(604, "415 501 601 605 607 806"),
)

CAUSES = frozenset(explanation.cause for explanation in EXPLANATIONS)
_NEAR = [explanation for explanation in EXPLANATIONS if explanation.reach is not Reach.RUN]
_FAR = [explanation for explanation in EXPLANATIONS if explanation.reach is Reach.RUN]


# What is wrong with a request, whichever rule says so, explains that the request was refused.
_REFUSED = "BIQ808"


def explained(played: Sequence[Sequence[Result]]) -> list[tuple[Result, ...]]:
    """Take out of each play's results what another rule explains; a rule with nothing left cannot tell (D36)."""
    # What is itself explained where it failed explains nothing elsewhere: so the near causes come first.
    near = [_refused_for_a_reason(_explained_in(results, _NEAR)) for results in played]
    failed = {each.cause for each in _FAR if any(_first(each.cause, results) is not None for results in near)}
    return [_explained_in(results, [each for each in _FAR if each.cause in failed]) for results in near]


def _explained_in(results: Sequence[Result], explanations: Iterable[Explanation]) -> tuple[Result, ...]:
    causes: dict[str, dict[str, int]] = {}
    for explanation in explanations:
        since = 0 if explanation.reach is Reach.RUN else _first(explanation.cause, results)
        if since is not None:
            for effect in explanation.effects:
                causes.setdefault(effect, {})[explanation.cause] = since if explanation.reach is Reach.LATER else 0
    return tuple(
        _without_effects(result, causes[result.rule]) if result.rule in causes else result for result in results
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
        and finding.rule != _REFUSED
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


def _without_effects(result: Result, causes: Mapping[str, int]) -> Result:
    if result.outcome is not Outcome.FAILED:
        return result
    since = min(causes.values())
    left = tuple(x for x in result.findings if x.exchange is not None and x.exchange < since)
    if left:
        worst = max((finding.severity for finding in left), key=lambda severity: severity.rank)
        return replace(result, findings=left, severity=worst)
    names = tuple(sorted(causes))
    reason = f"explained by {', '.join(names)}"
    return replace(result, outcome=Outcome.CANT_TELL, severity=None, findings=(), reason=reason, explained=names)
