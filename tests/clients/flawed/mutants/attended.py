"""Flaws where a person signs in (M68, M69, and of the kit's own M71 to M73)."""

import sys
from collections.abc import Mapping

from tests.clients.flawed.mutants import attended_core
from tests.clients.flawed.mutants.core import Answer, BlastiqError, Client, Form


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


class M71(attended_core.AttendedClient):
    """A state is sent, and not compared with the one that comes back."""

    def check_answer(self, answer: dict[str, str]) -> None:
        pass


class M72(attended_core.AttendedClient):
    """A sign-in that a person refused, or that failed, is swallowed: exit status 0."""

    def run(self) -> None:
        try:
            super().run()
        except BlastiqError as problem:
            sys.stderr.write(f"BlastIQ: {problem}\n")


class M73(attended_core.AttendedClient):
    """A code that was refused is sent a second time."""

    def ask(self, form: Form, headers: Mapping[str, str] | None = None) -> Answer:
        answer = super().ask(form, headers)
        return super().ask(form, headers) if answer.status == 400 else answer
