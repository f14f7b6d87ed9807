"""The table of facts as data: `docs/spec/facts.md`, which people read, is what the tests go by."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fake_idp.server_config import Flavour
from tests.fake_idp.recorded import API, RECORDINGS, Recording

TABLE = Path(__file__).parents[2] / "docs" / "spec" / "facts.md"
_PRODUCTS = {"4.1.2": Flavour.IS4, "2.3.0": Flavour.IS4_V2, "Duende": Flavour.DUENDE}
_ELSEWHERE = "server.md 0, observed: "
_WANTED = "wanted: "
_CELL = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A row: what some products do, what shows it, and where; `test` holds it where no recording does."""

    products: tuple[str, ...]
    text: str
    traits: tuple[str, ...]
    questions: tuple[str, ...]
    test: str

    @property
    def is_wanted(self) -> bool:
        """Whether it says where the fake differs on purpose."""
        return self.text.startswith(_WANTED)

    def __str__(self) -> str:
        """Name it, for a test's id."""
        return f"{' '.join(self.products)} {self.text}"

    def recordings(self) -> Iterator[Recording]:
        """Give the recordings of its products."""
        for recording in RECORDINGS:
            if recording.name == API:
                named = self.products == ("API",)
            else:
                named = any(_PRODUCTS.get(product) is recording.flavour for product in self.products)
            if named:
                yield recording


@cache
def read_facts() -> tuple[Fact, ...]:
    """Read the table."""
    rows = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return tuple(_fact(row) for row in rows[1:])


def _fact(row: str) -> Fact:
    product, text, shows, source, asked = (cell.strip() for cell in _CELL.split(row)[1:-1])
    assert source, row
    products = tuple(_PRODUCTS) if product == "all" else tuple(product.split(", "))
    assert set(products) <= {*_PRODUCTS, "API"}, row
    traits = tuple(trait.replace(r"\|", "|") for trait in re.findall(r"`([^`]+)`", shows))
    test = asked.removeprefix(_ELSEWHERE) if asked.startswith(_ELSEWHERE) else ""
    questions = () if test else tuple(_names(asked))
    return Fact(products=products, text=text, traits=traits, questions=questions, test=test)


def _names(asked: str) -> Iterator[str]:
    # A media type in the name of a question has a semicolon of its own.
    name = ""
    for piece in asked.split("; "):
        if piece.startswith("charset="):
            name += "; " + piece
            continue
        if name:
            yield name
        name = piece
    yield name
