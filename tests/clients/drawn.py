"""Which scenarios the tests play of a client beside those of its row: three, drawn anew for no run but by its name."""

from random import Random

from blastiq_conformance.scenarios import scenarios

_SEED = "2026-11"
_DRAWN = 3
# Some are played in many ways, and in some a client waits for long: no three are drawn that take more plays than this,
# and none that takes more seconds.
_MOST = 4
_LONGEST = 3.0


def drawn(client: str, *, attended: bool = False) -> list[str]:
    """Give three scenarios that any client of this flow can be played in."""
    plays = {
        slug: len(scenario.variants)
        for slug, scenario in scenarios().items()
        if scenario.attended is attended
        and (attended or scenario.needs is None)
        and not scenario.slow
        and len(scenario.variants) <= _MOST
        and scenario.seconds <= _LONGEST
        # It plays all others once more, and is in the rows that it is for.
        and slug != "special-characters"
    }
    random = Random(f"{_SEED} {client}")
    while sum(map(plays.__getitem__, three := random.sample(list(plays), _DRAWN))) > _MOST:
        pass
    return three
