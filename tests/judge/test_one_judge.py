"""One judge for live and recorded traffic: what a journal or a HAR can hold breaks the same rules when it is read back.

Every client that is run by `test_clients` and `test_mutants` is held to the same, by `tests.clients.verdict`.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from blastiq_conformance.catalogue import Rule
from blastiq_conformance.evidence import Evidence
from fake_idp.wire import Delivery, Ending
from tests.judge.example import read_example
from tests.judge.recorded import RULES, broken, by_journal, differences

pytestmark = [pytest.mark.slow, pytest.mark.unmeasured]

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


def live(rule: Rule) -> Evidence:
    """The bad example; one that was cut says so by Content-Length alone, and a live answer by its delivery as well."""
    evidence = read_example(rule.bad)
    if rule.id != "BIQ412":
        return evidence
    first, *others = evidence.exchanges
    assert first.response is not None
    delivery = Delivery(ending=Ending.CUT, after=len(first.response.body))
    cut = replace(first.response, delivery=delivery)
    return replace(evidence, exchanges=(replace(first, response=cut), *others))


@each_rule
def test_every_bad_example_is_judged_alike_from_its_journal(rule: Rule, tmp_path: Path) -> None:
    """What the notation of examples can say, a journal can hold."""
    evidence = live(rule)
    found = broken(evidence)
    assert rule.id in found
    assert broken(by_journal(evidence, tmp_path)) == found


@each_rule
def test_every_example_is_judged_alike_from_its_har(rule: Rule, tmp_path: Path) -> None:
    """The same findings at the same exchanges; a rule that needs more than a HAR can show does not pass."""
    assert list(differences(live(rule), tmp_path)) == []
    assert list(differences(read_example(rule.good), tmp_path)) == []
