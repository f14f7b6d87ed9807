"""The clean core: it signs in, calls the API and renews as the article asks; each method is a seam for one flaw."""

import json
import os
import sys
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from tests.clients.flawed.mutants.connection import Connection, GarbledError

if TYPE_CHECKING:
    from ssl import SSLContext

Form = list[tuple[str, str]]


class BlastiqError(Exception):
    """Anything that ends the program; its text holds no secret."""


class Answer:
    """What came back."""

    def __init__(self, status: int, body: bytes, location: str = "") -> None:
        self.status = status
        self.body = body
        self.location = location

    def json(self) -> Any:
        try:
            return json.loads(self.body)
        except ValueError:
            raise BlastiqError("the answer is not JSON") from None


def _proxy(scheme: str, host: str) -> str:
    """Give the proxy that the environment names for this host, or nothing."""
    if f"{scheme}_proxy" not in map(str.lower, os.environ):
        return ""
    # Only now: it takes as long to import as half of the rest, and few are told of a proxy.
    from urllib.request import getproxies, proxy_bypass

    return "" if proxy_bypass(host) else urlsplit(getproxies().get(scheme, "")).netloc


class Client:
    """Standard library alone; reads the environment that the kit gives."""

    timeout: float | None = 10

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.authority = environment["BLASTIQ_AUTHORITY"].rstrip("/")
        self.api_url = environment["BLASTIQ_API_URL"]
        self.client_id = environment["BLASTIQ_CLIENT_ID"]
        self.username = environment["BLASTIQ_USERNAME"]
        self.password = environment["BLASTIQ_PASSWORD"]
        self.calls = int(environment["BLASTIQ_API_CALLS"])
        self.concurrency = int(environment.get("BLASTIQ_CONCURRENCY") or 1)
        self.endpoint = ""
        self.tokens: dict[str, Any] = {}

    def main(self) -> None:
        """Run and turn whatever goes wrong into one line and exit status 1."""
        try:
            self.run()
        except (BlastiqError, OSError, GarbledError) as problem:
            sys.exit(f"BlastIQ: {problem}")

    def run(self) -> None:
        if not (self.username and self.password):
            raise BlastiqError("set BLASTIQ_USERNAME and BLASTIQ_PASSWORD")
        self.endpoint = self.discover()
        self.sign_in()
        self.work()

    def work(self) -> None:
        for call in range(self.calls):
            time.sleep(1 if call else 0)
            self.call()

    def send(self, method: str, url: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        return self.deliver(method, url, body, list((headers or {}).items()))

    def deliver(self, method: str, url: str, body: bytes, headers: Form) -> Answer:
        """Send it, through a proxy where the environment names one; a list of headers may have a name twice."""
        parts = urlsplit(url)
        connection = Connection(
            f"{parts.scheme}://{parts.netloc}",
            timeout=self.timeout,
            proxy=_proxy(parts.scheme, parts.netloc),
            context=None if parts.scheme == "http" else self.trust(),
        )
        try:
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            response = connection.request(method, target, body, headers)
            return Answer(response.status, response.body, response.headers.get("location", ""))
        finally:
            connection.close()

    def trust(self) -> "SSLContext":
        import ssl  # few are led to TLS

        return ssl.create_default_context()

    def discover(self) -> str:
        document = self.fetch_document()
        self.check_issuer(str(document.get("issuer")))
        self.check_endpoint(str(document["token_endpoint"]))
        return str(document["token_endpoint"])

    def fetch_document(self) -> dict[str, Any]:
        answer = self.send("GET", f"{self.authority}/.well-known/openid-configuration")
        document = answer.json() if answer.status == 200 else None
        if not isinstance(document, dict) or not document.get("token_endpoint"):
            raise BlastiqError(f"no discovery document: {answer.status}")
        return document

    def check_issuer(self, issuer: str) -> None:
        if issuer.rstrip("/") != self.authority.rstrip("/"):
            raise BlastiqError("the issuer is not the authority")

    def check_endpoint(self, endpoint: str) -> None:
        if self.authority.startswith("https:") and not endpoint.startswith("https:"):
            raise BlastiqError("the token endpoint is not an https:// address")

    def sign_in_form(self) -> Form:
        return [
            ("grant_type", "password"),
            ("username", self.username),
            ("password", self.password),
            ("client_id", self.client_id),
        ]

    def refresh_form(self) -> Form:
        refresh = str(self.tokens["refresh_token"])
        return [("grant_type", "refresh_token"), ("refresh_token", refresh), ("client_id", self.client_id)]

    def sign_in_headers(self) -> dict[str, str]:
        return {}

    def encode(self, form: Form) -> bytes:
        return urlencode(form).encode()

    def ask(self, form: Form, headers: Mapping[str, str] | None = None) -> Answer:
        headers = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        return self.send("POST", self.endpoint, body=self.encode(form), headers=headers)

    def sign_in(self) -> None:
        answer = self.ask(self.sign_in_form(), self.sign_in_headers())
        self.tokens = {}
        self.keep(answer)

    def renew(self) -> None:
        if not self.tokens.get("refresh_token"):
            return self.sign_in()
        answer = self.ask(self.refresh_form())
        if answer.status == 400:
            return self.sign_in()
        return self.keep(answer)

    def keep(self, answer: Answer) -> None:
        tokens = self.read(answer)
        self.check_tokens(tokens)
        # A refresh token stays in force where the answer brings no new one.
        self.tokens |= tokens

    def read(self, answer: Answer) -> dict[str, Any]:
        if answer.status != 200:
            raise BlastiqError(f"the token endpoint answered {answer.status}")
        tokens = answer.json()
        if not isinstance(tokens, dict):
            raise BlastiqError("the token answer is not a JSON object")
        return tokens

    def check_tokens(self, tokens: dict[str, Any]) -> None:
        if not tokens.get("access_token") or str(tokens.get("token_type")).lower() != "bearer":
            raise BlastiqError("the answer holds no bearer token")

    def authorization(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens['access_token']}"}

    def get_api(self) -> Answer:
        return self.send("GET", self.api_url, headers=self.authorization())

    def call(self) -> None:
        answer = self.get_api()
        if answer.status == 401:
            self.renew()
            answer = self.get_api()
        if answer.status != 200:
            raise BlastiqError(f"the API answered {answer.status}")
