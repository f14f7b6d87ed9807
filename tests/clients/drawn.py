"""Which scenarios the tests play of a client beside those of its row: three, drawn anew for no run but by its name."""

from random import Random

from blastiq_conformance.scenarios import scenarios

_SEED = "2026-11"
_DRAWN = 3
# Some are played in many ways, and take as long as ten others: no three are drawn that take more plays than this.
_MOST = 4


def drawn(client: str, *, attended: bool = False) -> list[str]:
    """Give three scenarios that any client of this flow can be played in."""
    plays = {
        slug: len(scenario.variants)
        for slug, scenario in scenarios().items()
        if scenario.attended is attended
        and (attended or scenario.needs is None)
        and not scenario.slow
        and len(scenario.variants) <= _MOST
        # It plays all others once more, and is in the rows that it is for.
        and slug != "special-characters"
    }
    random = Random(f"{_SEED} {client}")
    while sum(map(plays.__getitem__, three := random.sample(list(plays), _DRAWN))) > _MOST:
        pass
    return three
