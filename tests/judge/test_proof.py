"""The proof is of these clients: docs/proof.json says of each whether its row held when it was played whole."""

import json
import re

from tests.clients.prove import RESULT
from tests.clients.rows import rows


def test_the_proof_knows_these_clients_and_no_other() -> None:
    """Each with the commit that it was proved on, or with nothing where it was not: `python -m tests.clients.prove`."""
    result = json.loads(RESULT.read_text(encoding="utf-8"))
    assert list(result) == [row.name for row in rows()]
    assert all(re.fullmatch(r"([0-9a-f]{40})?", commit) for commit in result.values())
