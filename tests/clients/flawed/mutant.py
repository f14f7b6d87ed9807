"""The parametrised client: `python -m tests.clients.flawed.mutant M09` has that flaw; without an argument, none."""

import os
import sys

from tests.clients.flawed.mutants import attended, conduct, discovery, form, tokens, transport
from tests.clients.flawed.mutants.core import Client

FLAWS: dict[str, type[Client]] = {
    name: flaw
    for module in (form, discovery, transport, tokens, conduct, attended)
    for name, flaw in vars(module).items()
    if isinstance(flaw, type) and issubclass(flaw, Client) and flaw is not Client
}


if __name__ == "__main__":
    flaw = sys.argv[1] if len(sys.argv) > 1 else ""
    if flaw and flaw not in FLAWS:
        sys.exit(f"no flaw is called {flaw}; there are: {' '.join(FLAWS)}")
    FLAWS.get(flaw, Client)(os.environ).main()
