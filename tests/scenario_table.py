"""The table of docs/spec/scenarios.md, from the scenarios themselves."""

from collections.abc import Iterator

from blastiq_conformance.scenarios import Scenario, scenarios
from blastiq_conformance.scenarios.table import WIRE


def rows() -> Iterator[str]:
    """A row for each scenario: its number, what it does to the client, the calls asked for, what it is for."""
    yield "| | scenario | what is odd | calls | is for | must not be judged by |"
    yield "|---|---|---|---|---|---|"
    linked = {""}
    for row in scenarios().values():
        anchor = "" if row.number in linked else f'<a id="{row.number.lower()}"></a>'
        linked.add(row.number)
        cells = (f"{anchor}{row.number}", f"`{row.slug}`", row.done, row.api_calls, _ids(row.rules), _without(row))
        yield f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in cells)} |"


def _without(row: Scenario) -> str:
    reasons = dict.fromkeys(row.without.values())
    excluded = {why: frozenset(rule for rule, given in row.without.items() if given == why) for why in reasons}
    return "; ".join(f"{_ids(rules)}: {why}" for why, rules in excluded.items())


def _ids(rules: frozenset[str]) -> str:
    if rules >= WIRE:
        return ", ".join(["the wire set", *sorted(rules - WIRE)])
    return ", ".join(sorted(rules))
