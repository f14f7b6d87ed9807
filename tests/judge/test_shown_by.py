"""Something must show each rule its subject: a scenario, any sign-in, a virtual clock, or a scan."""

import pytest

from blastiq_conformance.catalogue import Rule, ShownBy, catalogue
from blastiq_conformance.scenarios import scenarios

ROWS = scenarios().values()


@pytest.mark.parametrize("rule", catalogue().values(), ids=lambda rule: rule.id)
def test_every_rule_is_shown_by_what_it_says(rule: Rule) -> None:
    """A rule that nothing shows would never speak; one that a scenario is for is not shown elsewhere alone."""
    rows = [row.slug for row in ROWS if rule.id in row.rules]
    if rule.shown_by in {ShownBy.SCENARIO, ShownBy.ANY_SIGN_IN}:
        assert rows, (
            f"no scenario is for {rule.id} {rule.name}: add it to `rules` of the row in scenarios/table.py that shows "
            "its subject; or say shown_by=ShownBy.ANY_SIGN_IN in the rule if every sign-in shows it, "
            "ShownBy.IN_PROCESS or ShownBy.SCAN if no scenario can"
        )
    else:
        assert not rows, (
            f"{rule.id} {rule.name} says shown_by={rule.shown_by!r}, but the scenarios {', '.join(rows)} are for it: "
            "leave shown_by out of the rule"
        )
