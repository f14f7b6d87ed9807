"""Flaws where a person signs in (M68, M69)."""

from tests.clients.flawed.mutants import attended_core
from tests.clients.flawed.mutants.core import Client, Form


class M68(Client):
    """A program with a person in front of it signs in by the password grant."""


class M69(attended_core.AttendedClient):
    """Neither PKCE nor state binds the answer to the request."""

    def asked(self) -> dict[str, str]:
        loose = {"state", "code_challenge", "code_challenge_method"}
        return {name: value for name, value in super().asked().items() if name not in loose}

    def exchange(self, code: str) -> Form:
        return [(name, value) for name, value in super().exchange(code) if name != "code_verifier"]

    def check_answer(self, answer: dict[str, str]) -> None:
        pass
