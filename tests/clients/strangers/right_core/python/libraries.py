"""What popular Python libraries do by themselves, or as their documentation shows."""

from collections.abc import Generator, Mapping

import httpx
import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from tests.clients.strangers.right_core.python.client import Answer, BlastiqError, Client


class Flow(httpx.Auth):
    """httpx's custom authentication, as its documentation shows: it acts on a 401, and repeats the request once."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self.client.tokens:
            request.headers["Authorization"] = f"Bearer {self.client.tokens['access_token']}"
        response = yield request
        if response.status_code == 401:
            self.client.renew()
            request.headers["Authorization"] = f"Bearer {self.client.tokens['access_token']}"
            yield request


class ChallengeFirst(Client):
    """Calls the API without a token until it is challenged, and signs in then."""

    def run(self) -> None:
        self.demand_credentials()
        self.discover()
        with httpx.Client(auth=Flow(self), timeout=10) as self.http:
            self.work()

    def call(self) -> None:
        answer = self.patiently("GET", self.api_url, {})
        if answer.status != 200:
            raise BlastiqError(f"the API answered {answer.status}")

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        if url != self.api_url:
            return super().send(method, url, headers, body)
        try:
            answer = self.http.get(url)
        except httpx.HTTPError as problem:
            raise OSError(type(problem).__name__) from None
        return Answer(answer.status_code, answer.headers, answer.content)


class FollowsRedirects(Client):
    """requests as it comes: it follows redirects, a 307 with the form; to another origin without Authorization."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        super().__init__(environment)
        self.session = requests.Session()

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        answer = self.session.request(method, url, headers=headers, data=body, timeout=10)
        return Answer(
            answer.status_code, {name.lower(): value for name, value in answer.headers.items()}, answer.content
        )


class RetriesInTheAdapter(Client):
    """urllib3's Retry does the waiting at the identity server: at once, then after 2 s; Retry-After before its own."""

    tries = 1

    def __init__(self, environment: Mapping[str, str]) -> None:
        super().__init__(environment)
        self.session = requests.Session()
        again = Retry(
            2, status_forcelist=(500, 502, 503, 504), allowed_methods=None, backoff_factor=1, raise_on_status=False
        )
        self.session.mount(self.authority, HTTPAdapter(max_retries=again))

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        answer = self.session.request(method, url, headers=headers, data=body, timeout=10, allow_redirects=False)
        return Answer(
            answer.status_code, {name.lower(): value for name, value in answer.headers.items()}, answer.content
        )


ODDITIES: dict[str, type[Client]] = {
    "challenge-first": ChallengeFirst,
    "follows-redirects": FollowsRedirects,
    "retries-in-the-adapter": RetriesInTheAdapter,
}
