"""Flaws of discovery (M25 to M30)."""

from collections.abc import Mapping
from typing import Any

from tests.clients.flawed.mutants.core import BlastiqError, Client


class M25(Client):
    """The token endpoint is written down, not discovered."""

    def discover(self) -> str:
        return f"{self.authority}/connect/token"


class M26(Client):
    """Discovery again for each call."""

    def call(self) -> None:
        self.endpoint = self.discover()
        super().call()


class M27(Client):
    """An authority that ends in a slash gives a path with two."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        super().__init__(environment)
        self.authority = environment["BLASTIQ_AUTHORITY"]


class M28(Client):
    """The issuer is not compared."""

    def check_issuer(self, issuer: str) -> None:
        pass


class M30(Client):
    """Where discovery fails, the endpoint is guessed."""

    def fetch_document(self) -> dict[str, Any]:
        try:
            return super().fetch_document()
        except BlastiqError:
            return {"issuer": self.authority, "token_endpoint": f"{self.authority}/connect/token"}
