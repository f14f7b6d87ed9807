"""A right client of the standard library; each method is a seam for one oddity."""

import json
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

FORM = "application/x-www-form-urlencoded"


class BlastiqError(Exception):
    """What ends the program; its text holds no secret."""


class TooLateError(Exception):
    """An exchange took longer than the client waits; no OSError, so that no library takes it for one of its own."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        try:
            return json.loads(self.body)
        except ValueError:
            raise BlastiqError("the answer is not JSON") from None


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """End what runs inside after so long, however slowly bytes drip; one outside stands still meanwhile."""

    def ring(*_: object) -> None:
        raise TooLateError("no whole answer in time")

    signal.signal(signal.SIGALRM, ring)
    outside, _ = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, outside)


class Client:
    """Signs in, calls the API, renews on 401."""

    tries = 3

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.authority = environment["BLASTIQ_AUTHORITY"].removesuffix("/")
        self.api_url = environment["BLASTIQ_API_URL"]
        self.client_id = environment["BLASTIQ_CLIENT_ID"]
        self.username = environment.get("BLASTIQ_USERNAME", "")
        self.password = environment.get("BLASTIQ_PASSWORD", "")
        self.calls = int(environment["BLASTIQ_API_CALLS"])
        self.endpoint = ""
        self.tokens: dict[str, Any] = {}

    def main(self) -> None:
        try:
            self.run()
        except BlastiqError as problem:
            sys.exit(f"BlastIQ: {problem}")

    def run(self) -> None:
        self.demand_credentials()
        self.discover()
        self.sign_in()
        self.work()

    def work(self) -> None:
        for call in range(self.calls):
            time.sleep(1 if call else 0)
            self.call()

    def demand_credentials(self) -> None:
        if not (self.username and self.password):
            raise BlastiqError("set BLASTIQ_USERNAME and BLASTIQ_PASSWORD")

    def discover(self) -> None:
        answer = self.patiently("GET", f"{self.authority}/.well-known/openid-configuration", {})
        document = answer.json() if answer.status == 200 else None
        if not isinstance(document, dict):
            raise BlastiqError(f"no discovery document: {answer.status}")
        if str(document.get("issuer")).removesuffix("/") != self.authority:
            raise BlastiqError("the issuer is not the authority")
        self.endpoint = str(document.get("token_endpoint") or "")
        if not self.endpoint or urlsplit(self.authority).scheme == "https" != urlsplit(self.endpoint).scheme:
            raise BlastiqError("discovery names no token endpoint that may be used")

    def sign_in(self) -> None:
        grant = {"grant_type": "password", "username": self.username, "password": self.password}
        answer = self.ask(grant)
        if answer.status != 200:
            raise BlastiqError(f"the sign-in was answered {answer.status}")
        self.tokens = {}
        self.keep(answer)

    def renew(self) -> None:
        refresh = self.tokens.get("refresh_token")
        answer = self.ask({"grant_type": "refresh_token", "refresh_token": refresh}) if refresh else None
        if answer is None or answer.status == 400:
            return self.sign_in()
        if answer.status != 200:
            raise BlastiqError(f"the refresh was answered {answer.status}")
        return self.keep(answer)

    def ask(self, grant: dict[str, Any]) -> Answer:
        body = urlencode({**grant, "client_id": self.client_id}).encode()
        return self.patiently("POST", self.endpoint, {"Content-Type": FORM}, body)

    def keep(self, answer: Answer) -> None:
        tokens = answer.json()
        if (
            not isinstance(tokens, dict)
            or not isinstance(tokens.get("access_token"), str)
            or not tokens["access_token"]
        ):
            raise BlastiqError("the answer holds no access token")
        if str(tokens.get("token_type")).lower() != "bearer":
            raise BlastiqError("the token is not a bearer token")
        self.tokens |= tokens

    def call(self) -> None:
        answer = self.get_api()
        if answer.status == 401:
            self.renew()
            answer = self.get_api()
        if answer.status != 200:
            raise BlastiqError(f"the API answered {answer.status}")

    def get_api(self) -> Answer:
        return self.patiently("GET", self.api_url, {"Authorization": f"Bearer {self.tokens['access_token']}"})

    def patiently(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        """Try three times at most, with growing pauses: RFC 9110 10.2.3 for those that the server asks for."""
        for tried in range(1, self.tries + 1):
            pause = 2.0 ** (tried - 1)
            try:
                with deadline(10):
                    answer = self.send(method, url, headers, body)
            except (OSError, HTTPException, TooLateError) as problem:
                if tried == self.tries:
                    raise BlastiqError(f"no answer: {type(problem).__name__}") from None
            else:
                pause = self.wanted_pause(answer, pause)
                if (answer.status != 429 and answer.status < 500) or tried == self.tries or pause > 30:
                    return answer
            time.sleep(pause)
        raise AssertionError

    def wanted_pause(self, answer: Answer, own: float) -> float:
        asked = answer.headers.get("retry-after", "")
        if asked.isdigit():
            return float(asked)
        try:
            return max(own, parsedate_to_datetime(asked).timestamp() - time.time())
        except ValueError:
            return 2 * own if answer.status == 429 else own

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        """One exchange on a connection of its own; no redirect is followed."""
        parts = urlsplit(url)
        connection = (HTTPSConnection if parts.scheme == "https" else self.plain)(parts.netloc, timeout=10)
        try:
            connection.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), body, dict(headers))
            response = connection.getresponse()
            fields = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, fields, response.read())
        finally:
            connection.close()

    plain: type[HTTPConnection] = HTTPConnection
