"""The proof is of these clients: docs/proof.json is written by a run of all of them in which every row held."""

import json
import re

from blastiq_conformance.catalogue import catalogue
from tests.clients.prove import RESULT
from tests.clients.rows import rows


def test_the_proof_was_run_on_these_clients() -> None:
    """A client that was added, renamed or dropped since is not proved: `python -m tests.clients.prove`."""
    result = json.loads(RESULT.read_text(encoding="utf-8"))
    assert result["clients"] == [row.name for row in rows()]
    assert result["rules"] == len(catalogue())
    assert re.fullmatch(r"[0-9a-f]{40}", result["commit"])
