"""The parametrised client: `python -m tests.clients.flawed.mutant M09` has that flaw; without an argument, none."""

import os
import sys
from collections.abc import Iterator
from importlib import import_module

from tests.clients.flawed.mutants.core import Client

# It is started a thousand times, so that what many flaws do without is imported last.
_MODULES = ("form", "discovery", "transport", "tokens", "renewals", "conduct", "attended")


def flaws() -> Iterator[tuple[str, type[Client]]]:
    """Give all flaws with their names."""
    for module in _MODULES:
        for name, flaw in vars(import_module(f"tests.clients.flawed.mutants.{module}")).items():
            if isinstance(flaw, type) and issubclass(flaw, Client) and flaw is not Client:
                yield name, flaw


if __name__ == "__main__":
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    client = next((flaw for name, flaw in flaws() if name == wanted), None) if wanted else Client
    if client is None:
        sys.exit(f"no flaw is called {wanted}; there are: {' '.join(dict(flaws()))}")
    client(os.environ).main()
