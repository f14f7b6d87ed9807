"""The table of right but odd clients: each row has its code, and names rules that there are."""

from collections import Counter

import pytest

from blastiq_conformance.catalogue import catalogue
from tests.clients.strangers.right import RIGHT, Right
from tests.clients.strangers.right_launch import HERE


def name_of(client: Right) -> str:
    return client.name


def test_nine_languages_have_four_clients_each() -> None:
    """What is right does not depend on one language's habits, and no client stands in the table twice."""
    assert len({client.name for client in RIGHT}) == len(RIGHT)
    languages = Counter(client.language for client in RIGHT)
    assert len(languages) == 9
    assert min(languages.values()) >= 4


@pytest.mark.parametrize("client", RIGHT, ids=name_of)
def test_a_row_has_its_code(client: Right) -> None:
    """The oddity is found by its name in the code of its language; what it is due are rules that exist."""
    code = "".join(path.read_text(encoding="utf-8") for path in (HERE / client.language).iterdir() if path.is_file())
    oddity = client.name.partition("/")[2]
    spellings = (f'"{oddity}"', f"'{oddity}'", f"\n{oddity})", f"  {oddity}: ", f" {oddity}: ")
    assert any(spelling in code for spelling in spellings)
    assert {f"BIQ{number}" for number in client.warnings.split()} <= set(catalogue())
