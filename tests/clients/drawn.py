"""Which scenarios the tests play of a client beside those of its row: three, drawn anew for no run but by its name."""

from random import Random

from blastiq_conformance.scenarios import scenarios

_SEED = "2026-11"
_DRAWN = 3
_MOST = 6


def drawn(client: str, *, attended: bool = False) -> list[str]:
    """Give three scenarios that any client of this flow can be played in."""
    known = [
        slug
        for slug, scenario in scenarios().items()
        if scenario.attended is attended
        and (attended or scenario.needs is None)
        and not scenario.slow
        # What is played in many ways takes as long as all others together, and is in the rows that it is for.
        and len(scenario.variants) <= _MOST
        and slug != "special-characters"
    ]
    return Random(f"{_SEED} {client}").sample(known, _DRAWN)
