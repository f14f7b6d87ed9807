"""Starts the client of the name that it is given."""

import os
import sys

from tests.clients.strangers.right_core.python.oddities import ODDITIES

if sys.argv[1] not in ODDITIES:
    # Those that use a library, which need not be there for the others.
    from tests.clients.strangers.right_core.python.libraries import ODDITIES

ODDITIES[sys.argv[1]](os.environ).main()
