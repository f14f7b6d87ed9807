"""One cause, one rule (D26): what the table of explanations does to the results of plays that are judged together."""

import pytest

from blastiq_conformance.catalogue import Finding, Outcome, Result, Severity
from blastiq_conformance.evidence.quotation import Text
from blastiq_conformance.judge.explanations import EXPLANATIONS, Explanation, Reach, explained

EVERY_PAIR = [
    pytest.param(explanation, effect, id=f"{explanation.cause} {effect}")
    for explanation in EXPLANATIONS
    for effect in sorted(explanation.effects)
]
# Within a scenario run the nearer cause wins: there BIQ415 explains BIQ501, which explains it elsewhere.
_MUTUAL = {("BIQ501", "BIQ415")}
ONE_WAY = [pair for pair in EVERY_PAIR if tuple(str(pair.id).split()) not in _MUTUAL]


def failed(rule: str, exchange: int, parameter: str = "") -> Result:
    finding = Finding(
        rule=rule,
        severity=Severity.ERROR,
        message=Text("wrong"),
        expected=Text("this"),
        received=Text("that"),
        parameter=Text(parameter),
        exchange=exchange,
    )
    return Result(rule=rule, outcome=Outcome.FAILED, severity=Severity.ERROR, findings=(finding,), checked=1)


@pytest.mark.parametrize(("explanation", "effect"), ONE_WAY)
def test_an_effect_is_silent_beside_its_cause(explanation: Explanation, effect: str) -> None:
    """In the play of its cause an effect can't tell, and names the cause."""
    ((_, result),) = explained([(failed(explanation.cause, 3), failed(effect, 3))])
    assert (result.outcome, result.explained) == (Outcome.CANT_TELL, (explanation.cause,))


@pytest.mark.parametrize(("explanation", "effect"), EVERY_PAIR)
def test_an_effect_in_another_play(explanation: Explanation, effect: str) -> None:
    """In another play it is silent only where the cause explains it everywhere."""
    _, (result,) = explained([(failed(explanation.cause, 3),), (failed(effect, 3),)])
    assert (result.outcome is Outcome.CANT_TELL) == (explanation.reach is Reach.RUN)


@pytest.mark.parametrize(("explanation", "effect"), ONE_WAY)
def test_an_effect_before_its_cause(explanation: Explanation, effect: str) -> None:
    """What failed before the cause did is explained only where the cause reaches the whole play."""
    ((_, result),) = explained([(failed(explanation.cause, 3), failed(effect, 2))])
    assert (result.outcome is Outcome.CANT_TELL) == (explanation.reach is not Reach.LATER)


@pytest.mark.parametrize("effect", sorted({effect for each in EXPLANATIONS for effect in each.effects}))
def test_an_effect_without_its_cause_speaks(effect: str) -> None:
    """An effect alone is a failure like any other."""
    ((result,),) = explained([(failed(effect, 3),)])
    assert result == failed(effect, 3)


def test_what_a_cause_does_not_explain_speaks() -> None:
    """Who gives up where a refresh is refused, and sends one without a refresh token, makes two mistakes."""
    stuck, sent = failed("BIQ501", 4), failed("BIQ415", 4, "refresh_token")
    assert explained([(stuck,), (sent,)]) == [(stuck,), (sent,)]


def test_what_is_explained_explains_nothing_elsewhere() -> None:
    """A name that was not given is missing: that says nothing of names with odd characters in other plays."""
    _, (result,) = explained([(failed("BIQ308", 2), failed("BIQ207", 2)), (failed("BIQ301", 3),)])
    assert result.outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("cause", "effect"),
    [
        pytest.param("BIQ408", "BIQ501", id="no look at errors, and no renewal: a token that dies is not an error"),
        pytest.param("BIQ408", "BIQ827", id="nor a look at the API's answers"),
        pytest.param("BIQ701", "BIQ706", id="a token in the log, and a password in an error"),
    ],
)
def test_two_mistakes_are_told_side_by_side(cause: str, effect: str) -> None:
    """What one of them does in its run is not the reason of the other in another run."""
    _, (result,) = explained([(failed(cause, 3),), (failed(effect, 3),)])
    assert result.outcome is Outcome.FAILED


def test_a_renewal_of_no_use_says_nothing_of_refresh_tokens() -> None:
    """Who sends the old token after any renewal fails without a new refresh token as well: that is BIQ501."""
    _, (result, _) = explained([(failed("BIQ501", 3),), (failed("BIQ415", 3), failed("BIQ501", 4))])
    assert result.outcome is not Outcome.FAILED


def test_the_articles_own_demands_are_never_silenced() -> None:
    """Nothing explains 209 to 212 away."""
    own = {"BIQ209", "BIQ210", "BIQ211", "BIQ212"}
    assert own.isdisjoint(frozenset().union(*(explanation.effects for explanation in EXPLANATIONS)))
