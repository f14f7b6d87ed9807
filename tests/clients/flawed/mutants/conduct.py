"""Flaws of conduct: retries, secrets that leak, failures that are hidden (M53 to M66, M77)."""

import io
import sys
import time
from collections.abc import Mapping
from typing import Any

from tests.clients.flawed.mutants.core import Answer, BlastiqError, Client, Form
from tests.clients.flawed.mutants.form import basic


class M53(Client):
    """A refused password is tried again and again."""

    def sign_in(self) -> None:
        answer = self.ask(self.sign_in_form())
        for _ in range(4):
            if answer.status == 400:
                answer = self.ask(self.sign_in_form())
        self.tokens = {}
        self.keep(answer)


class M54(Client):
    """A refused password is tried a second time, with another way to say the client id."""

    def sign_in(self) -> None:
        answer = self.ask(self.sign_in_form())
        if answer.status == 400:
            answer = self.ask(self.sign_in_form(), basic(self.client_id, ""))
        self.tokens = {}
        self.keep(answer)


class M55(Client):
    """401 is answered with renewals without end (here: six)."""

    def call(self) -> None:
        answer = self.get_api()
        for _ in range(6):
            if answer.status == 401:
                self.renew()
                answer = self.get_api()
        if answer.status != 200:
            raise BlastiqError(f"the API answered {answer.status}")


class M56(Client):
    """Retry-After is not read."""

    def send(self, method: str, url: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        answer = super().send(method, url, body=body, headers=headers)
        for _ in range(6):
            if answer.status not in {429, 503}:
                break
            time.sleep(0.1)
            answer = super().send(method, url, body=body, headers=headers)
        return answer


class M57(Client):
    """It waits for ever."""

    timeout = None


class M58(Client):
    """The form goes to the log."""

    def encode(self, form: Form) -> bytes:
        sys.stderr.write(f"DEBUG token request {form}\n")
        return super().encode(form)


class M59(Client):
    """The token answer goes to the log."""

    def read(self, answer: Answer) -> dict[str, Any]:
        sys.stdout.write(f"token answer {answer.body.decode(errors='replace')}\n")
        return super().read(answer)


class M60(Client):
    """The tokens are kept in a file that all may read."""

    def keep(self, answer: Answer) -> None:
        super().keep(answer)
        import tempfile
        from pathlib import Path

        cache = Path(tempfile.gettempdir(), "blastiq-token")
        cache.write_text(self.tokens["access_token"])
        cache.chmod(0o644)


class M61(Client):
    """The access token travels in the query."""

    def get_api(self) -> Answer:
        return self.send("GET", f"{self.api_url}?access_token={self.tokens['access_token']}")


class M62(Client):
    """The access token goes to every address."""

    def send(self, method: str, url: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        everywhere = self.authorization() if self.tokens else {}
        return super().send(method, url, body=body, headers={**(headers or {}), **everywhere})


class M63(Client):
    """A user and a password of its own are built in."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        super().__init__(environment)
        self.username, self.password = "integration@vendor.example", "built-in-secret-of-2019"


class M64(Client):
    """The password is an argument of another process, and part of the error text."""

    def sign_in(self) -> None:
        pause = [sys.executable, "-c", "import time; time.sleep(1)", f"--password={self.password}"]
        import subprocess

        subprocess.run(pause, check=True)
        try:
            super().sign_in()
        except BlastiqError as problem:
            raise BlastiqError(f"{problem} for {self.sign_in_form()}") from None


class M65(Client):
    """All API calls at once."""

    def work(self) -> None:
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(25) as pool:
            for done in [pool.submit(self.call) for _ in range(self.calls)]:
                done.result()


class M66(Client):
    """A failure is swallowed: exit status 0."""

    def main(self) -> None:
        try:
            super().main()
        except SystemExit:
            sys.exit(0)


class M77(Client):
    """A form is a stream, which is empty when it is sent again after an error of the server."""

    def ask(self, form: Form, headers: Mapping[str, str] | None = None) -> Answer:
        stream = io.BytesIO(self.encode(form))
        headers = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        answer = self.send("POST", self.endpoint, body=stream.read(), headers=headers)
        if answer.status >= 500:
            time.sleep(3)
            answer = self.send("POST", self.endpoint, body=stream.read(), headers=headers)
        return answer
