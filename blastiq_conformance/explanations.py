"""One cause, one rule (D26): which failures are only the effects of another one, in one table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from blastiq_conformance.catalogue import Outcome, Result, Severity

# The article's own demands are judged whatever else is wrong.
NEVER_SILENCED = frozenset({"BIQ209", "BIQ210", "BIQ211", "BIQ212"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A failure of `cause` explains those of `effects` from the same exchange on; `everywhere`: in all other plays."""

    cause: str
    effects: frozenset[str]
    everywhere: bool = False


def _because_of(cause: int, effects: str, *, everywhere: bool = False) -> Explanation:
    numbers = frozenset(f"BIQ{number}" for number in effects.split())
    return Explanation(cause=f"BIQ{cause:03}", effects=numbers, everywhere=everywhere)


EXPLANATIONS = (
    # Who takes any certificate takes those with another name or date as well.
    _because_of(2, "003 004", everywhere=True),
    # An answer in which the lifetime is odd is misread, so what becomes of its token is no matter of renewal or pace.
    _because_of(405, "501 825"),
    # An endpoint over plain http was taken from discovery, so the password travels over plain http.
    _because_of(105, "001"),
    # A body in another format than its label says cannot be read as a form.
    _because_of(202, "203 205 206 207 208 213 214 215 218 301 302 303 304"),
    # A person was waited for, so nothing was done.
    _because_of(309, "808"),
    # An id_token is waited for, and usually none comes.
    _because_of(414, "808", everywhere=True),
    # An answer without a refresh token is not taken, so nothing is renewed either.
    _because_of(415, "501"),
    # Who calls a server in trouble again and again exceeds the limits as well.
    _because_of(802, "821 822"),
    # Who asks ten thousand times exceeds the limits as well.
    _because_of(809, "821 822 823"),
    # Callers that renew at once use up each other's refresh tokens.
    _because_of(510, "505 508"),
    # A redirect that leaves TLS takes the credentials along over plain http.
    _because_of(7, "001"),
    # Calls that are made at once leave no pause between them; where answers are quick, they hardly overlap.
    _because_of(824, "825", everywhere=True),
    # A token that is sent in another form than it was issued is refused, renewed, and refused again.
    _because_of(604, "501 601 605 607 806"),
)

CAUSES = frozenset(explanation.cause for explanation in EXPLANATIONS)


def explained(played: Sequence[Sequence[Result]]) -> list[tuple[Result, ...]]:
    """Take out of each play's results what another rule explains; a rule with nothing left cannot tell (D36)."""
    everywhere = {
        explanation.cause: 0
        for explanation in EXPLANATIONS
        if explanation.everywhere and any(_first(explanation.cause, results) is not None for results in played)
    }
    return [_explained_in(results, everywhere) for results in played]


def _explained_in(results: Sequence[Result], everywhere: Mapping[str, int]) -> tuple[Result, ...]:
    causes: dict[str, dict[str, int]] = {}
    for explanation in EXPLANATIONS:
        here = _first(explanation.cause, results)
        since = everywhere.get(explanation.cause) if explanation.everywhere else here
        if since is not None:
            for effect in explanation.effects:
                causes.setdefault(effect, {})[explanation.cause] = since
    return tuple(
        _without_effects(result, causes[result.rule]) if result.rule in causes else result for result in results
    )


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
